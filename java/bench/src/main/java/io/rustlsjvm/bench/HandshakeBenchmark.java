package io.rustlsjvm.bench;

import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Makes a connection with certificates on both ends, and closes it; both ends on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
public class HandshakeBenchmark {
  /** Name of a {@link Peer}. */
  @Param({"JDK", "JDK_ACCP", "OPENSSL", "CONSCRYPT", "RUSTLS"})
  public String peer;

  /** TLS version. */
  @Param({"TLSv1.2", "TLSv1.3"})
  public String protocol;

  /** Name of a {@link KeyType}. */
  @Param({"RSA_2048", "RSA_4096", "P_256"})
  public String key;

  /** {@code full} or {@code resumed}. */
  @Param({"full", "resumed"})
  public String kind;

  /** Key exchange: {@code x25519}, or what only RUSTLS has. */
  @Param({TlsSetup.X25519})
  public String group;

  private Endpoints endpoints;
  private EnginePair.Buffers buffers;
  private boolean resumable;

  /** Sees that sessions are resumed where they should be, and nowhere else. */
  @Setup
  public void setUp() throws Exception {
    endpoints =
        Peer.valueOf(peer)
            .endpoints(new TlsSetup(protocol, "AES_128_GCM", KeyType.valueOf(key), group));
    buffers = new EnginePair.Buffers(ByteBuffer::allocateDirect);
    resumable = kind.equals("resumed");
    long first = connect();
    for (int i = 0; i < 3; i++) {
      boolean resumed = isResumed(first);
      if (resumed != resumable) {
        throw new IllegalStateException("The handshake is not " + kind);
      }
    }
  }

  /**
   * Whether another handshake is resumed: it carries no certificates, and so is shorter. But the
   * JDK's tickets have them inside; its sessions are as old as the first of them.
   */
  private boolean isResumed(long bytesOfFirst) throws Exception {
    Thread.sleep(10);
    long now = System.currentTimeMillis();
    EnginePair pair = new EnginePair(endpoints.client(resumable), endpoints.server(), buffers);
    long bytes = pair.handshake();
    boolean old = pair.client.getSession().getCreationTime() < now;
    pair.close();
    return peer.startsWith("JDK") ? old : bytes < bytesOfFirst * 3 / 4;
  }

  /** One connection. */
  @Benchmark
  public long connect() throws Exception {
    EnginePair pair = new EnginePair(endpoints.client(resumable), endpoints.server(), buffers);
    long bytes = pair.handshake();
    pair.close();
    return bytes;
  }
}
