package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A peer that changes its keys all the time, RFC 8446 §4.6.3, as the JDK does it after so many
 * bytes: long streams go on, in both directions, and nobody sees more than their data.
 */
class KeyUpdateTest {
  /** Bytes after which the JDK changes its key: 2^18. */
  private static final String LIMITS = "jdk.tls.keyLimits=AES/GCM/NoPadding KeyUpdate 2^18";

  @Test
  void bulkDataOutlivesTheJdksKeyUpdates(@TempDir Path folder) throws Exception {
    Path properties = Files.writeString(folder.resolve("limits"), LIMITS);
    ChildJvm child = ChildJvm.run(Program.class, "-Djava.security.properties=" + properties);
    assertThat(child.exit).as(child.output).isZero();
    assertThat(child.output).contains("client ok", "server ok", "sockets ok");
  }

  /** Needs a JVM of its own: the JDK reads its limits once. */
  static final class Program {
    private static final int ROUNDS = 100;
    private static final int CHUNK = 100_000;

    /** KeyUpdate, inner type, the padding that the JDK adds, tag. */
    private static final int KEY_UPDATE_FRAGMENT = 5 + 1 + 16 + 16;

    private Program() {}

    public static void main(String[] args) throws Exception {
      engines(TestContexts.STORES, TestContexts.JDK);
      System.out.println("client ok");
      engines(TestContexts.JDK, TestContexts.STORES);
      System.out.println("server ok");
      sockets(TestContexts.STORES.client(), TestContexts.JDK.server());
      sockets(TestContexts.JDK.client(), TestContexts.STORES.server());
      System.out.println("sockets ok");
    }

    private static void engines(TestContexts client, TestContexts server) throws SSLException {
      EnginePair pair =
          EnginePair.of(client.client(), server.server()).protocols("TLSv1.3").handshake();
      int[] updates = new int[2];
      for (int round = 0; round < ROUNDS; round++) {
        updates[0] += carry(pair, pair.client, pair.server, round);
        updates[1] += carry(pair, pair.server, pair.client, round);
      }
      // Each 2^18 bytes of the JDK's one, and ours answer each.
      assertThat(updates[0]).as("the client's KeyUpdates").isGreaterThanOrEqualTo(30);
      assertThat(updates[1]).as("the server's KeyUpdates").isGreaterThanOrEqualTo(30);
    }

    /** Moves a chunk of data; returns how many records are no longer than a KeyUpdate. */
    private static int carry(EnginePair pair, SSLEngine from, SSLEngine to, int seed)
        throws SSLException {
      byte[] data = EnginePair.pattern(CHUNK, seed);
      // The JDK takes no data in the call that writes a KeyUpdate.
      for (ByteBuffer source = ByteBuffer.wrap(data); source.hasRemaining(); ) {
        assertThat(EnginePair.wrap(from, source, pair.wireFrom(from)).bytesProduced()).isPositive();
      }
      ByteBuffer wire = pair.wireFrom(from).duplicate();
      int updates = 0;
      while (wire.hasRemaining()) {
        int length = wire.getShort(wire.position() + 3) & 0xffff;
        updates += length <= KEY_UPDATE_FRAGMENT ? 1 : 0;
        wire.position(wire.position() + 5 + length);
      }
      assertThat(pair.receive(to)).isEqualTo(data);
      return updates;
    }

    private static void sockets(SSLContext client, SSLContext server) throws Exception {
      try (SSLServerSocket listener =
          (SSLServerSocket)
              server
                  .getServerSocketFactory()
                  .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        listener.setEnabledProtocols(new String[] {"TLSv1.3"});
        CompletableFuture<SSLSocket> accepted =
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return (SSLSocket) listener.accept();
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
        try (SSLSocket one =
                (SSLSocket)
                    client
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
            SSLSocket other = accepted.get(10, TimeUnit.SECONDS)) {
          one.setEnabledProtocols(new String[] {"TLSv1.3"});
          CompletableFuture.allOf(sending(one), sending(other), receiving(one), receiving(other))
              .get(15, TimeUnit.SECONDS);
        }
      }
    }

    private static CompletableFuture<Void> sending(SSLSocket socket) {
      return inThread(
          () -> {
            OutputStream out = socket.getOutputStream();
            for (int round = 0; round < ROUNDS; round++) {
              out.write(EnginePair.pattern(CHUNK, round));
            }
            out.flush();
          });
    }

    private static CompletableFuture<Void> receiving(SSLSocket socket) {
      return inThread(
          () -> {
            InputStream in = socket.getInputStream();
            for (int round = 0; round < ROUNDS; round++) {
              if (!Arrays.equals(in.readNBytes(CHUNK), EnginePair.pattern(CHUNK, round))) {
                throw new IOException("other bytes arrived in round " + round);
              }
            }
          });
    }

    private interface Io {
      void run() throws IOException;
    }

    /** Not in the common pool, which may have but one thread. */
    private static CompletableFuture<Void> inThread(Io io) {
      return CompletableFuture.runAsync(
          () -> {
            try {
              io.run();
            } catch (IOException e) {
              // The one that failed first says why.
              e.printStackTrace(System.out);
              throw new IllegalStateException(e);
            }
          },
          task -> new Thread(task).start());
    }
  }
}
