package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.Command;
import io.rustlsjvm.demo.cluster.JvmProcess;
import io.rustlsjvm.demo.cluster.Role;
import io.rustlsjvm.demo.report.TlsObservation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The HistoryServer, which serves REST by itself, on a class path that has Flink before the jar.
 */
class HistoryServerIT {
  @Test
  void servesByRustls() throws IOException {
    Path folder = Setup.folder("history-server");
    Stores stores = Stores.get();
    String client = stores.client().exportPem(folder.resolve("client.pem")).toString();
    TlsObservation tls = new TlsObservation(folder.resolve("tls"));
    try (Cluster cluster =
        Clusters.describe(folder, tls, Stores.internalOptions("RUSTLS", stores.internal()))
            .options(Map.of("historyserver.web.ssl.enabled", "true"))
            .classPath((flink, role) -> flink.classPathFlinkFirst(List.of(Setup.plugin())))
            .build()) {
      JvmProcess server = cluster.startHistoryServer();
      int port = cluster.port(Role.HISTORY_SERVER, "historyserver.web.port");
      Processes.awaitPort(server, port);

      String url = "https://localhost:" + port + "/config";
      String authority = stores.authority().certificatePem().toString();
      Command with = curl("--cacert", authority, "--cert", client, url);
      assertThat(with.output()).contains("flink-version");
      Command without = curl("--cacert", authority, url);
      assertThat(without.exitCode()).as(without.output()).isNotZero();

      cluster.stop();
      Clusters.assertProvider(tls.of(cluster, Role.HISTORY_SERVER), "RUSTLS", "rest-server");
    }
  }

  private static Command curl(String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of("curl", "-sS"));
    line.addAll(List.of(arguments));
    return Command.run(Duration.ofSeconds(30), line);
  }
}
