package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that do not go on with a socket's handshake. */
@Timeout(60)
class HandshakeTimeoutTest {
  private static final String LABEL = "handshake-timeout";
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private static SSLServerSocket listen(int millis) throws Exception {
    SSLContext context =
        new RustlsContextBuilder()
            .label(LABEL)
            .keystore(TestKeys.SERVER.keystore())
            .truststore(TestKeys.truststore(TestKeys.CLIENT))
            .clientAuthentication(ClientAuthentication.NEED)
            .handshakeTimeoutMillis(millis)
            .build();
    return (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 10, LOOPBACK);
  }

  private static byte[] clientHello() throws IOException {
    SSLEngine engine = TestContexts.JDK.client().createSSLEngine();
    engine.setUseClientMode(true);
    ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), hello);
    return Arrays.copyOf(hello.array(), hello.position());
  }

  private static long failures() {
    return ChannelStatistics.snapshot().stream()
        .filter(row -> row.label().equals(LABEL))
        .mapToLong(ChannelStatistics.Row::failures)
        .sum();
  }

  /** Nothing, a byte, a part of a ClientHello, and all of it but nothing after it. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.001, 0.5, 1})
  void silenceEndsTheConnection(double share) throws Exception {
    byte[] hello = clientHello();
    long failuresBefore = failures();
    try (SSLServerSocket listening = listen(300);
        Socket silent = new Socket(LOOPBACK, listening.getLocalPort());
        SSLSocket accepted = (SSLSocket) listening.accept()) {
      accepted.setSoTimeout(45_000);
      silent.getOutputStream().write(hello, 0, (int) Math.ceil(hello.length * share));
      assertThatThrownBy(() -> accepted.getInputStream().read())
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessage("The handshake was not finished within 300 ms");
      assertThat(accepted.isClosed()).isTrue();
      silent.setSoTimeout(30_000);
      assertThat(silent.getInputStream().readAllBytes().length > 0)
          .as("the server answers a whole ClientHello alone")
          .isEqualTo(share == 1);
    }
    assertThat(failures()).isEqualTo(failuresBefore + 1);
  }

  /** Each byte is in time for a socket's timeout; the handshake is not. */
  @Test
  void bytesOneByOneDoNotHelp() throws Exception {
    byte[] hello = clientHello();
    try (SSLServerSocket listening = listen(500);
        Socket slow = new Socket(LOOPBACK, listening.getLocalPort());
        SSLSocket accepted = (SSLSocket) listening.accept()) {
      CompletableFuture<Integer> sent =
          CompletableFuture.supplyAsync(() -> sendSlowly(slow, hello));
      assertThatThrownBy(accepted::startHandshake)
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("500 ms");
      assertThat(sent.get(30, TimeUnit.SECONDS)).isBetween(2, hello.length - 1);
    }
  }

  /** Gives how many bytes could be sent. */
  private static int sendSlowly(Socket slow, byte[] bytes) {
    int sent = 0;
    try {
      OutputStream out = slow.getOutputStream();
      for (byte each : bytes) {
        Thread.sleep(40);
        out.write(each);
        sent++;
      }
    } catch (IOException e) {
      return sent; // the server has hung up
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return sent;
  }

  /**
   * A shorter SO_TIMEOUT of the caller's ends a read, not the handshake; it stays as it was set.
   */
  @Test
  void callersTimeoutStaysTheCallers() throws Exception {
    try (SSLServerSocket listening = listen(30_000);
        Socket transport = new Socket(LOOPBACK, listening.getLocalPort());
        SSLSocket accepted = (SSLSocket) listening.accept()) {
      accepted.setSoTimeout(50);
      assertThatThrownBy(accepted::startHandshake).isInstanceOf(SocketTimeoutException.class);
      assertThat(accepted.isClosed()).isFalse();

      accepted.setSoTimeout(45_000);
      CompletableFuture<Integer> served = CompletableFuture.supplyAsync(() -> serve(accepted));
      try (SSLSocket client =
          (SSLSocket)
              TestContexts.JDK
                  .client()
                  .getSocketFactory()
                  .createSocket(transport, "localhost", listening.getLocalPort(), true)) {
        client.getOutputStream().write(7);
        assertThat(served.get(30, TimeUnit.SECONDS)).isEqualTo(7);
        assertThat(accepted.getSoTimeout()).isEqualTo(45_000);
      }
    }
  }

  /** The limit is the handshake's: a connection that is silent afterwards stays. */
  @Test
  void silenceAfterwardsIsNotCounted() throws Exception {
    try (SSLServerSocket listening = listen(1_000)) {
      CompletableFuture<Integer> served =
          CompletableFuture.supplyAsync(
              () -> {
                try (SSLSocket accepted = (SSLSocket) listening.accept()) {
                  return serve(accepted);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      try (SSLSocket client =
          (SSLSocket)
              TestContexts.JDK
                  .client()
                  .getSocketFactory()
                  .createSocket(LOOPBACK, listening.getLocalPort())) {
        client.startHandshake();
        Thread.sleep(1_200);
        client.getOutputStream().write(7);
        assertThat(served.get(30, TimeUnit.SECONDS)).isEqualTo(7);
      }
    }
  }

  private static int serve(SSLSocket accepted) {
    try {
      return accepted.getInputStream().read();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void negativeLimitIsRefused() {
    RustlsContextBuilder builder = new RustlsContextBuilder();
    assertThatThrownBy(() -> builder.handshakeTimeoutMillis(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
