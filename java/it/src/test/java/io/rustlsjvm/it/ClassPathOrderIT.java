package io.rustlsjvm.it;

import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.report.TlsObservation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs that list {@code lib} in no particular order may have Flink before the jar. */
class ClassPathOrderIT {
  @Test
  void flinkBeforeTheJar() throws IOException {
    Path folder = Setup.folder("class-path-order");
    TlsObservation tls = new TlsObservation(folder.resolve("tls"));
    try (Cluster cluster =
        Clusters.describe(folder, tls, Stores.internalOptions("RUSTLS", Stores.get().internal()))
            .classPath((flink, role) -> flink.classPathFlinkFirst(List.of(Setup.plugin())))
            .build()
            .start()) {
      Clusters.runJob(cluster);
      cluster.stop();

      Clusters.assertProvider(
          tls.of(cluster), "RUSTLS", "rpc", "data", "blob", "rest-server", "rest-client");
    }
  }
}
