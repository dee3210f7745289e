package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rustlsjvm.jsse.RustlsProvider;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class CipherSuitesTest {
  private static final List<String> TLS12 = List.of("TLSv1.2");
  private static final List<String> TLS13 = List.of("TLSv1.3");
  private static final List<String> BOTH = List.of("TLSv1.2", "TLSv1.3");

  /** Flink 2.0.1's default, which rustls does not have. */
  private static final String CBC = "TLS_RSA_WITH_AES_128_CBC_SHA";

  private static final String GCM_128 = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
  private static final String GCM_256 = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";

  @Test
  void knowsJustWhatTheLibraryHas() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS", new RustlsProvider());
    context.init(null, null, null);
    assertThat(CipherSuites.SUPPORTED)
        .containsExactlyInAnyOrder(context.getDefaultSSLParameters().getCipherSuites());
  }

  /** The list that Flink's guides recommend. */
  @Test
  void leavesOutWhatRustlsLacksAndKeepsTheOrder() {
    CipherSuites suites =
        CipherSuites.configured(
            "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256, "
                + GCM_128
                + ",TLS_DHE_RSA_WITH_AES_256_GCM_SHA384,"
                + GCM_256,
            TLS12);
    assertThat(suites.names()).containsExactly(GCM_128, GCM_256);
    assertThat(suites.leftOut())
        .containsExactly(
            "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384");
  }

  @Test
  void namesWhatWouldWorkWhereNothingIsLeft() {
    assertThatThrownBy(() -> CipherSuites.configured(CBC, TLS12))
        .isInstanceOf(OptionException.class)
        .hasMessageContaining("security.ssl.algorithms")
        .hasMessageContaining(CBC)
        .hasMessageContaining(GCM_128)
        .hasMessageContaining("or remove the option");
  }

  @Test
  void refusesSuitesOfAnotherProtocol() {
    assertThatThrownBy(() -> CipherSuites.configured(GCM_128, TLS13))
        .isInstanceOf(OptionException.class)
        .hasMessageContaining("security.ssl.protocol: TLSv1.3")
        .hasMessageContaining("TLS_AES_128_GCM_SHA256");
  }

  @Test
  void tellsWhichProtocolHasNoSuite() {
    CipherSuites suites = CipherSuites.configured(GCM_128, BOTH);
    assertThat(suites.withoutSuite(BOTH)).containsExactly("TLSv1.3");
    assertThat(suites.withoutSuite(TLS12)).isEmpty();
  }

  @Test
  void takesFlinksDefaultWhereItCan() {
    CipherSuites suites = CipherSuites.unset(GCM_128 + "," + GCM_256, TLS12);
    assertThat(suites.names()).containsExactly(GCM_128, GCM_256);
    assertThat(suites.leftOut()).isEmpty();
  }

  @Test
  void takesAllOfAProtocolThatFlinksDefaultHasNoneFor() {
    assertThat(CipherSuites.unset(CBC, TLS12).names())
        .hasSize(6)
        .allMatch(name -> name.startsWith("TLS_ECDHE_"));
    assertThat(CipherSuites.unset(CBC, TLS12).leftOut()).isEmpty();
    assertThat(CipherSuites.unset(GCM_128, TLS13).names())
        .containsExactly(
            "TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256");
    assertThat(CipherSuites.unset(GCM_128, BOTH).names())
        .containsExactly(
            GCM_128,
            "TLS_AES_256_GCM_SHA384",
            "TLS_AES_128_GCM_SHA256",
            "TLS_CHACHA20_POLY1305_SHA256");
  }
}
