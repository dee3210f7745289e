package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.Command;
import io.rustlsjvm.demo.cluster.FlinkLibraries;
import io.rustlsjvm.demo.cluster.Role;
import io.rustlsjvm.demo.report.ChannelRow;
import io.rustlsjvm.demo.report.TlsObservation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The jar in {@code lib} of real distributions, whose own scripts start everything and put the
 * class path together: versions of Flink and of Java, ways to set TLS up, and programs.
 */
class DistributionIT {
  private static final int TASK_MANAGERS = 3;

  /** With {@code it.matrix} the cells that it names, else three that differ in everything. */
  static List<Matrix.Cell> cells() {
    String wanted = System.getProperty("it.matrix", "");
    return wanted.isEmpty()
        ? List.of(
            new Matrix.Cell("1.20.5", "own", "old-keys", List.of("history-server")),
            new Matrix.Cell("2.0.2", "own", "cert-manager", List.of("sql")),
            new Matrix.Cell("2.3.0", "own", "recipe", List.of("python", "standalone-job")))
        : Matrix.cells(wanted);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cells")
  void everythingIsOnRustls(Matrix.Cell cell) throws IOException {
    Path folder = Setup.folder("flink-" + cell.flink + "-java-" + cell.java);
    Path home = Distributions.install(cell.flink, folder.resolve("flink"));
    Scenario scenario = Scenarios.of(cell.scenario, folder, cell.flink);
    TlsObservation tls = new TlsObservation(folder.resolve("observed"));
    try (Cluster cluster =
        scenario
            .cluster(folder, FlinkLibraries.of(home.resolve("lib")))
            .scripts(home)
            .javaHome(Distributions.java(cell.java))
            .taskManagers(TASK_MANAGERS)
            .options(
                Map.of(
                    "security.ssl.protocol",
                    "TLSv1.2,TLSv1.3",
                    "cluster.registration.error-delay",
                    "1 s"))
            // So there are connections of both versions on every channel inside.
            .options(Role.taskManager(TASK_MANAGERS), Map.of("security.ssl.protocol", "TLSv1.2"))
            .jvmOptions(
                (any, role) -> {
                  List<String> options = new ArrayList<>(tls.countersOfRustls(role));
                  options.addAll(tls.handshakesOfJdk(role));
                  return options;
                })
            .build()
            .start()) {
      Clusters.runJob(cluster, TASK_MANAGERS);
      rest(cluster, scenario);
      for (String program : cell.programs) {
        Programs.run(program, cluster, scenario, home);
      }
      cluster.stop();

      List<ChannelRow> rows = tls.of(cluster);
      Clusters.assertProvider(rows, "RUSTLS", "rest-server", "rest-client");
      for (String channel :
          List.of(
              "rpc-server",
              "rpc-client",
              "data-server",
              "data-client",
              "blob-server",
              "blob-client")) {
        assertThat(Clusters.of(rows, channel))
            .as(channel)
            .extracting(ChannelRow::protocol)
            .containsOnly("TLSv1.2", "TLSv1.3");
      }
    }
  }

  private static void rest(Cluster cluster, Scenario scenario) throws IOException {
    String url = cluster.rest().base() + "/overview";
    for (String version : List.of("1.2", "1.3")) {
      Command curl = scenario.curl(url, "--tlsv" + version, "--tls-max", version);
      assertThat(curl.output()).contains("\"taskmanagers\":" + TASK_MANAGERS);
    }
    if (scenario.isMutual()) {
      assertThat(scenario.curlWithoutCertificate(url).exitCode()).isNotZero();
    }
    Command upload =
        scenario.curl(cluster.rest().base() + "/jars/upload", "-F", "jarfile=@" + Setup.job());
    assertThat(upload.output()).contains("\"status\":\"success\"");
  }
}
