package io.rustlsjvm.demo.stores;

import java.util.Map;
import java.util.TreeMap;

/** Flink's TLS options for given stores. */
public final class TlsOptions {
  private TlsOptions() {}

  /**
   * TLS on the channels inside the cluster.
   *
   * @param key what every process shows
   * @param trusted whom every process trusts
   */
  public static Map<String, String> internal(KeystoreFile key, KeystoreFile trusted) {
    Map<String, String> options = new TreeMap<>();
    options.put("security.ssl.internal.enabled", "true");
    key("security.ssl.internal", key, options);
    trust("security.ssl.internal", trusted, options);
    return options;
  }

  /**
   * TLS on the REST endpoint.
   *
   * @param key what the endpoint shows, and clients when it asks them
   * @param trusted whom clients trust, and the endpoint when it asks them
   * @param mutual whether clients have to show a certificate
   */
  public static Map<String, String> rest(KeystoreFile key, KeystoreFile trusted, boolean mutual) {
    Map<String, String> options = new TreeMap<>();
    options.put("security.ssl.rest.enabled", "true");
    options.put("security.ssl.rest.authentication-enabled", String.valueOf(mutual));
    if (key != null) {
      key("security.ssl.rest", key, options);
    }
    trust("security.ssl.rest", trusted, options);
    return options;
  }

  /**
   * Options that name a keystore.
   *
   * @param prefix of the options' keys, such as {@code security.ssl.rest}
   * @param key the keystore
   * @param options where to put them
   */
  public static void key(String prefix, KeystoreFile key, Map<String, String> options) {
    options.put(prefix + ".keystore", key.file().toString());
    options.put(prefix + ".keystore-password", key.storePassword());
    options.put(prefix + ".key-password", key.keyPassword());
  }

  /**
   * Options that name a truststore.
   *
   * @param prefix of the options' keys, such as {@code security.ssl.rest}
   * @param trusted the truststore
   * @param options where to put them
   */
  public static void trust(String prefix, KeystoreFile trusted, Map<String, String> options) {
    options.put(prefix + ".truststore", trusted.file().toString());
    options.put(prefix + ".truststore-password", trusted.storePassword());
  }
}
