package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.AlgorithmConstraints;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings are worked out once, and never taken for others. */
class EngineTermsTest {
  private final ContextCore core = core();

  private static ContextCore core() {
    try (NativeStore keystore = TestKeys.CLIENT.keystore();
        NativeStore truststore = TestKeys.truststore(TestKeys.SERVER)) {
      return new ContextCore(
          new RustlsContextBuilder().keystore(keystore).truststore(truststore), null);
    } catch (StoreException e) {
      throw new IllegalStateException(e);
    }
  }

  private EngineTerms terms(Consumer<Settings> change) throws SSLException {
    Settings settings = new Settings(core.defaults(true));
    change.accept(settings);
    return settings.values().terms(core.nativeContext(), null);
  }

  @Test
  void equalSettingsComeToTheSame() throws Exception {
    EngineTerms first = terms(settings -> {});
    assertThat(terms(settings -> {})).isSameAs(first);
    String[] suites = {"TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"};
    EngineTerms fewer = terms(settings -> settings.setEnabledCipherSuites(suites));
    assertThat(fewer.number).isNotEqualTo(first.number).isPositive();
    assertThat(terms(settings -> settings.setEnabledCipherSuites(suites)).number)
        .isEqualTo(fewer.number);
  }

  /** They may differ with each connection, and are no part of it. */
  @Test
  void namesAndSelectorsMakeNoOthers() throws Exception {
    long number = terms(settings -> {}).number;
    for (String name : new String[] {"a.example", "b.example"}) {
      assertThat(
              terms(
                      settings -> {
                        SSLParameters parameters = settings.getSSLParameters(name);
                        settings.setSSLParameters(parameters);
                      })
                  .number)
          .isEqualTo(number);
    }
    assertThat(terms(settings -> settings.setEngineSelector((engine, offered) -> "")).number)
        .isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mode",
        "protocols",
        "authentication",
        "order",
        "check",
        "alpn",
        "size",
        "schemes"
      })
  void whatTheNativeSideIsToldMakesOthers(String what) throws Exception {
    String schemes = "jdk.tls.client.SignatureSchemes";
    EngineTerms usual = terms(settings -> {});
    try {
      EngineTerms other =
          terms(
              settings -> {
                SSLParameters parameters = settings.getSSLParameters(null);
                switch (what) {
                  case "mode":
                    // What clients and servers ask for alike is the same for both.
                    parameters.setNeedClientAuth(true);
                    settings.setUseClientMode(false);
                    break;
                  case "protocols":
                    parameters.setProtocols(new String[] {"TLSv1.2"});
                    break;
                  case "authentication":
                    parameters.setWantClientAuth(true);
                    break;
                  case "order":
                    parameters.setUseCipherSuitesOrder(false);
                    break;
                  case "check":
                    parameters.setEndpointIdentificationAlgorithm("HTTPS");
                    break;
                  case "alpn":
                    parameters.setApplicationProtocols(new String[] {"h2"});
                    break;
                  case "size":
                    parameters.setMaximumPacketSize(1_000);
                    break;
                  default:
                    System.setProperty(schemes, "rsa_pss_rsae_sha256");
                }
                settings.setSSLParameters(parameters);
              });
      assertThat(other.number).isNotEqualTo(usual.number);
    } finally {
      System.clearProperty(schemes);
    }
    assertThat(terms(settings -> {}).number).isEqualTo(usual.number);
  }

  @Test
  void constraintsAreAskedForEachConnection() throws Exception {
    AtomicBoolean permitted = new AtomicBoolean(true);
    SSLEngine[] engines = new SSLEngine[2];
    AlgorithmConstraints constraints = new TestConstraints(name -> permitted.get(), permitted::get);
    for (int i = 0; i < engines.length; i++) {
      engines[i] = new RustlsEngine(core, "localhost", 1);
      engines[i].setUseClientMode(true);
      SSLParameters parameters = engines[i].getSSLParameters();
      parameters.setAlgorithmConstraints(constraints);
      engines[i].setSSLParameters(parameters);
    }
    engines[0].beginHandshake();
    permitted.set(false);
    assertThatThrownBy(engines[1]::beginHandshake)
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("protocol");
  }

  /** More settings than the native side keeps, and again those that had to make room. */
  @ParameterizedTest
  @EnumSource(
      value = TestContexts.class,
      names = {"STORES", "MANAGERS"})
  void settingsWithoutEndDoNotGrowAndStillWork(TestContexts contexts) throws Exception {
    SSLContext client = contexts.client();
    SSLContext server = contexts.server();
    for (int round = 0; round < 2; round++) {
      for (int size = 1_000; size < 1_070; size++) {
        SSLEngine engine = client.createSSLEngine("localhost", 1);
        engine.setUseClientMode(true);
        limit(engine, size);
        engine.beginHandshake();
      }
      EnginePair pair = EnginePair.of(client, server).protocols("TLSv1.2").mutual();
      limit(pair.client, 1_000 + round);
      pair.handshake().exchange();
    }
  }

  private static void limit(SSLEngine engine, int size) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setMaximumPacketSize(size);
    engine.setSSLParameters(parameters);
  }

  @Test
  void forgottenTermsAreWorkedOutAnew() throws Exception {
    EngineSettings settings = new Settings(core.defaults(true)).values();
    EngineTerms first = settings.terms(core.nativeContext(), null);
    EngineTerms again = settings.terms(core.nativeContext(), first);
    assertThat(again).isNotSameAs(first);
    assertThat(again.number).isEqualTo(first.number);
    assertThat(settings.terms(core.nativeContext(), null)).isSameAs(again);
  }
}
