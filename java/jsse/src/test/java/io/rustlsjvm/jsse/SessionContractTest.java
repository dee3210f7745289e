package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How long sessions and their contexts live; the JDK's do the same. */
@Timeout(60)
class SessionContractTest {
  static Stream<Arguments> kinds() {
    return Stream.of(TestContexts.values())
        .flatMap(
            kind -> TestContexts.PROTOCOLS.stream().map(protocol -> Arguments.of(kind, protocol)));
  }

  private static ByteBuffer room() {
    return ByteBuffer.allocate(20_000);
  }

  private static EnginePair pair(TestContexts kind, String protocol) throws SSLException {
    return EnginePair.of(kind.client(), kind.server()).protocols(protocol).mutual().handshake();
  }

  /** RFC 8446 §6.2: what a fatal alert has ended is forgotten, by whom it was sent and read. */
  @ParameterizedTest
  @MethodSource("kinds")
  void aFailureInvalidatesTheSession(TestContexts kind, String protocol) throws Exception {
    EnginePair pair = pair(kind, protocol);
    SSLSession server = pair.server.getSession();
    SSLSession client = pair.client.getSession();
    EnginePair.wrap(pair.client, ByteBuffer.allocate(100), pair.toServer);
    int last = pair.toServer.limit() - 1;
    pair.toServer.put(last, (byte) (pair.toServer.get(last) ^ 1));
    assertThatThrownBy(() -> pair.server.unwrap(pair.toServer, room()))
        .isInstanceOf(SSLException.class);
    assertThat(server.isValid()).as("who sends the alert").isFalse();
    assertThat(client.isValid()).as("who knows nothing yet").isTrue();
    EnginePair.wrap(pair.server, ByteBuffer.allocate(0), pair.toClient);
    assertThatThrownBy(() -> pair.client.unwrap(pair.toClient, room()))
        .isInstanceOf(SSLException.class);
    assertThat(client.isValid()).as("who reads the alert").isFalse();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aFailedSessionIsNotResumed(TestContexts kind, String protocol) throws Exception {
    SSLContext clients = kind.client();
    SSLContext servers = kind.server();
    EnginePair failed = EnginePair.of(clients, servers).protocols(protocol).handshake();
    EnginePair.wrap(failed.server, ByteBuffer.allocate(100), failed.toClient);
    failed.toClient.put(20, (byte) (failed.toClient.get(20) ^ 1));
    assertThatThrownBy(() -> failed.client.unwrap(failed.toClient, room()))
        .isInstanceOf(SSLException.class);
    EnginePair next = EnginePair.of(clients, servers).protocols(protocol).handshake();
    assertThat(next.client.getSession()).isNotEqualTo(failed.client.getSession());
    assertThat(next.client.getSession().isValid()).isTrue();
    next.exchange();
  }

  /** The server's verdict comes when the client of TLS 1.3 has its handshake behind it. */
  @ParameterizedTest
  @EnumSource(TestContexts.class)
  void aRefusedClientKnowsThatTheHandshakeHasFailed(TestContexts kind) throws Exception {
    EnginePair pair =
        EnginePair.of(kind.of(TestKeys.STRANGER, TestKeys.SERVER), kind.server())
            .protocols("TLSv1.3")
            .mutual();
    assertThatThrownBy(pair::handshake).isInstanceOf(SSLHandshakeException.class);
    EnginePair.wrap(pair.server, ByteBuffer.allocate(0), pair.toClient);
    SSLSession session = pair.client.getSession();
    assertThat(session.getProtocol()).isEqualTo("TLSv1.3");
    assertThatThrownBy(() -> pair.receive(pair.client))
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("Received fatal alert: ");
    assertThat(session.isValid()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void afterAFailureThereIsNoHandshakeSession(TestContexts kind, String protocol) throws Exception {
    EnginePair pair =
        EnginePair.of(kind.of(TestKeys.CLIENT, TestKeys.STRANGER), kind.server())
            .protocols(protocol);
    assertThatThrownBy(pair::handshake).isInstanceOf(SSLException.class);
    assertThat(pair.client.getHandshakeSession()).isNull();
    assertThat(pair.client.getSession().isValid()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anInvalidSessionIsInNoContext(TestContexts kind, String protocol) throws Exception {
    EnginePair pair = pair(kind, protocol);
    for (SSLEngine engine : new SSLEngine[] {pair.client, pair.server}) {
      SSLSession session = engine.getSession();
      SSLSessionContext context = session.getSessionContext();
      assertThat(context).isNotNull();
      session.invalidate();
      session.invalidate();
      assertThat(session.isValid()).isFalse();
      assertThat(session.getSessionContext()).isNull();
      assertThat(context.getSession(session.getId())).isNull();
    }
    pair.exchange();
  }

  static Stream<Arguments> ours() {
    return kinds().filter(arguments -> arguments.get()[0] != TestContexts.JDK);
  }

  /** JSSE: sessions are looked at as soon as the limit changes. The JDK's are when asked for. */
  @ParameterizedTest
  @MethodSource("ours")
  void sessionsWhoseTimeIsOverAreInvalidated(TestContexts kind, String protocol) throws Exception {
    SSLContext clients = kind.client();
    EnginePair pair = EnginePair.of(clients, kind.server()).protocols(protocol).handshake();
    pair.exchange();
    SSLSessionContext sessions = clients.getClientSessionContext();
    SSLSession session = sessions.getSession(Collections.list(sessions.getIds()).get(0));
    assertThat(session.isValid()).isTrue();
    while (System.currentTimeMillis() <= session.getCreationTime() + 1_000) {
      Thread.sleep(50);
    }
    sessions.setSessionTimeout(1);
    assertThat(session.isValid()).isFalse();
    assertThat(sessions.getIds().hasMoreElements()).isFalse();
  }

  private static SSLContext fresh(TestContexts kind) throws Exception {
    return kind == TestContexts.JDK
        ? SSLContext.getInstance("TLS", "SunJSSE")
        : SSLContext.getInstance("TLS", new RustlsProvider());
  }

  @ParameterizedTest
  @EnumSource(
      value = TestContexts.class,
      names = {"MANAGERS", "JDK"})
  void sessionContextsAreThereBeforeInit(TestContexts kind) throws Exception {
    SSLContext context = fresh(kind);
    SSLSessionContext clients = context.getClientSessionContext();
    SSLSessionContext servers = context.getServerSessionContext();
    assertThat(clients.getIds().hasMoreElements()).isFalse();
    assertThat(clients.getSession(new byte[1])).isNull();
    clients.setSessionCacheSize(7);
    servers.setSessionTimeout(70);
    for (int i = 0; i < 2; i++) {
      context.init(
          TestKeys.CLIENT.keyManagers(), TestKeys.trusting(TestKeys.SERVER, TestKeys.CLIENT), null);
      assertThat(context.getClientSessionContext()).isSameAs(clients);
      assertThat(context.getServerSessionContext()).isSameAs(servers);
      assertThat(clients.getSessionCacheSize()).isEqualTo(7);
      assertThat(servers.getSessionTimeout()).isEqualTo(70);
    }
    EnginePair pair = EnginePair.of(context, kind.server()).handshake();
    pair.exchange();
    assertThat(pair.client.getSession().getSessionContext()).isSameAs(clients);
  }

  /** Whom a context believed before it was initialised anew is of no account. */
  @Test
  void sessionsOfAnEarlierInitAreNotResumed() throws Exception {
    SSLContext clients = fresh(TestContexts.MANAGERS);
    SSLContext servers = TestContexts.MANAGERS.server();
    clients.init(null, TestKeys.trusting(TestKeys.SERVER), null);
    EnginePair.of(clients, servers).handshake().exchange();
    clients.init(null, TestKeys.trusting(TestKeys.STRANGER), null);
    assertThat(clients.getClientSessionContext().getIds().hasMoreElements()).isFalse();
    EnginePair again = EnginePair.of(clients, servers);
    assertThatThrownBy(again::handshake).isInstanceOf(SSLHandshakeException.class);
  }
}
