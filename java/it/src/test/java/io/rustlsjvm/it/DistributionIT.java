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
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The jar in {@code lib} of real distributions, whose own scripts start everything and put the
 * class path together: versions of Flink and of Java, ways to set TLS up, and programs.
 */
class DistributionIT {
  private static final int TASK_MANAGERS = 3;

  /** With {@code it.matrix}, everything with everything; else each once. */
  static Stream<Arguments> settings() {
    if (!Boolean.getBoolean("it.matrix")) {
      return Stream.of(
          Arguments.of("1.20.5", "own", "old-keys", List.of("history-server")),
          Arguments.of("2.0.2", "own", "cert-manager", List.of("sql")),
          Arguments.of("2.3.0", "own", "recipe", List.of("python", "standalone-job")));
    }
    List<Arguments> all = new ArrayList<>();
    for (String version : List.of("1.20.5", "2.0.2", "2.1.3", "2.2.1", "2.3.0")) {
      for (String scenario : Scenarios.ALL) {
        all.add(Arguments.of(version, "own", scenario, Programs.ALL));
      }
    }
    for (String version : List.of("1.20.5", "2.0.2", "2.3.0")) {
      for (String java : List.of("11", "21")) {
        all.add(Arguments.of(version, java, "self-signed", Programs.ALL));
      }
    }
    all.add(Arguments.of("2.3.0", "25", "self-signed", Programs.ALL));
    return all.stream();
  }

  @ParameterizedTest(name = "Flink {0}, Java {1}, {2}, {3}")
  @MethodSource("settings")
  void everythingIsOnRustls(String version, String java, String scenarioName, List<String> programs)
      throws IOException {
    Path folder = Setup.folder("flink-" + version + "-java-" + java + "-" + scenarioName);
    Path home = Distributions.install(version, folder.resolve("flink"));
    Scenario scenario = Scenarios.of(scenarioName, folder, version);
    TlsObservation tls = new TlsObservation(folder.resolve("observed"));
    try (Cluster cluster =
        scenario
            .cluster(folder, FlinkLibraries.of(home.resolve("lib")))
            .scripts(home)
            .javaHome(Distributions.java(java))
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
      for (String program : programs) {
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
