package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A server's function that chooses among its client's application protocols (RFC 7301). */
class ProtocolSelectorTest {
  static Stream<Arguments> ours() {
    return EngineHandshakeTest.ours();
  }

  private static EnginePair pair(TestContexts client, TestContexts server, String protocol) {
    EnginePair pair = EnginePair.of(client.client(), server.server()).protocols(protocol);
    offer(pair.client, "h2", "http/1.1");
    return pair;
  }

  private static void offer(SSLEngine engine, String... protocols) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    engine.setSSLParameters(parameters);
  }

  @ParameterizedTest
  @MethodSource("ours")
  void theFunctionChooses(TestContexts client, TestContexts server, String protocol)
      throws Exception {
    EnginePair pair = pair(client, server, protocol);
    List<Object> seen = new ArrayList<>();
    BiFunction<SSLEngine, List<String>, String> selector =
        (engine, offered) -> {
          SSLSession session = engine.getHandshakeSession();
          seen.addAll(List.of(engine, offered, session.getProtocol(), session.getCipherSuite()));
          seen.addAll(((ExtendedSSLSession) session).getRequestedServerNames());
          return "http/1.1";
        };
    pair.server.setHandshakeApplicationProtocolSelector(selector);
    offer(pair.server, "h2");
    assertThat(pair.server.getHandshakeApplicationProtocolSelector()).isSameAs(selector);
    pair.handshake().exchange();
    assertThat(pair.server.getApplicationProtocol()).isEqualTo("http/1.1");
    assertThat(pair.client.getApplicationProtocol()).isEqualTo("http/1.1");
    assertThat(seen)
        .containsExactly(
            pair.server,
            List.of("h2", "http/1.1"),
            protocol,
            pair.server.getSession().getCipherSuite(),
            new SNIHostName("localhost"));
  }

  @ParameterizedTest
  @MethodSource("ours")
  void itMayChooseNone(TestContexts client, TestContexts server, String protocol) throws Exception {
    EnginePair pair = pair(client, server, protocol);
    pair.server.setHandshakeApplicationProtocolSelector((engine, offered) -> "");
    pair.handshake().exchange();
    assertThat(pair.server.getApplicationProtocol()).isEmpty();
    assertThat(pair.client.getApplicationProtocol()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ours")
  void whatTheClientDidNotOfferIsRefused(
      TestContexts client, TestContexts server, String protocol) {
    for (String chosen : new String[] {null, "h3"}) {
      EnginePair pair = pair(client, server, protocol);
      pair.server.setHandshakeApplicationProtocolSelector((engine, offered) -> chosen);
      assertThatThrownBy(pair::handshake)
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("[h2, http/1.1]");
      assertThatThrownBy(pair::settle)
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("Received fatal alert: no_application_protocol");
    }
  }

  @ParameterizedTest
  @MethodSource("ours")
  void whatItThrowsIsTheCause(TestContexts client, TestContexts server, String protocol) {
    RuntimeException thrown = new IllegalStateException("no idea");
    EnginePair pair = pair(client, server, protocol);
    pair.server.setHandshakeApplicationProtocolSelector(
        (engine, offered) -> {
          throw thrown;
        });
    assertThatThrownBy(pair::handshake).isInstanceOf(SSLHandshakeException.class).hasCause(thrown);
    assertThatThrownBy(pair::settle).hasMessageContaining("internal_error");
  }

  @ParameterizedTest
  @MethodSource("ours")
  void withoutAnOfferItIsNotAsked(TestContexts client, TestContexts server, String protocol)
      throws Exception {
    EnginePair pair = EnginePair.of(client.client(), server.server()).protocols(protocol);
    pair.server.setHandshakeApplicationProtocolSelector(
        (engine, offered) -> {
          throw new AssertionError("asked");
        });
    pair.handshake().exchange();
    assertThat(pair.server.getApplicationProtocol()).isEmpty();
  }

  @Test
  void aClientsIsKeptAndNeverAsked() throws Exception {
    EnginePair pair = pair(TestContexts.MANAGERS, TestContexts.MANAGERS, "TLSv1.3");
    BiFunction<SSLEngine, List<String>, String> selector =
        (engine, offered) -> {
          throw new AssertionError("asked");
        };
    pair.client.setHandshakeApplicationProtocolSelector(selector);
    offer(pair.server, "h2");
    pair.handshake().exchange();
    assertThat(pair.client.getApplicationProtocol()).isEqualTo("h2");
    assertThat(pair.client.getHandshakeApplicationProtocolSelector()).isSameAs(selector);
  }

  /** A session with one application protocol may be resumed with another. */
  @ParameterizedTest
  @MethodSource("ours")
  void resumedSessionsAreAskedAnew(TestContexts client, TestContexts server, String protocol)
      throws Exception {
    SSLContext clients = client.client();
    SSLContext servers = server.server();
    byte[] first = null;
    for (String chosen : List.of("h2", "http/1.1")) {
      EnginePair pair = EnginePair.of(clients, servers).protocols(protocol);
      offer(pair.client, "h2", "http/1.1");
      pair.server.setHandshakeApplicationProtocolSelector((engine, offered) -> chosen);
      pair.handshake().exchange();
      assertThat(pair.client.getApplicationProtocol()).isEqualTo(chosen);
      byte[] id = pair.server.getSession().getId();
      assertThat(id).isEqualTo(first == null ? id : first);
      first = id;
    }
  }

  @Test
  void socketsAskWithTheSocket() throws Exception {
    SSLContext servers = TestContexts.MANAGERS.server();
    try (SSLServerSocket listening =
            (SSLServerSocket)
                servers
                    .getServerSocketFactory()
                    .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SSLSocket socket =
            (SSLSocket)
                TestContexts.JDK
                    .client()
                    .getSocketFactory()
                    .createSocket("localhost", listening.getLocalPort());
        SSLSocket accepted = (SSLSocket) listening.accept()) {
      BiFunction<SSLSocket, List<String>, String> selector =
          (asked, offered) -> {
            assertThat(asked).isSameAs(accepted);
            assertThat(asked.getHandshakeSession().getProtocol()).isEqualTo("TLSv1.3");
            return offered.get(1);
          };
      accepted.setHandshakeApplicationProtocolSelector(selector);
      assertThat(accepted.getHandshakeApplicationProtocolSelector()).isSameAs(selector);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"a", "b"});
      socket.setSSLParameters(parameters);
      CompletableFuture<Void> served =
          CompletableFuture.runAsync(
              () -> {
                try {
                  accepted.startHandshake();
                } catch (java.io.IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      socket.startHandshake();
      served.get(20, TimeUnit.SECONDS);
      assertThat(socket.getApplicationProtocol()).isEqualTo("b");
      assertThat(accepted.getApplicationProtocol()).isEqualTo("b");
    }
  }
}
