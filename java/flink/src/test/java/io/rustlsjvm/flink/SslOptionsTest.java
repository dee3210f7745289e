package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.Supplier;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SslOptionsTest {
  private final Configuration config = new Configuration();
  private final Options options = new FlinkOptions(config);

  @Test
  void isOursOnlyWhenNamed() {
    assertThat(FlinkOptions.isRustls(null)).isFalse();
    assertThat(FlinkOptions.isRustls(config)).isFalse();
    for (String other : new String[] {"JDK", "OPENSSL", "RUST", ""}) {
      config.setString("security.ssl.provider", other);
      assertThat(FlinkOptions.isRustls(config)).as(other).isFalse();
    }
    for (String ours : new String[] {"RUSTLS", "rustls", "Rustls"}) {
      config.setString("security.ssl.provider", ours);
      assertThat(FlinkOptions.isRustls(config)).as(ours).isTrue();
    }
  }

  @Test
  void hasFlinksDefaults() {
    assertThat(SslOptions.protocol(options)).isEqualTo("TLSv1.2");
    assertThat(options.defaults().algorithms()).contains("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    assertThat(SslOptions.sessionCacheSize(options)).isEqualTo(-1);
    assertThat(SslOptions.sessionTimeoutSeconds(options)).isEqualTo(-1);
    assertThat(SslOptions.handshakeTimeoutMillis(options)).isEqualTo(-1);
    assertThat(SslOptions.closeNotifyFlushTimeoutMillis(options)).isEqualTo(-1);
    assertThat(SslOptions.verifiesInternalHostname(options)).isFalse();
    assertThat(SslOptions.verifiesRestHostname(options)).as("default of 2.3").isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"security.ssl.internal.", "security.ssl."})
  void readsTuningByNewAndOldKeys(String prefix) {
    config.setString(prefix + "session-cache-size", "17");
    config.setString(prefix + "session-timeout", "90000");
    config.setString(prefix + "handshake-timeout", "1234");
    config.setString(prefix + "close-notify-flush-timeout", "567");
    assertThat(SslOptions.sessionCacheSize(options)).isEqualTo(17);
    assertThat(SslOptions.sessionTimeoutSeconds(options)).isEqualTo(90);
    assertThat(SslOptions.handshakeTimeoutMillis(options)).isEqualTo(1234);
    assertThat(SslOptions.closeNotifyFlushTimeoutMillis(options)).isEqualTo(567);
  }

  @Test
  void takesZeroForTheDefaultAsNettyDoes() {
    config.setString("security.ssl.internal.session-cache-size", "0");
    config.setString("security.ssl.internal.session-timeout", "0");
    assertThat(SslOptions.sessionCacheSize(options)).isEqualTo(-1);
    assertThat(SslOptions.sessionTimeoutSeconds(options)).isEqualTo(-1);
    config.setString("security.ssl.internal.session-timeout", "20");
    assertThat(SslOptions.sessionTimeoutSeconds(options)).as("not 0").isEqualTo(1);
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
    assertThat(SslOptions.verifiesRestHostname(options)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pekko.ssl.enabled", "akka.ssl.enabled"})
  void knowsRpcsSwitch(String key) {
    assertThat(SslOptions.isEnabled(options, Channel.RPC_SERVER)).isFalse();
    config.setString("security.ssl.internal.enabled", "true");
    assertThat(SslOptions.isEnabled(options, Channel.RPC_SERVER)).isTrue();
    config.setString(key, "false");
    assertThat(SslOptions.isEnabled(options, Channel.RPC_SERVER)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"reload-interval,PT10S", "expiry-warning,PT720H"})
  void readsTimeSpans(String name, Duration otherwise) {
    Supplier<Duration> option =
        name.startsWith("reload")
            ? () -> SslOptions.reloadInterval(options)
            : () -> SslOptions.expiryWarning(options);
    String key = "security.ssl.rustls." + name;
    assertThat(option.get()).isEqualTo(otherwise);
    config.setString(key, "0");
    assertThat(option.get()).isZero();
    config.setString(key, "2 min");
    assertThat(option.get()).isEqualTo(Duration.ofMinutes(2));
    for (String wrong : new String[] {"often", "-1 s"}) {
      config.setString(key, wrong);
      assertThatThrownBy(option::get)
          .isInstanceOf(OptionException.class)
          .hasMessageContaining(key)
          .hasMessageContaining(wrong);
    }
  }
}
