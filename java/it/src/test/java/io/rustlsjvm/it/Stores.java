package io.rustlsjvm.it;

import io.rustlsjvm.demo.stores.CertificateAuthority;
import io.rustlsjvm.demo.stores.KeystoreFile;
import io.rustlsjvm.demo.stores.TlsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Keys and certificates that several tests use; made once, because that takes time. */
final class Stores {
  /** The names of this machine that certificates hold for, as keytool takes them. */
  static final String HERE = "dns:localhost,ip:127.0.0.1";

  static final int RSA_BITS = 2048;

  private static Stores made;

  private final Path folder;
  private final KeystoreFile internal;
  private final KeystoreFile internalNamed;
  private final CertificateAuthority authority;
  private final KeystoreFile trusted;
  private final KeystoreFile server;
  private final KeystoreFile client;
  private final KeystoreFile stranger;

  private Stores() throws IOException {
    folder = Setup.folder("stores");
    internal =
        KeystoreFile.selfSigned(
            folder.resolve("internal.keystore"),
            "flink.internal",
            "internal_store_password",
            "CN=flink.internal",
            "-keyalg",
            "RSA",
            "-keysize",
            "4096",
            "-storetype",
            "PKCS12");
    internalNamed =
        KeystoreFile.selfSigned(
            folder.resolve("internal-named.keystore"),
            "flink.internal",
            "internal_store_password",
            "CN=flink.internal",
            "-keyalg",
            "RSA",
            "-keysize",
            "2048",
            "-storetype",
            "PKCS12",
            "-ext",
            "SAN=" + HERE);
    authority = CertificateAuthority.create(folder, "company", RSA_BITS);
    trusted = authority.truststore();
    server = authority.request("flink.rest").names(HERE).sign(RSA_BITS);
    client = authority.request("flink.client").sign(RSA_BITS);
    CertificateAuthority other =
        CertificateAuthority.create(
            Files.createDirectories(folder.resolve("other")), "stranger", RSA_BITS);
    stranger = other.request("stranger.client").names(HERE).sign(RSA_BITS);
  }

  /**
   * The stores, made at the first call.
   *
   * @throws IOException when keytool fails
   */
  static synchronized Stores get() throws IOException {
    if (made == null) {
      made = new Stores();
    }
    return made;
  }

  /** Where they are. */
  Path folder() {
    return folder;
  }

  /**
   * RSA 4096, self-signed, without names: as Flink's documentation has it for internal channels.
   */
  KeystoreFile internal() {
    return internal;
  }

  /** The same with the names of this machine, which the JDK's TLS asks for since Flink 2.3. */
  KeystoreFile internalNamed() {
    return internalNamed;
  }

  /** Signs certificates. */
  CertificateAuthority authority() {
    return authority;
  }

  /** Holds the authority's certificate. */
  KeystoreFile trusted() {
    return trusted;
  }

  /** The REST endpoint's key, signed by the authority. */
  KeystoreFile server() {
    return server;
  }

  /** A REST client's key, signed by the authority. */
  KeystoreFile client() {
    return client;
  }

  /** A key signed by another authority. */
  KeystoreFile stranger() {
    return stranger;
  }

  /**
   * The provider, and internal TLS with one key for everyone.
   *
   * @param provider such as RUSTLS
   * @param key the key, which is the truststore, too
   */
  static Map<String, String> internalOptions(String provider, KeystoreFile key) {
    return internalOptions(provider, key, key);
  }

  /**
   * The provider, and internal TLS.
   *
   * @param provider such as RUSTLS
   * @param key the keystore
   * @param trusted the truststore
   */
  static Map<String, String> internalOptions(
      String provider, KeystoreFile key, KeystoreFile trusted) {
    Map<String, String> options = new TreeMap<>(TlsOptions.internal(key, trusted));
    options.put("security.ssl.provider", provider);
    return options;
  }

  /**
   * The provider, and TLS for REST.
   *
   * @param provider such as RUSTLS
   * @param key the keystore; null for none
   * @param trusted the truststore
   * @param mutual whether clients have to show a certificate
   */
  static Map<String, String> restOptions(
      String provider, KeystoreFile key, KeystoreFile trusted, boolean mutual) {
    Map<String, String> options = new TreeMap<>(TlsOptions.rest(key, trusted, mutual));
    options.put("security.ssl.provider", provider);
    return options;
  }

  /**
   * Options and more options.
   *
   * @param options the options
   * @param more keys and values in turn; they win
   */
  static Map<String, String> with(Map<String, String> options, String... more) {
    Map<String, String> all = new TreeMap<>(options);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }
}
