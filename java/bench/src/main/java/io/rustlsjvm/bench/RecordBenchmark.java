package io.rustlsjvm.bench;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.IntFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Seals a record and opens it again; both ends on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
public class RecordBenchmark {
  /** Name of a {@link Peer}. */
  @Param({"JDK", "JDK_ACCP", "OPENSSL", "CONSCRYPT", "RUSTLS"})
  public String peer;

  /** TLS version. */
  @Param({"TLSv1.2", "TLSv1.3"})
  public String protocol;

  /** AEAD. */
  @Param({"AES_128_GCM", "AES_256_GCM", "CHACHA20_POLY1305"})
  public String cipher;

  /** Where all buffers lie: {@code direct} or {@code heap}. */
  @Param({"direct", "heap"})
  public String buffers;

  /** Plaintext of a record in bytes. */
  @Param({"16384", "256"})
  public int size;

  private EnginePair pair;
  private ByteBuffer source;
  private ByteBuffer wire;
  private ByteBuffer target;

  /** Shakes hands, and sees that the bytes come through. */
  @Setup
  public void setUp() throws Exception {
    TlsSetup setup = new TlsSetup(protocol, cipher, KeyType.RSA_2048);
    Endpoints endpoints = Peer.valueOf(peer).endpoints(setup);
    IntFunction<ByteBuffer> allocate =
        buffers.equals("heap") ? ByteBuffer::allocate : ByteBuffer::allocateDirect;
    pair =
        new EnginePair(
            endpoints.client(false), endpoints.server(), new EnginePair.Buffers(allocate));
    pair.handshake();
    pair.requireSetup(setup);
    byte[] content = new byte[size];
    new Random(42).nextBytes(content);
    source = allocate.apply(size).put(content).flip();
    wire = allocate.apply(EnginePair.ROOM);
    target = allocate.apply(EnginePair.ROOM);
    pair.transfer(source, wire, target);
    target.flip();
    if (!target.equals(source.duplicate().limit(target.remaining()))) {
      throw new IllegalStateException("other bytes arrived");
    }
  }

  /** One record. */
  @Benchmark
  public ByteBuffer sealAndOpen() throws Exception {
    pair.transfer(source, wire, target);
    return target;
  }
}
