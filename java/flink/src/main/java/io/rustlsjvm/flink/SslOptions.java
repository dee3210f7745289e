package io.rustlsjvm.flink;

import java.time.Duration;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.SecurityOptions;

/**
 * Flink's TLS options, read by their keys: which constants {@code SecurityOptions} has differs
 * between versions of Flink.
 */
public final class SslOptions {
  static final String PROVIDER = "security.ssl.provider";
  static final String PROTOCOL = "security.ssl.protocol";
  static final String ALGORITHMS = "security.ssl.algorithms";
  static final String VERIFY_HOSTNAME = "security.ssl.verify-hostname";
  static final String REST_VERIFY_HOSTNAME = "security.ssl.rest.verify-hostname";
  static final String INTERNAL_VERIFY_HOSTNAME = "security.ssl.rustls.internal.verify-hostname";

  /** How often changed keystores and truststores are looked for; zero for never. */
  static final ConfigOption<Duration> RELOAD_INTERVAL =
      ConfigOptions.key("security.ssl.rustls.reload-interval")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription(
              "How often changed keystores and truststores are looked for, to be used for new"
                  + " connections of every channel. 0 for never.");

  /** How long before its end a certificate is warned of. */
  static final ConfigOption<Duration> EXPIRY_WARNING =
      ConfigOptions.key("security.ssl.rustls.expiry-warning")
          .durationType()
          .defaultValue(Duration.ofDays(30))
          .withDescription(
              "How long before it expires a certificate of a keystore or truststore is warned of"
                  + " in the log, at start, when it is loaded anew, and once a day.");

  private static final String NAME = "RUSTLS";
  private static final String DEFAULT_PROTOCOL = "TLSv1.2";

  private SslOptions() {}

  /** Whether TLS is ours to do; without regard to whether any channel has TLS. */
  public static boolean isRustls(Configuration config) {
    return config != null && NAME.equalsIgnoreCase(text(config, PROVIDER).orElse(""));
  }

  static Optional<String> text(Configuration config, String key) {
    return config.getOptional(ConfigOptions.key(key).stringType().noDefaultValue());
  }

  /**
   * A time span.
   *
   * @throws IllegalConfigurationException naming the option where it is none, or negative
   */
  static Duration duration(Configuration config, ConfigOption<Duration> option) {
    Duration value;
    try {
      value = config.get(option);
    } catch (IllegalArgumentException e) {
      throw new IllegalConfigurationException(
          option.key() + " is no time span such as 10 s, 2 min or 30 d: " + e.getMessage(), e);
    }
    if (value.isNegative()) {
      throw new IllegalConfigurationException(
          option.key() + " is negative: " + text(config, option.key()).orElse(""));
    }
    return value;
  }

  /** A comma-separated list of protocols. */
  static String protocol(Configuration config) {
    return text(config, PROTOCOL).orElse(DEFAULT_PROTOCOL);
  }

  /** The comma-separated suites that this version of Flink has by default. */
  static String defaultAlgorithms() {
    return SecurityOptions.SSL_ALGORITHMS.defaultValue();
  }

  /** Sessions kept; -1 for the library's default, which in Flink 0 stands for too. */
  static int sessionCacheSize(Configuration config) {
    int sessions = internalNumber(config, "session-cache-size");
    return sessions <= 0 ? -1 : sessions;
  }

  /** Seconds, at least one; -1 for the library's default. Flink has it in milliseconds. */
  static int sessionTimeoutSeconds(Configuration config) {
    int millis = internalNumber(config, "session-timeout");
    return millis <= 0 ? -1 : Math.max(1, millis / 1000);
  }

  /** Milliseconds; -1 for Netty's default. */
  static int handshakeTimeoutMillis(Configuration config) {
    return internalNumber(config, "handshake-timeout");
  }

  /** Milliseconds; -1 for Netty's default. */
  static int closeNotifyFlushTimeoutMillis(Configuration config) {
    return internalNumber(config, "close-notify-flush-timeout");
  }

  /** Whether Flink's RPC has TLS at all. */
  static boolean isRpcEnabled(Configuration config) {
    ConfigOption<Boolean> rpc =
        ConfigOptions.key("pekko.ssl.enabled")
            .booleanType()
            .defaultValue(true)
            .withDeprecatedKeys("akka.ssl.enabled");
    return SecurityOptions.isInternalSSLEnabled(config) && config.get(rpc);
  }

  /**
   * Whether a REST client checks the server's name: the option of Flink 2.3 if set, else the one
   * that all have, with that Flink's default.
   */
  static boolean verifiesRestHostname(Configuration config) {
    return flag(config, REST_VERIFY_HOSTNAME)
        .or(() -> flag(config, VERIFY_HOSTNAME))
        .orElseGet(SslOptions::verifiesHostnameByDefault);
  }

  /** True up to Flink 2.2, false in 2.3, where the option is deprecated: it may be gone later. */
  @SuppressWarnings("deprecation")
  private static boolean verifiesHostnameByDefault() {
    try {
      return SecurityOptions.SSL_VERIFY_HOSTNAME.defaultValue();
    } catch (NoSuchFieldError e) {
      return false;
    }
  }

  /** Whether the clients of internal channels check the server's name; Flink's never do. */
  static boolean verifiesInternalHostname(Configuration config) {
    return flag(config, INTERNAL_VERIFY_HOSTNAME).orElse(false);
  }

  private static Optional<Boolean> flag(Configuration config, String key) {
    return config.getOptional(ConfigOptions.key(key).booleanType().noDefaultValue());
  }

  private static int internalNumber(Configuration config, String name) {
    return config.get(
        ConfigOptions.key("security.ssl.internal." + name)
            .intType()
            .defaultValue(-1)
            .withDeprecatedKeys("security.ssl." + name));
  }
}
