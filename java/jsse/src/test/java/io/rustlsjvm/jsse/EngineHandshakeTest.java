package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes of engines, ours with ours and ours with the JDK's, in both roles. */
class EngineHandshakeTest {
  /** Client, server, protocol; the JDK against itself is none of our business. */
  static Stream<Arguments> pairs() {
    return Stream.of(TestContexts.values())
        .flatMap(
            client ->
                Stream.of(TestContexts.values())
                    .filter(server -> client != TestContexts.JDK || server != client)
                    .flatMap(
                        server ->
                            TestContexts.PROTOCOLS.stream()
                                .map(protocol -> Arguments.of(client, server, protocol))));
  }

  static Stream<Arguments> ours() {
    return pairs().filter(a -> a.get()[0] != TestContexts.JDK && a.get()[1] != TestContexts.JDK);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void mutualHandshakeAndData(TestContexts client, TestContexts server, String protocol)
      throws Exception {
    EnginePair pair =
        EnginePair.of(client.client(), server.server()).protocols(protocol).mutual().handshake();
    pair.exchange();
    for (SSLEngine engine : List.of(pair.client, pair.server)) {
      SSLSession session = engine.getSession();
      assertThat(session.getProtocol()).isEqualTo(protocol);
      assertThat(session.getCipherSuite())
          .matches(
              protocol.equals("TLSv1.3")
                  ? "TLS_(AES|CHACHA20)_\\w+_SHA\\d+"
                  : "TLS_ECDHE_RSA_WITH_\\w+");
      assertThat(session.isValid()).isTrue();
      assertThat(session.getPacketBufferSize()).isBetween(16_384 + 300, 20_000);
    }
    assertThat(pair.client.getSession().getCipherSuite())
        .isEqualTo(pair.server.getSession().getCipherSuite());
    assertThat(pair.client.getSession().getPeerCertificates())
        .containsExactly(TestKeys.SERVER.certificate());
    assertThat(pair.server.getSession().getPeerCertificates())
        .containsExactly(TestKeys.CLIENT.certificate());
    assertThat(pair.server.getSession().getPeerPrincipal().getName()).isEqualTo("CN=client");
    assertThat(pair.client.getSession().getLocalPrincipal().getName()).isEqualTo("CN=client");
    assertThat(pair.server.getSession().getLocalCertificates())
        .containsExactly(TestKeys.SERVER.certificate());
    assertThat(pair.client.getHandshakeSession()).isNull();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void serverThatAsksNobody(TestContexts client, TestContexts server, String protocol)
      throws Exception {
    EnginePair pair =
        EnginePair.of(client.of(null, TestKeys.SERVER), server.server())
            .protocols(protocol)
            .handshake();
    pair.exchange();
    assertThatThrownBy(() -> pair.server.getSession().getPeerCertificates())
        .isInstanceOf(SSLPeerUnverifiedException.class);
    assertThat(pair.client.getSession().getLocalCertificates()).isNull();
    assertThat(pair.client.getSession().getLocalPrincipal()).isNull();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void wantedCertificateMayBeMissing(TestContexts client, TestContexts server, String protocol)
      throws Exception {
    EnginePair pair =
        EnginePair.of(client.of(null, TestKeys.SERVER), server.server()).protocols(protocol);
    pair.server.setWantClientAuth(true);
    pair.handshake().exchange();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void neededCertificateMustBeThere(TestContexts client, TestContexts server, String protocol) {
    EnginePair pair =
        EnginePair.of(client.of(null, TestKeys.SERVER), server.server())
            .protocols(protocol)
            .mutual();
    assertRefused(pair, pair.server);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void strangersAreRefused(TestContexts client, TestContexts server, String protocol) {
    EnginePair asClient =
        EnginePair.of(client.of(TestKeys.STRANGER, TestKeys.SERVER), server.server())
            .protocols(protocol)
            .mutual();
    assertRefused(asClient, asClient.server);
    EnginePair asServer =
        EnginePair.of(client.client(), server.of(TestKeys.STRANGER, TestKeys.CLIENT))
            .protocols(protocol);
    assertRefused(asServer, asServer.client);
  }

  /** The judge throws, its alert goes out, and the other side names it. */
  private static void assertRefused(EnginePair pair, SSLEngine judge) {
    SSLEngine other = judge == pair.client ? pair.server : pair.client;
    assertThatThrownBy(pair::handshake).isInstanceOf(SSLHandshakeException.class);
    if (judge instanceof RustlsEngine) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 20; i++) {
                  EnginePair.step(judge, pair.wireFrom(judge), pair.wireFrom(other));
                  EnginePair.step(other, pair.wireFrom(other), pair.wireFrom(judge));
                }
              })
          .isInstanceOf(SSLException.class)
          .hasMessageMatching("(?s)(.*fatal alert: )\\w+.*");
      assertThat(judge.isOutboundDone()).as("%s is done", judge).isTrue();
      assertThat(judge.isInboundDone()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void applicationProtocolIsAgreedOn(TestContexts client, TestContexts server, String protocol)
      throws Exception {
    EnginePair pair = EnginePair.of(client.client(), server.server()).protocols(protocol);
    offer(pair.client, "h2", "http/1.1");
    offer(pair.server, "http/1.1");
    assertThat(pair.client.getApplicationProtocol()).isNull();
    pair.handshake();
    assertThat(pair.client.getApplicationProtocol()).isEqualTo("http/1.1");
    assertThat(pair.server.getApplicationProtocol()).isEqualTo("http/1.1");
  }

  @ParameterizedTest
  @MethodSource("ours")
  void noApplicationProtocolIsEmpty(TestContexts client, TestContexts server, String protocol)
      throws Exception {
    EnginePair pair =
        EnginePair.of(client.client(), server.server()).protocols(protocol).handshake();
    assertThat(pair.client.getApplicationProtocol()).isEmpty();
    assertThat(pair.server.getApplicationProtocol()).isEmpty();
  }

  private static void offer(SSLEngine engine, String... protocols) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    engine.setSSLParameters(parameters);
  }

  @ParameterizedTest
  @MethodSource("ours")
  void signatureAlgorithmsOfThePeerAreKnown(
      TestContexts client, TestContexts server, String protocol) throws Exception {
    EnginePair pair =
        EnginePair.of(client.client(), server.server()).protocols(protocol).mutual().handshake();
    for (SSLEngine engine : List.of(pair.client, pair.server)) {
      ExtendedSSLSession session = (ExtendedSSLSession) engine.getSession();
      // Of those that the version has (RFC 8446 §4.2.3).
      assertThat(session.getPeerSupportedSignatureAlgorithms())
          .contains("SHA256withECDSA", "RSASSA-PSS");
      assertThat(session.getLocalSupportedSignatureAlgorithms())
          .contains("SHA256withECDSA", "SHA256withRSA", "RSASSA-PSS");
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void serverNameIsIndicated(TestContexts client, TestContexts server, String protocol)
      throws Exception {
    EnginePair pair = EnginePair.of(client.client(), server.server()).protocols(protocol);
    SSLParameters parameters = pair.client.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName("flink.example.com")));
    pair.client.setSSLParameters(parameters);
    pair.handshake();
    assertThat(((ExtendedSSLSession) pair.server.getSession()).getRequestedServerNames())
        .containsExactly(new SNIHostName("flink.example.com"));
    assertThat(((ExtendedSSLSession) pair.client.getSession()).getRequestedServerNames())
        .containsExactly(new SNIHostName("flink.example.com"));
  }

  /** The JDK's own, at the other end, is what ours is compared with. */
  @ParameterizedTest
  @MethodSource("pairs")
  @SuppressWarnings({"deprecation", "removal"})
  void theOldCertificatesAreThereWhereTheJdkHasThem(
      TestContexts client, TestContexts server, String protocol) throws Exception {
    EnginePair pair =
        EnginePair.of(client.client(), server.server()).protocols(protocol).handshake();
    SSLSession session = pair.client.getSession();
    if (Runtime.version().feature() >= 15) {
      assertThatThrownBy(session::getPeerCertificateChain)
          .isInstanceOf(UnsupportedOperationException.class);
    } else {
      assertThat(session.getPeerCertificateChain()[0].getEncoded())
          .isEqualTo(session.getPeerCertificates()[0].getEncoded());
      assertThat(session.getPeerCertificateChain()).hasSameSizeAs(session.getPeerCertificates());
    }
    assertThatThrownBy(() -> pair.server.getSession().getPeerCertificateChain())
        .isInstanceOfAny(SSLPeerUnverifiedException.class, UnsupportedOperationException.class);
  }

  /** Docker Compose gives such names to hosts; JDKs neither ask for them nor answer to them. */
  @ParameterizedTest
  @MethodSource("pairs")
  void rfc6066_3_noHostIsIndicatedThatIsNoHostName(
      TestContexts client, TestContexts server, String protocol) throws Exception {
    SSLContext clients = client.client();
    EnginePair pair =
        new EnginePair(clients.createSSLEngine("job_manager", 1), server.server().createSSLEngine())
            .protocols(protocol);
    pair.handshake();
    assertThat(((ExtendedSSLSession) pair.server.getSession()).getRequestedServerNames()).isEmpty();

    EnginePair refused =
        new EnginePair(clients.createSSLEngine("job_manager", 1), server.server().createSSLEngine())
            .protocols(protocol);
    verifyHost(refused.client);
    assertThatThrownBy(refused::handshake)
        .isInstanceOf(SSLException.class)
        .hasStackTraceContaining("job_manager");
  }

  @ParameterizedTest
  @MethodSource("ours")
  void serverNameMatchersDecide(TestContexts client, TestContexts server, String protocol)
      throws Exception {
    for (String pattern : List.of("local.*", "other")) {
      EnginePair pair = EnginePair.of(client.client(), server.server()).protocols(protocol);
      SSLParameters parameters = pair.server.getSSLParameters();
      parameters.setSNIMatchers(List.of(SNIHostName.createSNIMatcher(pattern)));
      pair.server.setSSLParameters(parameters);
      if (pattern.equals("other")) {
        assertThatThrownBy(pair::handshake)
            .isInstanceOf(SSLHandshakeException.class)
            .hasMessageContaining("localhost");
        assertThatThrownBy(pair::settle)
            .isInstanceOf(SSLHandshakeException.class)
            .hasMessageContaining("Received fatal alert: unrecognized_name");
      } else {
        pair.handshake().exchange();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void sessionsAreResumed(TestContexts client, TestContexts server, String protocol)
      throws Exception {
    SSLContext clients = client.client();
    SSLContext servers = server.server();
    EnginePair first = EnginePair.of(clients, servers).protocols(protocol).mutual().handshake();
    first.exchange();
    first.client.getSession().putValue("key", "value");
    EnginePair second = EnginePair.of(clients, servers).protocols(protocol).mutual().handshake();
    second.exchange();
    if (client != TestContexts.JDK) {
      assertThat(second.client.getSession().getId())
          .as("id of the resumed session")
          .isEqualTo(first.client.getSession().getId());
      assertThat(second.client.getSession()).isEqualTo(first.client.getSession());
      assertThat(second.client.getSession().getValue("key")).isEqualTo("value");
      assertThat(clients.getClientSessionContext().getSession(first.client.getSession().getId()))
          .isNotNull();
    }
    assertThat(second.client.getSession().getPeerCertificates())
        .containsExactly(TestKeys.SERVER.certificate());
    assertThat(second.client.getSession().getLocalCertificates())
        .containsExactly(TestKeys.CLIENT.certificate());
    assertThat(second.server.getSession().getLocalCertificates())
        .containsExactly(TestKeys.SERVER.certificate());
    assertThat(((X509Certificate) second.server.getSession().getPeerCertificates()[0]))
        .isEqualTo(TestKeys.CLIENT.certificate());
  }

  @ParameterizedTest
  @MethodSource("ours")
  void sessionsAreResumedOnlyWhereAllowed(TestContexts client, TestContexts server, String protocol)
      throws Exception {
    SSLContext clients = client.client();
    SSLContext servers = server.server();
    EnginePair none = EnginePair.of(clients, servers).protocols(protocol);
    none.client.setEnableSessionCreation(false);
    assertThatThrownBy(none::handshake)
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("session");
    EnginePair.of(clients, servers).protocols(protocol).handshake();
    EnginePair resuming = EnginePair.of(clients, servers).protocols(protocol);
    resuming.client.setEnableSessionCreation(false);
    resuming.handshake().exchange();
  }

  @ParameterizedTest
  @MethodSource("ours")
  void sessionsAreForgottenWhenTheyAreInvalidated(
      TestContexts client, TestContexts server, String protocol) throws Exception {
    for (boolean atClient : new boolean[] {true, false}) {
      SSLContext clients = client.client();
      SSLContext servers = server.server();
      EnginePair first = EnginePair.of(clients, servers).protocols(protocol).handshake();
      EnginePair second = EnginePair.of(clients, servers).protocols(protocol).handshake();
      assertThat(second.client.getSession()).isEqualTo(first.client.getSession());
      assertThat(second.server.getSession()).isEqualTo(first.server.getSession());
      (atClient ? first.client : second.server).getSession().invalidate();
      EnginePair third = EnginePair.of(clients, servers).protocols(protocol).handshake();
      assertThat(third.client.getSession()).isNotEqualTo(first.client.getSession());
      assertThat(third.server.getSession()).isNotEqualTo(first.server.getSession());
      third.exchange();
      EnginePair fourth = EnginePair.of(clients, servers).protocols(protocol).handshake();
      assertThat(fourth.client.getSession()).isEqualTo(third.client.getSession());
    }
  }

  @ParameterizedTest
  @MethodSource("ours")
  void sessionsBelongToHostAndPort(TestContexts client, TestContexts server, String protocol)
      throws Exception {
    SSLContext clients = client.client();
    SSLContext servers = server.server();
    List<SSLSession> sessions = new ArrayList<>();
    for (int port : new int[] {1, 2, 1, 2}) {
      EnginePair pair =
          new EnginePair(clients.createSSLEngine("localhost", port), servers.createSSLEngine())
              .protocols(protocol)
              .handshake();
      sessions.add(pair.client.getSession());
    }
    assertThat(sessions.get(1)).isNotEqualTo(sessions.get(0));
    assertThat(sessions.get(2)).isEqualTo(sessions.get(0));
    assertThat(sessions.get(3)).isEqualTo(sessions.get(1));
  }

  /** In either context; what fits the new limits stays. */
  @ParameterizedTest
  @MethodSource("ours")
  void sessionsStayWhenLimitsChange(TestContexts client, TestContexts server, String protocol)
      throws Exception {
    SSLContext clients = client.client();
    SSLContext servers = server.server();
    SSLSession first =
        EnginePair.of(clients, servers).protocols(protocol).handshake().client.getSession();
    for (SSLSessionContext sessions :
        List.of(clients.getClientSessionContext(), servers.getServerSessionContext())) {
      sessions.setSessionCacheSize(10);
      sessions.setSessionTimeout(1_000);
    }
    assertThat(EnginePair.of(clients, servers).protocols(protocol).handshake().client.getSession())
        .isEqualTo(first);
    clients.getClientSessionContext().setSessionCacheSize(1);
    new EnginePair(clients.createSSLEngine("localhost", 1), servers.createSSLEngine())
        .protocols(protocol)
        .handshake();
    assertThat(EnginePair.of(clients, servers).protocols(protocol).handshake().client.getSession())
        .isNotEqualTo(first);
  }

  /** A session made without a check of names must not carry a connection past that check. */
  @ParameterizedTest
  @MethodSource("ours")
  void hostNamesAreCheckedAlsoAfterSessionsWithoutCheck(
      TestContexts client, TestContexts server, String protocol) throws Exception {
    SSLContext clients = client.client();
    SSLContext servers = server.server();
    new EnginePair(clients.createSSLEngine("elsewhere.example", 1), servers.createSSLEngine())
        .protocols(protocol)
        .handshake();
    EnginePair checked =
        new EnginePair(clients.createSSLEngine("elsewhere.example", 1), servers.createSSLEngine())
            .protocols(protocol);
    verifyHost(checked.client);
    assertThatThrownBy(checked::handshake).isInstanceOf(SSLHandshakeException.class);
    EnginePair named = EnginePair.of(clients, servers).protocols(protocol);
    verifyHost(named.client);
    named.handshake().exchange();
    EnginePair numbered =
        new EnginePair(clients.createSSLEngine("127.0.0.1", 1), servers.createSSLEngine())
            .protocols(protocol);
    verifyHost(numbered.client);
    numbered.handshake().exchange();
  }

  private static void verifyHost(SSLEngine engine) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void expiredLeafInTheTruststoreIsBelieved(
      TestContexts client, TestContexts server, String protocol) throws Exception {
    EnginePair.of(client.of(null, TestKeys.EXPIRED), server.of(TestKeys.EXPIRED, TestKeys.CLIENT))
        .protocols(protocol)
        .handshake()
        .exchange();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void ellipticServerKey(TestContexts client, TestContexts server, String protocol)
      throws Exception {
    EnginePair pair =
        EnginePair.of(
                client.of(null, TestKeys.STRANGER), server.of(TestKeys.STRANGER, TestKeys.CLIENT))
            .protocols(protocol)
            .handshake();
    pair.exchange();
    if (protocol.equals("TLSv1.2")) {
      assertThat(pair.client.getSession().getCipherSuite()).startsWith("TLS_ECDHE_ECDSA_");
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void nothingInCommonFailsWithAnAlert(TestContexts client, TestContexts server, String protocol) {
    EnginePair pair = EnginePair.of(client.client(), server.server());
    pair.client.setEnabledProtocols(new String[] {protocol});
    pair.server.setEnabledProtocols(
        new String[] {protocol.equals("TLSv1.2") ? "TLSv1.3" : "TLSv1.2"});
    assertThatThrownBy(pair::handshake).isInstanceOf(SSLException.class);
  }

  @Test
  void suitesAreThoseThatAreEnabled() throws Exception {
    for (String suite :
        TestContexts.STORES.client().getSupportedSSLParameters().getCipherSuites()) {
      boolean newest = !suite.contains("_WITH_");
      TestKeys key = suite.contains("ECDSA") ? TestKeys.STRANGER : TestKeys.SERVER;
      EnginePair pair =
          EnginePair.of(
                  TestContexts.STORES.of(null, key), TestContexts.MANAGERS.of(key, TestKeys.CLIENT))
              .protocols(newest ? "TLSv1.3" : "TLSv1.2");
      pair.client.setEnabledCipherSuites(new String[] {suite});
      pair.handshake().exchange();
      assertThat(pair.server.getSession().getCipherSuite()).isEqualTo(suite);
    }
  }

  /** Netty names its peer so where it listens on the loopback interface. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void hostsWithAZoneAreResumed(String protocol) throws Exception {
    SSLContext clients = TestContexts.MANAGERS.client();
    SSLContext servers = TestContexts.MANAGERS.server();
    for (boolean again : new boolean[] {false, true}) {
      SSLEngine client = clients.createSSLEngine("0:0:0:0:0:0:0:1%lo", 4711);
      EnginePair pair = new EnginePair(client, servers.createSSLEngine()).protocols(protocol);
      client.setEnableSessionCreation(!again);
      pair.handshake().exchange();
      assertThat(client.getSession().getPeerHost()).isEqualTo("0:0:0:0:0:0:0:1%lo");
    }
  }
}
