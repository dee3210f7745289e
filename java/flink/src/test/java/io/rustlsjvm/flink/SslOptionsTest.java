package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SslOptionsTest {
  private final Configuration config = new Configuration();

  @Test
  void isOursOnlyWhenNamed() {
    assertThat(SslOptions.isRustls(null)).isFalse();
    assertThat(SslOptions.isRustls(config)).isFalse();
    for (String other : new String[] {"JDK", "OPENSSL", "RUST", ""}) {
      config.setString("security.ssl.provider", other);
      assertThat(SslOptions.isRustls(config)).as(other).isFalse();
    }
    for (String ours : new String[] {"RUSTLS", "rustls", "Rustls"}) {
      config.setString("security.ssl.provider", ours);
      assertThat(SslOptions.isRustls(config)).as(ours).isTrue();
    }
  }

  @Test
  void hasFlinksDefaults() {
    assertThat(SslOptions.protocol(config)).isEqualTo("TLSv1.2");
    assertThat(SslOptions.defaultAlgorithms()).contains("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    assertThat(SslOptions.sessionCacheSize(config)).isEqualTo(-1);
    assertThat(SslOptions.sessionTimeoutSeconds(config)).isEqualTo(-1);
    assertThat(SslOptions.handshakeTimeoutMillis(config)).isEqualTo(-1);
    assertThat(SslOptions.closeNotifyFlushTimeoutMillis(config)).isEqualTo(-1);
    assertThat(SslOptions.verifiesInternalHostname(config)).isFalse();
    assertThat(SslOptions.verifiesRestHostname(config)).as("default of 2.3").isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"security.ssl.internal.", "security.ssl."})
  void readsTuningByNewAndOldKeys(String prefix) {
    config.setString(prefix + "session-cache-size", "17");
    config.setString(prefix + "session-timeout", "90000");
    config.setString(prefix + "handshake-timeout", "1234");
    config.setString(prefix + "close-notify-flush-timeout", "567");
    assertThat(SslOptions.sessionCacheSize(config)).isEqualTo(17);
    assertThat(SslOptions.sessionTimeoutSeconds(config)).isEqualTo(90);
    assertThat(SslOptions.handshakeTimeoutMillis(config)).isEqualTo(1234);
    assertThat(SslOptions.closeNotifyFlushTimeoutMillis(config)).isEqualTo(567);
  }

  @Test
  void takesZeroForTheDefaultAsNettyDoes() {
    config.setString("security.ssl.internal.session-cache-size", "0");
    config.setString("security.ssl.internal.session-timeout", "0");
    assertThat(SslOptions.sessionCacheSize(config)).isEqualTo(-1);
    assertThat(SslOptions.sessionTimeoutSeconds(config)).isEqualTo(-1);
    config.setString("security.ssl.internal.session-timeout", "20");
    assertThat(SslOptions.sessionTimeoutSeconds(config)).as("not 0").isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "true,,true",
    "false,,false",
    ",true,true",
    ",false,false",
    "true,false,true",
    "false,true,false"
  })
  void checksRestHostNamesAsToldByEitherOption(String rest, String common, boolean expected) {
    if (rest != null) {
      config.setString("security.ssl.rest.verify-hostname", rest);
    }
    if (common != null) {
      config.setString("security.ssl.verify-hostname", common);
    }
    assertThat(SslOptions.verifiesRestHostname(config)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pekko.ssl.enabled", "akka.ssl.enabled"})
  void knowsRpcsSwitch(String key) {
    assertThat(SslOptions.isRpcEnabled(config)).isFalse();
    config.setString("security.ssl.internal.enabled", "true");
    assertThat(SslOptions.isRpcEnabled(config)).isTrue();
    config.setString(key, "false");
    assertThat(SslOptions.isRpcEnabled(config)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"reload-interval,PT10S", "expiry-warning,PT720H"})
  void readsTimeSpans(String name, Duration otherwise) {
    ConfigOption<Duration> option =
        name.startsWith("reload") ? SslOptions.RELOAD_INTERVAL : SslOptions.EXPIRY_WARNING;
    String key = "security.ssl.rustls." + name;
    assertThat(option.key()).isEqualTo(key);
    assertThat(SslOptions.duration(config, option)).isEqualTo(otherwise);
    config.setString(key, "0");
    assertThat(SslOptions.duration(config, option)).isZero();
    config.setString(key, "2 min");
    assertThat(SslOptions.duration(config, option)).isEqualTo(Duration.ofMinutes(2));
    for (String wrong : new String[] {"often", "-1 s"}) {
      config.setString(key, wrong);
      assertThatThrownBy(() -> SslOptions.duration(config, option))
          .isInstanceOf(IllegalConfigurationException.class)
          .hasMessageContaining(key)
          .hasMessageContaining(wrong);
    }
  }
}
