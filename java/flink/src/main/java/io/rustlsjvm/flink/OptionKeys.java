package io.rustlsjvm.flink;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Every key that is read, so that one that is misspelt can be told of. */
public final class OptionKeys {
  private static final List<String> OF_STORES =
      List.of("keystore", "keystore-password", "key-password", "truststore", "truststore-password");

  private static final List<String> OF_ONE_FAMILY =
      List.of("enabled", "keystore-type", "truststore-type", "cert.fingerprint");

  private static final List<String> OF_TUNING =
      List.of(
          "session-cache-size",
          "session-timeout",
          "handshake-timeout",
          "close-notify-flush-timeout");

  private static final List<String> SINGLE =
      List.of(
          SslOptions.PROVIDER,
          SslOptions.PROTOCOL,
          SslOptions.ALGORITHMS,
          SslOptions.VERIFY_HOSTNAME,
          SslOptions.REST_VERIFY_HOSTNAME,
          SslOptions.REST_AUTHENTICATION,
          SslOptions.COMMON_ENABLED,
          SslOptions.DATA_ENABLED,
          SslOptions.BLOB_ENABLED,
          SslOptions.RPC_ENABLED,
          SslOptions.RPC_ENABLED_BEFORE,
          SslOptions.INTERNAL_VERIFY_HOSTNAME,
          SslOptions.RELOAD_INTERVAL,
          SslOptions.EXPIRY_WARNING);

  private OptionKeys() {}

  /** All of them: Flink's and ours, with fallbacks and old names. */
  public static Set<String> all() {
    Set<String> keys = new LinkedHashSet<>(SINGLE);
    for (String name : OF_STORES) {
      keys.add(Scope.common(name));
      for (Scope scope : Scope.values()) {
        keys.add(scope.key(name));
      }
    }
    for (Scope scope : Scope.values()) {
      OF_ONE_FAMILY.forEach(name -> keys.add(scope.key(name)));
    }
    for (String name : OF_TUNING) {
      keys.add(Scope.common(name));
      keys.add(Scope.INTERNAL.key(name));
    }
    return keys;
  }
}
