package io.rustlsjvm.it;

import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.Role;
import io.rustlsjvm.demo.report.TlsObservation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A job on a cluster in the middle of an upgrade: one TaskManager has another provider (S12). */
class MixedClusterIT {
  @ParameterizedTest
  @CsvSource({"RUSTLS,JDK", "JDK,RUSTLS"})
  void jobIsExact(String provider, String odd) throws IOException {
    Path folder = Setup.folder("mixed-cluster-" + provider);
    TlsObservation tls = new TlsObservation(folder.resolve("tls"));
    Map<String, String> options =
        Stores.with(
            Stores.internalOptions(provider, Stores.get().internalNamed()),
            "security.ssl.algorithms",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    try (Cluster cluster =
        Clusters.describe(folder, tls, options)
            .options(Role.taskManager(1), Map.of("security.ssl.provider", odd))
            .build()
            .start()) {
      Clusters.runJob(cluster);
      cluster.stop();

      Clusters.assertProvider(tls.of(cluster, Role.taskManager(1)), odd, "rpc", "data", "blob");
      Clusters.assertProvider(
          tls.of(cluster, Role.taskManager(2)), provider, "rpc", "data", "blob");
      Clusters.assertProvider(tls.of(cluster, Role.JOB_MANAGER), provider, "rpc", "rest-server");
    }
  }
}
