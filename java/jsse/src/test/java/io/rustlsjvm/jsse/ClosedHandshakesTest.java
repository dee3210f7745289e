package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer's close_notify during the handshake ends it, RFC 5246 §7.2.1, RFC 8446 §6.1. */
@Timeout(60)
class ClosedHandshakesTest {
  private static final String WORDS =
      "Received close_notify during the handshake: the peer has closed the connection";

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** More than a handshake has. */
  private static final int STEPS = 40;

  private static byte[] closeNotify(int level) {
    return new byte[] {21, 3, 3, 0, 2, (byte) level, 0};
  }

  @Test
  void inPlaceOfTheFirstMessage() throws Exception {
    for (boolean client : new boolean[] {true, false}) {
      for (int level = 1; level <= 2; level++) {
        SSLEngine engine =
            client
                ? TestContexts.STORES.client().createSSLEngine("localhost", 4711)
                : TestContexts.STORES.server().createSSLEngine();
        engine.setUseClientMode(client);
        engine.beginHandshake();
        if (client) {
          engine.wrap(NOTHING, ByteBuffer.allocate(20_000));
        }
        ByteBuffer alert = ByteBuffer.wrap(closeNotify(level));
        assertThatThrownBy(() -> engine.unwrap(alert, ByteBuffer.allocate(20_000)))
            .isInstanceOf(SSLHandshakeException.class)
            .hasMessage(WORDS);
        ByteBuffer answer = ByteBuffer.allocate(100);
        assertClosed(engine, answer);
        byte[] sent = new byte[answer.flip().remaining()];
        answer.get(sent);
        assertThat(sent).isEqualTo(closeNotify(1));
      }
    }
  }

  /** The peer's {@code closeOutbound} between any two steps of the handshake. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void betweenAnyTwoSteps(String protocol) throws Exception {
    for (TestContexts peers : new TestContexts[] {TestContexts.STORES, TestContexts.JDK}) {
      for (boolean client : new boolean[] {true, false}) {
        int steps = 1;
        while (endsAfter(steps, client, protocol, peers)) {
          steps++;
        }
        assertThat(steps).as("steps of a handshake").isBetween(4, STEPS);
      }
    }
  }

  /** Whether the peer closed before the end: then the engine has failed. */
  private static boolean endsAfter(int steps, boolean client, String protocol, TestContexts peers)
      throws SSLException {
    TestContexts ours = TestContexts.STORES;
    SSLContext clients = (client ? ours : peers).client();
    SSLContext servers = (client ? peers : ours).server();
    EnginePair pair = EnginePair.of(clients, servers).protocols(protocol).mutual();
    SSLEngine engine = client ? pair.client : pair.server;
    SSLEngine peer = client ? pair.server : pair.client;
    pair.client.beginHandshake();
    pair.server.beginHandshake();
    boolean finished = false;
    for (int i = 0; i < steps; i++) {
      SSLEngine next = i % 2 == 0 ? pair.client : pair.server;
      SSLEngine other = next == pair.client ? pair.server : pair.client;
      boolean now = EnginePair.step(next, pair.wireFrom(next), pair.wireFrom(other));
      finished |= now && next == engine;
    }
    peer.closeOutbound();
    ByteBuffer wire = pair.wireFrom(peer);
    while (!peer.isOutboundDone()
        && EnginePair.wrap(peer, NOTHING, wire).getStatus() == Status.OK) {
      if (peer.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
        peer.getDelegatedTask().run();
      }
    }
    SSLException failure = null;
    for (int i = 0; i < STEPS && failure == null && !engine.isInboundDone(); i++) {
      try {
        finished |= EnginePair.step(engine, pair.wireFrom(engine), wire);
      } catch (SSLException e) {
        failure = e;
      }
    }
    String what = (client ? "client" : "server") + " after " + steps + " steps";
    if (finished) {
      assertThat(failure).as(what).isNull();
      return false;
    }
    assertThat(failure).as(what).isInstanceOf(SSLHandshakeException.class).hasMessage(WORDS);
    assertClosed(engine, ByteBuffer.allocate(20_000));
    assertThat(engine.getSession().isValid()).as(what).isFalse();
    assertThat(Collections.list(servers.getServerSessionContext().getIds())).as(what).isEmpty();
    return true;
  }

  private static void assertClosed(SSLEngine engine, ByteBuffer answer) throws SSLException {
    assertThat(engine.isInboundDone()).isTrue();
    assertThat(engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_WRAP);
    SSLEngineResult last = engine.wrap(NOTHING, answer);
    assertThat(last.getStatus()).isEqualTo(Status.CLOSED);
    assertThat(last.bytesProduced()).isPositive();
    assertThat(engine.isOutboundDone()).isTrue();
    assertThat(engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
    SSLEngineResult unwrapped = engine.unwrap(ByteBuffer.wrap(closeNotify(1)), answer);
    assertThat(unwrapped.getStatus()).isEqualTo(Status.CLOSED);
  }

  @Test
  void socketsSayItAndAnswer() throws Exception {
    for (boolean client : new boolean[] {true, false}) {
      SSLContext context = client ? TestContexts.STORES.client() : TestContexts.STORES.server();
      try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          Socket peer = new Socket(listener.getInetAddress(), listener.getLocalPort());
          SSLSocket socket =
              (SSLSocket)
                  context
                      .getSocketFactory()
                      .createSocket(listener.accept(), "localhost", 4711, true)) {
        socket.setUseClientMode(client);
        CompletableFuture<Throwable> failure =
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    socket.startHandshake();
                    return null;
                  } catch (Exception e) {
                    return e;
                  }
                },
                task -> new Thread(task).start());
        InputStream in = peer.getInputStream();
        if (client) {
          byte[] header = in.readNBytes(5);
          in.readNBytes((header[3] & 0xff) << 8 | header[4] & 0xff);
        }
        // The peer does not hang up: the handshake ends all the same.
        peer.getOutputStream().write(closeNotify(1));
        assertThat(in.readNBytes(7)).isEqualTo(closeNotify(1));
        assertThat(in.read()).isEqualTo(-1);
        assertThat(failure.get(20, TimeUnit.SECONDS))
            .isInstanceOf(SSLHandshakeException.class)
            .hasMessage(WORDS);
        assertThat(socket.getSession().isValid()).isFalse();
      }
    }
  }
}
