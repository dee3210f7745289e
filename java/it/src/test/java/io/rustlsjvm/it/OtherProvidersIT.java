package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.JvmProcess;
import io.rustlsjvm.demo.cluster.Role;
import io.rustlsjvm.demo.report.TlsObservation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The jar is in {@code lib}, but nobody asks for it: everything is Flink's own. */
class OtherProvidersIT {
  @Test
  void unsetAndJdkAreTheJdk() throws IOException {
    Path folder = Setup.folder("other-providers");
    TlsObservation tls = new TlsObservation(folder.resolve("tls"));
    Map<String, String> unset =
        new TreeMap<>(Stores.internalOptions("JDK", Stores.get().internalNamed()));
    unset.remove("security.ssl.provider");
    try (Cluster cluster =
        Clusters.describe(folder, tls, unset)
            .options(Role.taskManager(1), Map.of("security.ssl.provider", "JDK"))
            .build()
            .start()) {
      Clusters.runJob(cluster);
      for (JvmProcess process : cluster.processes().values()) {
        assertThat(process.log().toLowerCase(Locale.ROOT))
            .as(process.name())
            .doesNotContain("rustls-server", "rustls 0.");
      }
      cluster.stop();

      Clusters.assertProvider(
          tls.of(cluster), "JDK", "rpc", "data", "blob", "rest-server", "rest-client");
    }
  }
}
