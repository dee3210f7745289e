package io.rustlsjvm.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.util.Random;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Streams through sockets as Flink's BLOB service does: 64 KiB arrays, one thread at each end. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
public class SocketBenchmark {
  private static final int WRITE = 64 * 1024;
  private static final int WRITES = 128;

  /** Name of a {@link Peer} that has sockets. */
  @Param({"JDK", "JDK_ACCP", "CONSCRYPT", "RUSTLS"})
  public String peer;

  /** TLS version. */
  @Param({"TLSv1.2", "TLSv1.3"})
  public String protocol;

  private final byte[] data = new byte[WRITE];
  private SSLServerSocket listener;
  private SSLSocket client;
  private InputStream in;
  private OutputStream out;

  /** Connects. */
  @Setup
  public void setUp() throws Exception {
    new Random(42).nextBytes(data);
    TlsSetup setup = new TlsSetup(protocol, "AES_128_GCM", KeyType.RSA_2048);
    Endpoints endpoints = Peer.valueOf(peer).endpoints(setup);
    InetAddress here = InetAddress.getLoopbackAddress();
    listener =
        (SSLServerSocket)
            endpoints.sockets(false).getServerSocketFactory().createServerSocket(0, 1, here);
    listener.setEnabledProtocols(setup.protocols());
    listener.setEnabledCipherSuites(setup.suites());
    listener.setNeedClientAuth(true);
    Thread reader = new Thread(this::read, "reader");
    reader.setDaemon(true);
    reader.start();
    client =
        (SSLSocket)
            endpoints.sockets(true).getSocketFactory().createSocket(here, listener.getLocalPort());
    client.setEnabledProtocols(setup.protocols());
    client.setEnabledCipherSuites(setup.suites());
    client.setSoTimeout(60_000);
    in = client.getInputStream();
    out = client.getOutputStream();
  }

  private void read() {
    byte[] buffer = new byte[WRITE];
    try (SSLSocket socket = (SSLSocket) listener.accept()) {
      InputStream from = socket.getInputStream();
      OutputStream answer = socket.getOutputStream();
      long bytes = 0;
      for (int count; (count = from.read(buffer)) >= 0; ) {
        bytes += count;
        while (bytes >= (long) WRITES * WRITE) {
          bytes -= (long) WRITES * WRITE;
          answer.write(1);
        }
      }
    } catch (IOException e) {
      if (!listener.isClosed()) {
        e.printStackTrace();
      }
    }
  }

  /** Closes the connection. */
  @TearDown
  public void tearDown() throws IOException {
    listener.close();
    client.close();
  }

  /** One write of 64 KiB, sent and received; counted in batches that are acknowledged. */
  @Benchmark
  @OperationsPerInvocation(WRITES)
  public void write() throws IOException {
    for (int i = 0; i < WRITES; i++) {
      out.write(data);
    }
    if (in.read() != 1) {
      throw new IOException("not acknowledged");
    }
  }
}
