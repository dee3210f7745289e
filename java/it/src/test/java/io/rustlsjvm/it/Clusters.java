package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.Expectation;
import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.ClusterBuilder;
import io.rustlsjvm.demo.cluster.Role;
import io.rustlsjvm.demo.report.ChannelRow;
import io.rustlsjvm.demo.report.TlsObservation;
import io.rustlsjvm.demo.stores.TlsContexts;
import io.rustlsjvm.demo.stores.TlsOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the tests with clusters have in common. */
final class Clusters {
  /** Enough for some hundred megabytes, all of it between the TaskManagers. */
  private static final long RECORDS = 60_000;

  private static final int PARALLELISM = 2;

  private Clusters() {}

  /**
   * A cluster with the jar in {@code lib} of every process, REST with mutual authentication, and
   * every TLS engine observed.
   *
   * @param folder the cluster's folder
   * @param tls observes
   * @param internal the provider and the options of internal TLS
   * @throws IOException when a store cannot be made
   */
  static ClusterBuilder describe(Path folder, TlsObservation tls, Map<String, String> internal)
      throws IOException {
    Stores stores = Stores.get();
    return Cluster.builder(folder, Setup.flink())
        .jars(List.of(Setup.plugin()))
        .options(internal)
        .options(TlsOptions.rest(stores.server(), stores.trusted(), true))
        .options(Role.CLIENT, TlsOptions.rest(stores.client(), stores.trusted(), true))
        .options(Map.of("execution.checkpointing.interval", "500 ms"))
        .jvmOptions(
            (cluster, role) -> {
              List<String> options = new ArrayList<>(tls.countersOfRustls(role));
              options.addAll(tls.handshakesOfJdk(role));
              return options;
            })
        .restTls(TlsContexts.of(stores.trusted(), stores.client()));
  }

  /**
   * Submits a job by the command line client, waits for it, and checks its result.
   *
   * @param cluster a running cluster with two TaskManagers
   * @throws IOException when the job fails
   */
  static void runJob(Cluster cluster) throws IOException {
    runJob(cluster, PARALLELISM);
  }

  /**
   * Submits a job by the command line client, waits for it, and checks its result.
   *
   * @param cluster a running cluster
   * @param parallelism as many as it has TaskManagers
   * @throws IOException when the job fails
   */
  static void runJob(Cluster cluster, int parallelism) throws IOException {
    String job = cluster.submit(Setup.job(), String.valueOf(RECORDS), String.valueOf(parallelism));
    cluster.awaitJob(job, Duration.ofMinutes(2));
    assertExact(cluster, job, RECORDS, parallelism);
  }

  /**
   * Checks a job's result.
   *
   * @param cluster where it has finished
   * @param job its id
   * @param records how many it had
   * @param parallelism its parallelism
   * @throws IOException when the result cannot be had
   */
  static void assertExact(Cluster cluster, String job, long records, int parallelism)
      throws IOException {
    Map<String, Long> result = cluster.accumulators(job);
    Expectation expectation = Expectation.of(records, parallelism);
    assertThat(expectation.differences(result)).isEmpty();
    assertThat(result.get("bytes-between-processes"))
        .as("all bytes go from one TaskManager to another")
        .isEqualTo(expectation.bytes());
  }

  /**
   * The rows of one channel.
   *
   * @param rows all rows
   * @param channel how its name begins
   */
  static List<ChannelRow> of(List<ChannelRow> rows, String channel) {
    return rows.stream()
        .filter(row -> row.channel().startsWith(channel) && row.handshakes() > 0)
        .collect(Collectors.toList());
  }

  /**
   * Asserts that all connections of all channels were those of one provider.
   *
   * @param rows of one process or of several
   * @param provider the only provider
   * @param channels how the names begin of channels that must have been used
   */
  static void assertProvider(List<ChannelRow> rows, String provider, String... channels) {
    assertThat(rows).extracting(ChannelRow::provider).containsOnly(provider);
    for (String channel : channels) {
      assertThat(of(rows, channel)).as("handshakes of " + channel).isNotEmpty();
    }
  }
}
