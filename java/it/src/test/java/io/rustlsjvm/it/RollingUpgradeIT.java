package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.FreePorts;
import io.rustlsjvm.demo.cluster.JvmProcess;
import io.rustlsjvm.demo.cluster.Role;
import io.rustlsjvm.demo.report.ChannelRow;
import io.rustlsjvm.demo.report.TlsObservation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A cluster goes from the JDK's TLS to RUSTLS and back, one process after the other, under a
 * running job (S12): it is the same job to the end, and its result is exact.
 */
class RollingUpgradeIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int PARALLELISM = 2;
  private static final long RECORDS = 120_000;

  private final Path folder;
  private final Path go;
  private TlsObservation tls;
  private Cluster cluster;
  private String job;

  RollingUpgradeIT() throws IOException {
    folder = Setup.folder("rolling-upgrade");
    go = folder.resolve("go");
  }

  @Test
  void jobSurvivesAndIsExact() throws IOException {
    TlsObservation before = new TlsObservation(folder.resolve("tls-before"));
    tls = before;
    int port = FreePorts.next();
    try (JvmProcess zooKeeper = startZooKeeper(port);
        Cluster described = describe(port)) {
      cluster = described;
      Processes.awaitPort(zooKeeper, port);
      cluster.start();
      job =
          cluster.submit(
              Setup.job(), String.valueOf(RECORDS), String.valueOf(PARALLELISM), go.toString());
      awaitProgress();

      TlsObservation upgraded = new TlsObservation(folder.resolve("tls-upgraded"));
      tls = upgraded;
      restart(Role.taskManager(1), "RUSTLS");
      restart(Role.JOB_MANAGER, "RUSTLS");
      restart(Role.taskManager(2), "RUSTLS");

      TlsObservation after = new TlsObservation(folder.resolve("tls-after"));
      tls = after;
      restart(Role.taskManager(2), "JDK");
      restart(Role.JOB_MANAGER, "JDK");
      restart(Role.taskManager(1), "JDK");

      Files.createFile(go);
      cluster.awaitJob(job, LIMIT);
      Clusters.assertExact(cluster, job, RECORDS, PARALLELISM);
      cluster.stop();

      assertProvider(before, "JDK");
      assertProvider(upgraded, "RUSTLS");
      assertProvider(after, "JDK");
    }
  }

  private Cluster describe(int zooKeeper) throws IOException {
    return Clusters.describe(
            folder, tls, Stores.internalOptions("JDK", Stores.get().internalNamed()))
        .jvmOptions(
            (any, role) -> {
              // Each phase has an observation of its own.
              List<String> options = new ArrayList<>(tls.countersOfRustls(role));
              options.addAll(tls.handshakesOfJdk(role));
              return options;
            })
        .options(
            Map.of(
                "high-availability.type",
                "zookeeper",
                "high-availability.zookeeper.quorum",
                "localhost:" + zooKeeper,
                "high-availability.storageDir",
                folder.resolve("ha").toUri().toString(),
                "restart-strategy.type",
                "fixed-delay",
                "restart-strategy.fixed-delay.attempts",
                "1000",
                "restart-strategy.fixed-delay.delay",
                "500 ms",
                "cluster.registration.error-delay",
                "1 s",
                "heartbeat.interval",
                "2000"))
        .build();
  }

  private JvmProcess startZooKeeper(int port) throws IOException {
    Path configuration = folder.resolve("zoo.cfg");
    Files.write(
        configuration,
        ("tickTime=2000\nadmin.enableServer=false\nclientPortAddress=127.0.0.1\nclientPort="
                + port
                + "\ndataDir="
                + Files.createDirectories(folder.resolve("zookeeper"))
                + "\n")
            .getBytes(StandardCharsets.UTF_8));
    return JvmProcess.start(
        "zookeeper",
        folder.resolve("zookeeper.out"),
        folder.resolve("zookeeper.log"),
        List.of("-Xmx128m"),
        Setup.flink().classPath(List.of()),
        List.of(
            "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer",
            "--zkConfigFile",
            configuration.toString(),
            "--peerId",
            "1"),
        Map.of());
  }

  /** What an operator does with one node, who then waits until the job goes on. */
  private void restart(Role role, String provider) throws IOException {
    cluster.stop(role);
    cluster.reconfigure(role, Map.of("security.ssl.provider", provider));
    if (role.equals(Role.JOB_MANAGER)) {
      cluster.startJobManager();
    } else {
      cluster.startTaskManager(role.equals(Role.taskManager(1)) ? 1 : 2);
    }
    cluster.awaitTaskManagers(PARALLELISM, LIMIT);
    awaitProgress();
  }

  /** Until all of the job runs, and has saved a checkpoint since now. */
  private void awaitProgress() throws IOException {
    long end = System.nanoTime() + LIMIT.toNanos();
    long restored = -1;
    while (true) {
      cluster.requireAlive();
      String state = "unknown";
      try {
        JsonObject details = cluster.rest().get("/jobs/" + job);
        state = details.get("state").getAsString();
        assertThat(state).as("too early").isNotIn("FINISHED", "FAILED", "CANCELED");
        if (state.equals("RUNNING") && RunningJob.allRun(details)) {
          long completed =
              RunningJob.newestCompleted(cluster.rest().get("/jobs/" + job + "/checkpoints"));
          if (restored < 0) {
            restored = completed;
          } else if (completed > restored) {
            return;
          }
        }
      } catch (IOException e) {
        // A JobManager that has just started does not know its jobs yet.
        state = e.toString();
      }
      assertThat(System.nanoTime()).as("time is over, the job is " + state).isLessThan(end);
      Processes.pause();
    }
  }

  /** What the processes of one phase did, each of which has ended. */
  private void assertProvider(TlsObservation phase, String provider) throws IOException {
    for (Role role : List.of(Role.JOB_MANAGER, Role.taskManager(1), Role.taskManager(2))) {
      List<ChannelRow> rows = phase.of(cluster, role);
      Clusters.assertProvider(rows, provider, "rpc");
      if (!role.equals(Role.JOB_MANAGER)) {
        Clusters.assertProvider(rows, provider, "data");
      }
    }
  }
}
