package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.AlgorithmConstraints;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What settings of an engine do one after the other; the JDK's do the same. */
@Timeout(60)
class SettingsContractTest {
  /** Else a fresh object that sets the protocols would turn the check of host names off. */
  @ParameterizedTest
  @EnumSource(TestContexts.class)
  void whatParametersDoNotSayStays(TestContexts kind) {
    SSLEngine engine = kind.client().createSSLEngine("elsewhere.example", 1);
    engine.setUseClientMode(true);
    AlgorithmConstraints constraints = new TestConstraints(name -> true, () -> true);
    SSLParameters set = engine.getSSLParameters();
    set.setEndpointIdentificationAlgorithm("HTTPS");
    set.setAlgorithmConstraints(constraints);
    set.setServerNames(List.of(new SNIHostName("some.example")));
    engine.setSSLParameters(set);

    engine.setSSLParameters(new SSLParameters());

    SSLParameters now = engine.getSSLParameters();
    assertThat(now.getEndpointIdentificationAlgorithm()).isEqualTo("HTTPS");
    assertThat(now.getAlgorithmConstraints()).isSameAs(constraints);
    assertThat(now.getServerNames()).containsExactly(new SNIHostName("some.example"));
  }

  @ParameterizedTest
  @EnumSource(TestContexts.class)
  void freshParametersLeaveHostNamesChecked(TestContexts kind) {
    SSLEngine client = kind.client().createSSLEngine("elsewhere.example", 1);
    EnginePair pair = new EnginePair(client, kind.server().createSSLEngine());
    SSLParameters set = client.getSSLParameters();
    set.setEndpointIdentificationAlgorithm("HTTPS");
    client.setSSLParameters(set);
    client.setSSLParameters(new SSLParameters(null, new String[] {"TLSv1.3"}));
    assertThatThrownBy(pair::handshake).isInstanceOf(SSLHandshakeException.class);
  }

  @ParameterizedTest
  @EnumSource(TestContexts.class)
  void anEmptyAlgorithmTurnsTheCheckOff(TestContexts kind) throws Exception {
    SSLEngine client = kind.client().createSSLEngine("elsewhere.example", 1);
    EnginePair pair = new EnginePair(client, kind.server().createSSLEngine());
    SSLParameters set = client.getSSLParameters();
    set.setEndpointIdentificationAlgorithm("HTTPS");
    client.setSSLParameters(set);
    set.setEndpointIdentificationAlgorithm("");
    client.setSSLParameters(set);
    assertThat(client.getSSLParameters().getEndpointIdentificationAlgorithm()).isEmpty();
    client.setSSLParameters(client.getSSLParameters());
    pair.handshake().exchange();
  }

  /** Even to the mode that it has: once the handshake has begun, the time for it is over. */
  @ParameterizedTest
  @EnumSource(TestContexts.class)
  void noModeIsSetOnceTheHandshakeHasBegun(TestContexts kind) throws Exception {
    SSLContext clients = kind.client();
    SSLEngine begun = clients.createSSLEngine("localhost", 1);
    begun.setUseClientMode(false);
    begun.setUseClientMode(true);
    begun.setUseClientMode(true);
    begun.beginHandshake();
    EnginePair pair = EnginePair.of(clients, kind.server()).handshake();
    for (SSLEngine engine : new SSLEngine[] {begun, pair.client, pair.server}) {
      boolean mode = engine.getUseClientMode();
      for (boolean wanted : new boolean[] {true, false}) {
        assertThatThrownBy(() -> engine.setUseClientMode(wanted))
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThat(engine.getUseClientMode()).isEqualTo(mode);
    }
    pair.exchange();
  }

  /** The JDK's of Java 11 takes the dot for a part of the name. */
  static Stream<TestContexts> knowingTheRoot() {
    boolean all = Runtime.version().feature() >= 17;
    return Stream.of(TestContexts.values()).filter(kind -> all || kind != TestContexts.JDK);
  }

  @ParameterizedTest
  @MethodSource("knowingTheRoot")
  void theRootsDotIsNoPartOfTheServerName(TestContexts kind) throws Exception {
    SSLEngine client = kind.client().createSSLEngine("some.example.", 1);
    EnginePair pair = new EnginePair(client, kind.server().createSSLEngine());
    SNIHostName name = new SNIHostName("some.example");
    assertThat(client.getSSLParameters().getServerNames()).containsExactly(name);
    pair.handshake();
    assertThat(client.getPeerHost()).isEqualTo("some.example.");
    for (SSLEngine engine : new SSLEngine[] {pair.client, pair.server}) {
      assertThat(((ExtendedSSLSession) engine.getSession()).getRequestedServerNames())
          .containsExactly(name);
    }
  }

  @ParameterizedTest
  @MethodSource("knowingTheRoot")
  void theRootsDotIsNoPartOfACertificatesName(TestContexts kind) throws Exception {
    for (String host : List.of("localhost.", "elsewhere.example.")) {
      SSLEngine client = kind.client().createSSLEngine(host, 1);
      EnginePair pair = new EnginePair(client, kind.server().createSSLEngine());
      SSLParameters set = client.getSSLParameters();
      set.setEndpointIdentificationAlgorithm("HTTPS");
      client.setSSLParameters(set);
      if (host.startsWith("localhost")) {
        pair.handshake().exchange();
      } else {
        assertThatThrownBy(pair::handshake).isInstanceOf(SSLHandshakeException.class);
      }
    }
  }

  /** Without input there is no more handshake; whoever goes by the status gets to the end. */
  @ParameterizedTest
  @MethodSource("io.rustlsjvm.jsse.SessionContractTest#kinds")
  void aHandshakeWhoseInputIsClosedComesToAnEnd(TestContexts kind, String protocol)
      throws Exception {
    SSLEngine client = kind.client().createSSLEngine("localhost", 1);
    client.setUseClientMode(true);
    client.setEnabledProtocols(new String[] {protocol});
    ByteBuffer wire = ByteBuffer.allocate(60_000);
    client.wrap(ByteBuffer.allocate(0), wire);
    int hello = wire.position();
    assertThatThrownBy(client::closeInbound).isInstanceOf(SSLException.class);
    assertThat(client.isInboundDone()).isTrue();
    assertThat(client.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_WRAP);
    if (kind != TestContexts.JDK) {
      for (int i = 0; i < 5 && !client.isOutboundDone(); i++) {
        client.wrap(ByteBuffer.allocate(0), wire);
      }
      assertThat(wire.position()).as("the peer is told").isGreaterThan(hello);
      assertThat(client.isOutboundDone()).isTrue();
      assertThat(client.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
      assertThat(client.wrap(ByteBuffer.allocate(0), wire).getStatus()).isEqualTo(Status.CLOSED);
    }
  }
}
