package io.rustlsjvm.flink;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Flink's TLS options, read by their keys: which constants {@code SecurityOptions} has differs
 * between versions of Flink.
 *
 * <p>Every method throws {@link OptionException} for a value that it cannot read.
 */
public final class SslOptions {
  public static final String PROVIDER = "security.ssl.provider";
  public static final String PROTOCOL = "security.ssl.protocol";
  public static final String ALGORITHMS = "security.ssl.algorithms";
  public static final String VERIFY_HOSTNAME = "security.ssl.verify-hostname";
  public static final String REST_VERIFY_HOSTNAME = "security.ssl.rest.verify-hostname";
  public static final String REST_AUTHENTICATION = "security.ssl.rest.authentication-enabled";
  public static final String INTERNAL_VERIFY_HOSTNAME =
      "security.ssl.rustls.internal.verify-hostname";
  public static final String RELOAD_INTERVAL = "security.ssl.rustls.reload-interval";
  public static final String EXPIRY_WARNING = "security.ssl.rustls.expiry-warning";
  public static final String COMMON_ENABLED = "security.ssl.enabled";
  public static final String DATA_ENABLED = "taskmanager.data.ssl.enabled";
  public static final String BLOB_ENABLED = "blob.service.ssl.enabled";
  public static final String RPC_ENABLED = "pekko.ssl.enabled";

  /** Flink 1's name of {@link #RPC_ENABLED}, which all versions know. */
  public static final String RPC_ENABLED_BEFORE = "akka.ssl.enabled";

  private static final String NAME = "RUSTLS";
  private static final String DEFAULT_PROTOCOL = "TLSv1.2";
  private static final int NETTY_HANDSHAKE_TIMEOUT_MILLIS = 10_000;
  private static final Optional<Boolean> NOT_SET = Optional.empty();

  private SslOptions() {}

  /** Whether TLS is ours to do; without regard to whether any channel has TLS. */
  public static boolean isRustls(Options options) {
    return NAME.equalsIgnoreCase(options.text(PROVIDER).orElse(""));
  }

  /** Whether a family of channels has TLS at all. */
  public static boolean isEnabled(Options options, Scope scope) {
    return flag(options, scope.key("enabled"))
        .or(() -> options.defaults().hasCommonSwitch() ? flag(options, COMMON_ENABLED) : NOT_SET)
        .orElse(false);
  }

  /** Whether a channel has TLS: its family, and where it has one, its own switch. */
  public static boolean isEnabled(Options options, Channel channel) {
    return isEnabled(options, channel.scope()) && isSwitchedOn(options, channel);
  }

  private static boolean isSwitchedOn(Options options, Channel channel) {
    switch (channel) {
      case RPC_SERVER:
      case RPC_CLIENT:
        return flag(options, RPC_ENABLED).or(() -> flag(options, RPC_ENABLED_BEFORE)).orElse(true);
      case DATA_SERVER:
      case DATA_CLIENT:
        return flag(options, DATA_ENABLED).orElse(true);
      case BLOB_SERVER:
      case BLOB_CLIENT:
        return flag(options, BLOB_ENABLED).orElse(true);
      default:
        return true;
    }
  }

  /** Whether REST servers ask for a certificate, and REST clients have one to show. */
  public static boolean authenticatesRest(Options options) {
    return isEnabled(options, Scope.REST) && flag(options, REST_AUTHENTICATION).orElse(false);
  }

  /** A comma-separated list of protocols. */
  static String protocol(Options options) {
    return options.text(PROTOCOL).orElse(DEFAULT_PROTOCOL);
  }

  /** Sessions kept; -1 for the library's default, which in Flink 0 stands for too. */
  static int sessionCacheSize(Options options) {
    int sessions = internalNumber(options, "session-cache-size");
    return sessions <= 0 ? -1 : sessions;
  }

  /** Seconds, at least one; -1 for the library's default. Flink has it in milliseconds. */
  static int sessionTimeoutSeconds(Options options) {
    int millis = internalNumber(options, "session-timeout");
    return millis <= 0 ? -1 : Math.max(1, millis / 1000);
  }

  /** Milliseconds; negative for Netty's default, zero for no limit. */
  public static int handshakeTimeoutMillis(Options options) {
    return internalNumber(options, "handshake-timeout");
  }

  /** Milliseconds; -1 for Netty's default. */
  public static int closeNotifyFlushTimeoutMillis(Options options) {
    return internalNumber(options, "close-notify-flush-timeout");
  }

  /** Of sockets without Netty, which have its default; zero for no limit. */
  static int socketHandshakeTimeoutMillis(Options options) {
    int millis = handshakeTimeoutMillis(options);
    return millis < 0 ? NETTY_HANDSHAKE_TIMEOUT_MILLIS : millis;
  }

  /**
   * Whether a REST client checks the server's name: the option of Flink 2.3 if set, else the one
   * that all have, with that Flink's default.
   */
  static boolean verifiesRestHostname(Options options) {
    return flag(options, REST_VERIFY_HOSTNAME)
        .or(() -> flag(options, VERIFY_HOSTNAME))
        .orElseGet(options.defaults()::verifiesHostname);
  }

  /** Whether the clients of internal channels check the server's name; Flink's never do. */
  static boolean verifiesInternalHostname(Options options) {
    return flag(options, INTERNAL_VERIFY_HOSTNAME).orElse(false);
  }

  /** How often changed keystores and truststores are looked for; zero for never. */
  static Duration reloadInterval(Options options) {
    return duration(options, RELOAD_INTERVAL, Duration.ofSeconds(10));
  }

  /** How long before its end a certificate is warned of. */
  public static Duration expiryWarning(Options options) {
    return duration(options, EXPIRY_WARNING, Duration.ofDays(30));
  }

  private static Duration duration(Options options, String key, Duration otherwise) {
    return options
        .text(key)
        .map(
            value -> {
              try {
                return Durations.parse(value);
              } catch (IllegalArgumentException e) {
                throw new OptionException(
                    key
                        + " is set to '"
                        + value
                        + "', which is no time span. Set it to one such as 10 s, 2 min or 30 d.",
                    e);
              }
            })
        .orElse(otherwise);
  }

  private static Optional<Boolean> flag(Options options, String key) {
    return options
        .text(key)
        .map(
            value -> {
              switch (value.toLowerCase(Locale.ROOT)) {
                case "true":
                  return true;
                case "false":
                  return false;
                default:
                  throw new OptionException(
                      key + " is set to '" + value + "'. Set it to true or false.");
              }
            });
  }

  private static int internalNumber(Options options, String name) {
    return number(options, Scope.INTERNAL.key(name))
        .or(() -> number(options, Scope.common(name)))
        .orElse(-1);
  }

  private static Optional<Integer> number(Options options, String key) {
    return options
        .text(key)
        .map(
            value -> {
              try {
                return Integer.valueOf(value);
              } catch (NumberFormatException e) {
                throw new OptionException(
                    key + " is set to '" + value + "'. Set it to a whole number.", e);
              }
            });
  }
}
