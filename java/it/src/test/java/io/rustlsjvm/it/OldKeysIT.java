package io.rustlsjvm.it;

import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.Role;
import io.rustlsjvm.demo.report.TlsObservation;
import io.rustlsjvm.demo.stores.CertificateAuthority;
import io.rustlsjvm.demo.stores.KeystoreFile;
import io.rustlsjvm.demo.stores.TlsContexts;
import io.rustlsjvm.demo.stores.TlsOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The options without {@code internal} and {@code rest}, JKS stores, a keystore for each node under
 * one authority, and a key's password that is not its store's (S9).
 */
class OldKeysIT {
  @Test
  void jobIsExact() throws IOException {
    Path folder = Setup.folder("old-keys");
    CertificateAuthority authority =
        CertificateAuthority.create(folder.resolve("stores"), "old-authority", Stores.RSA_BITS);
    KeystoreFile trusted = authority.truststore("-storetype", "JKS");
    KeystoreFile node1 = node(authority, "node1");
    KeystoreFile node2 = node(authority, "node2");

    Map<String, String> options = new TreeMap<>();
    options.put("security.ssl.provider", "RUSTLS");
    options.put("security.ssl.internal.enabled", "true");
    options.put("security.ssl.rest.enabled", "true");
    TlsOptions.key("security.ssl", node1, options);
    TlsOptions.trust("security.ssl", trusted, options);
    Map<String, String> second = new TreeMap<>();
    TlsOptions.key("security.ssl", node2, second);

    TlsObservation tls = new TlsObservation(folder.resolve("tls"));
    try (Cluster cluster =
        Cluster.builder(folder, Setup.flink())
            .jars(List.of(Setup.plugin()))
            .options(options)
            .options(Role.taskManager(2), second)
            .jvmOptions((any, role) -> tls.countersOfRustls(role))
            .restTls(TlsContexts.of(trusted, null))
            .build()
            .start()) {
      Clusters.runJob(cluster);
      cluster.stop();

      Clusters.assertProvider(
          tls.of(cluster, Role.taskManager(1)), "RUSTLS", "rpc", "data", "blob-client");
      Clusters.assertProvider(
          tls.of(cluster), "RUSTLS", "rpc", "data", "blob", "rest-server", "rest-client");
    }
  }

  private static KeystoreFile node(CertificateAuthority authority, String name) throws IOException {
    return authority
        .request(name)
        .storeType("JKS")
        .keyPassword(name + "_key_password")
        .names("dns:" + name + ".example.org," + Stores.HERE)
        .sign(Stores.RSA_BITS);
  }
}
