package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signature schemes that are set, and what algorithm constraints leave. */
class SignatureSchemesTest {
  static Stream<String> protocols() {
    return TestContexts.PROTOCOLS.stream();
  }

  private static EnginePair pair(TestContexts client, TestContexts server, String protocol) {
    return EnginePair.of(client.client(), server.server()).protocols(protocol).mutual();
  }

  /** Since Java 19; before, there is the system property. */
  private static boolean set(SSLEngine engine, String... names) throws Exception {
    SSLParameters parameters = engine.getSSLParameters();
    for (Method setter : SSLParameters.class.getMethods()) {
      if (setter.getName().equals("setSignatureSchemes")) {
        setter.invoke(parameters, (Object) names);
        engine.setSSLParameters(parameters);
        assertThat(
                SSLParameters.class
                    .getMethod("getSignatureSchemes")
                    .invoke(engine.getSSLParameters()))
            .isEqualTo(names);
        return true;
      }
    }
    assertThat(Runtime.version().feature()).isLessThan(19);
    return false;
  }

  /** Peers may name what is not to be had here: JSSE wants to know all that they have named. */
  @Test
  void oldAlgorithmsOfPeersAreNamed() {
    int[] named = {0x0804, 0x0805, 0x0201, 0x0203, 0x0402, 0x0808, 0xfefe};
    assertThat(SignatureScheme.algorithms(named))
        .containsExactly("RSASSA-PSS", "SHA1withRSA", "SHA1withECDSA", "SHA256withDSA", "Ed448");
  }

  /** The server's certificate is one of RSA, the client's one of EC P-256. */
  @ParameterizedTest
  @MethodSource("protocols")
  void onlyThoseThatAreSetAreOffered(String protocol) throws Exception {
    for (TestContexts peer : TestContexts.values()) {
      EnginePair pair = pair(TestContexts.MANAGERS, peer, protocol);
      if (set(pair.client, "rsa_pss_rsae_sha384", "ecdsa_secp256r1_sha256", "no_such_scheme")) {
        pair.handshake().exchange();
        if (peer != TestContexts.JDK) {
          assertThat(
                  ((ExtendedSSLSession) pair.server.getSession())
                      .getPeerSupportedSignatureAlgorithms())
              .containsExactly("RSASSA-PSS", "SHA256withECDSA");
        }
        assertThat(
                ((ExtendedSSLSession) pair.client.getSession())
                    .getLocalSupportedSignatureAlgorithms())
            .containsExactly("RSASSA-PSS", "SHA256withECDSA");
      }
      EnginePair none = pair(TestContexts.MANAGERS, peer, protocol);
      if (set(none.client, "ecdsa_secp384r1_sha384", "ed25519")) {
        assertThatThrownBy(none::handshake).isInstanceOf(SSLException.class);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void serversAskForAndMakeThoseThatAreSet(String protocol) throws Exception {
    for (TestContexts peer : TestContexts.values()) {
      EnginePair pair = pair(peer, TestContexts.MANAGERS, protocol);
      if (set(pair.server, "rsa_pss_rsae_sha512", "ecdsa_secp256r1_sha256")) {
        pair.handshake().exchange();
      }
      EnginePair none = pair(peer, TestContexts.STORES, protocol);
      if (set(none.server, "rsa_pss_rsae_sha512")) {
        assertThatThrownBy(none::handshake)
            .as("the client's key cannot make any")
            .isInstanceOf(SSLException.class);
      }
    }
  }

  @Test
  void noneThatCanBeUsedFailTheHandshake() throws Exception {
    SSLEngine engine = TestContexts.MANAGERS.client().createSSLEngine("localhost", 1);
    engine.setUseClientMode(true);
    if (set(engine, "ed448")) {
      assertThatThrownBy(engine::beginHandshake)
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("signature scheme")
          .hasMessageContaining("rsa_pss_rsae_sha256");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void systemPropertiesAreTheDefault(boolean client) throws Exception {
    String property = "jdk.tls." + (client ? "client" : "server") + ".SignatureSchemes";
    System.setProperty(property, "ecdsa_secp384r1_sha384, ed448");
    try {
      EnginePair pair = pair(TestContexts.MANAGERS, TestContexts.MANAGERS, "TLSv1.3");
      assertThatThrownBy(pair::handshake).isInstanceOf(SSLHandshakeException.class);
      System.setProperty(property, "rsa_pss_rsae_sha256,ecdsa_secp256r1_sha256");
      pair(TestContexts.MANAGERS, TestContexts.MANAGERS, "TLSv1.3").handshake().exchange();
    } finally {
      System.clearProperty(property);
    }
  }

  /** Permits what does not have the given text in its name. */
  private static void forbid(SSLEngine engine, String text) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setAlgorithmConstraints(
        new TestConstraints(name -> !name.contains(text), () -> true));
    engine.setSSLParameters(parameters);
  }

  @Test
  void algorithmConstraintsHoldForTheHandshake() throws Exception {
    for (TestContexts contexts : List.of(TestContexts.STORES, TestContexts.MANAGERS)) {
      EnginePair old = EnginePair.of(contexts.client(), contexts.server());
      forbid(old.client, "TLSv1.3");
      assertThat(old.handshake().client.getSession().getProtocol()).isEqualTo("TLSv1.2");
      EnginePair small = EnginePair.of(contexts.client(), contexts.server());
      forbid(small.server, "AES_256");
      assertThat(small.handshake().client.getSession().getCipherSuite())
          .isEqualTo("TLS_AES_128_GCM_SHA256");
      EnginePair unsigned = EnginePair.of(contexts.client(), contexts.server());
      forbid(unsigned.client, "rsa_");
      assertThatThrownBy(unsigned::handshake).isInstanceOf(SSLException.class);
      for (String everything : List.of("TLSv1", "TLS_", "25519")) {
        EnginePair nothing = EnginePair.of(contexts.client(), contexts.server());
        forbid(nothing.client, everything);
        if (everything.equals("25519")) {
          nothing.handshake().exchange();
        } else {
          assertThatThrownBy(nothing::handshake)
              .isInstanceOf(SSLHandshakeException.class)
              .hasMessageContaining("constraints");
        }
      }
    }
  }
}
