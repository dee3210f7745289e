package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.JvmProcess;
import io.rustlsjvm.demo.cluster.Role;
import io.rustlsjvm.demo.report.ChannelRow;
import io.rustlsjvm.demo.report.TlsObservation;
import io.rustlsjvm.demo.stores.CertificateAuthority;
import io.rustlsjvm.demo.stores.KeystoreFile;
import io.rustlsjvm.demo.stores.TlsContexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Stores that are named from the working directory, as YARN ships them into its containers (S10),
 * with the limits, times and suites that the guides recommend (S11).
 */
class YarnContainerIT {
  private static final String RECOMMENDED =
      "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,"
          + "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";

  @Test
  void jobIsExact() throws IOException {
    Path folder = Setup.folder("yarn-container");
    CertificateAuthority authority =
        CertificateAuthority.create(folder.resolve("ca"), "ca", Stores.RSA_BITS);
    // One for all nodes: several names, one of them a wildcard.
    KeystoreFile key =
        authority
            .request("flink.node")
            .names("dns:*.nodes.example.org,dns:edge.example.org," + Stores.HERE)
            .sign(Stores.RSA_BITS);
    KeystoreFile trusted = authority.truststore();
    Path container = Files.createDirectories(folder.resolve("container"));
    Path shipped = Files.createDirectories(container.resolve("deploy-keys"));
    Files.copy(key.file(), shipped.resolve("node.keystore"));
    Files.copy(trusted.file(), shipped.resolve("ca.truststore"));

    Map<String, String> options = new TreeMap<>();
    options.put("security.ssl.provider", "RUSTLS");
    options.put("security.ssl.internal.enabled", "true");
    options.put("security.ssl.rest.enabled", "true");
    options.put("security.ssl.keystore", "deploy-keys/node.keystore");
    options.put("security.ssl.keystore-password", key.storePassword());
    options.put("security.ssl.key-password", key.keyPassword());
    options.put("security.ssl.truststore", "deploy-keys/ca.truststore");
    options.put("security.ssl.truststore-password", trusted.storePassword());
    options.put("security.ssl.protocol", "TLSv1.2");
    options.put("security.ssl.algorithms", RECOMMENDED);
    options.put("security.ssl.internal.session-cache-size", "1024");
    options.put("security.ssl.internal.session-timeout", "86400000");
    options.put("security.ssl.internal.handshake-timeout", "30000");
    options.put("security.ssl.internal.close-notify-flush-timeout", "5000");
    TlsObservation tls = new TlsObservation(folder.resolve("tls"));
    try (Cluster cluster =
        Cluster.builder(folder, Setup.flink())
            .jars(List.of(Setup.plugin()))
            .options(options)
            .workingFolder(container)
            .jvmOptions(
                (any, role) -> {
                  List<String> java = new ArrayList<>(tls.countersOfRustls(role));
                  java.addAll(tls.handshakesOfJdk(role));
                  return java;
                })
            .restTls(TlsContexts.of(trusted, null))
            .build()
            .start()) {
      Clusters.runJob(cluster);
      for (JvmProcess process : cluster.processes().values()) {
        assertThat(warnings(process)).as(process.name()).isNotEmpty();
        for (String warning : warnings(process)) {
          assertThat(warning)
              .contains("WARN", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256")
              .contains("TLS_DHE_RSA_WITH_AES_256_GCM_SHA384");
        }
      }
      cluster.stop();

      List<ChannelRow> rows = tls.of(cluster);
      Clusters.assertProvider(rows, "RUSTLS", "rpc", "data", "blob", "rest-server", "rest-client");
      for (Role role : List.of(Role.taskManager(1), Role.taskManager(2), Role.JOB_MANAGER)) {
        assertThat(tls.of(cluster, role))
            .as(role.name())
            .filteredOn(row -> row.handshakes() > 0)
            .extracting(ChannelRow::cipherSuite)
            .containsOnly("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
      }
    }
  }

  private static List<String> warnings(JvmProcess process) throws IOException {
    List<String> warnings = new ArrayList<>();
    for (String line : process.log().split("\n")) {
      if (line.contains("WARN") && line.contains("security.ssl.algorithms")) {
        warnings.add(line);
      }
    }
    return warnings;
  }
}
