package io.rustlsjvm.demo;

import io.rustlsjvm.demo.cluster.Role;
import io.rustlsjvm.demo.stores.CertificateAuthority;
import io.rustlsjvm.demo.stores.KeystoreFile;
import io.rustlsjvm.demo.stores.TlsContexts;
import io.rustlsjvm.demo.stores.TlsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;

/** The demo's keys and certificates, made in the way of Flink's documentation. */
final class DemoStores {
  private static final int RSA_BITS = 4096;
  private static final String NAMES = "dns:localhost,ip:127.0.0.1";

  private final KeystoreFile internal;
  private final CertificateAuthority authority;
  private final KeystoreFile trusted;
  private final KeystoreFile server;
  private final KeystoreFile client;

  /**
   * Makes them.
   *
   * @param folder where to
   * @param namesInInternal whether the internal certificate names this host. The documentation's
   *     does not; the JDK's TLS on Flink 2.3 insists on it.
   * @throws IOException when keytool fails
   */
  DemoStores(Path folder, boolean namesInInternal) throws IOException {
    Files.createDirectories(folder);
    String[] plain = {"-keyalg", "RSA", "-keysize", "4096", "-storetype", "PKCS12"};
    String[] named = {
      "-keyalg", "RSA", "-keysize", "4096", "-storetype", "PKCS12", "-ext", "SAN=" + NAMES
    };
    internal =
        KeystoreFile.selfSigned(
            folder.resolve("internal.keystore"),
            "flink.internal",
            "internal_store_password",
            "CN=flink.internal",
            namesInInternal ? named : plain);
    authority = CertificateAuthority.create(folder, "ca", RSA_BITS);
    trusted = authority.truststore();
    server = authority.request("flink.rest").names(NAMES).sign(RSA_BITS);
    client = authority.request("flink.client").sign(RSA_BITS);
  }

  /** Options for all processes. */
  Map<String, String> options() {
    Map<String, String> options = new TreeMap<>(TlsOptions.internal(internal, internal));
    options.putAll(TlsOptions.rest(server, trusted, true));
    return options;
  }

  /** Options for one process alone: the client shows its own certificate. */
  Map<String, String> options(Role role) {
    return role.equals(Role.CLIENT) ? TlsOptions.rest(client, trusted, true) : Map.of();
  }

  /**
   * How the demo's own HTTP client gets in.
   *
   * @throws IOException when a store cannot be read
   */
  SSLContext clientContext() throws IOException {
    return TlsContexts.of(trusted, client);
  }

  /**
   * The authority's certificate for curl.
   *
   * @throws IOException when openssl fails
   */
  Path authorityPem() throws IOException {
    return authority.certificatePem();
  }

  /**
   * The client's certificate and key for curl.
   *
   * @throws IOException when openssl fails
   */
  Path clientPem(Path target) throws IOException {
    return client.exportPem(target);
  }
}
