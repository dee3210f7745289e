package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.rustlsjvm.demo.Expectation;
import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.Command;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;

/**
 * The authority of all certificates is replaced by another one under a cluster that runs a job: the
 * new one is trusted beside the old, then the keys change, then the old one is no longer trusted.
 */
class RotationIT {
  private static final long RECORDS = 60_000;
  private static final List<String> OF_JOB_MANAGER =
      List.of("rpc-server", "rpc-client", "blob-server", "blob-client", "rest-server");
  private static final List<String> OF_TASK_MANAGER =
      List.of("rpc-server", "rpc-client", "blob-client", "data-server", "data-client");

  private final Path folder = Setup.folder("rotation");
  private final TlsObservation tls = new TlsObservation(folder.resolve("tls"));
  private final SecretMount mount = new SecretMount(folder.resolve("mount"));
  private final CertificateAuthority before = authority("before");
  private final CertificateAuthority after = authority("after");
  private final CertificateAuthority operators = authority("operators");
  private final KeystoreFile oldKey = key(before, "CN=flink.old");
  private final KeystoreFile newKey = key(after, "CN=flink.new");
  private int changes;

  RotationIT() throws IOException {}

  @Test
  void authorityIsReplacedUnderARunningJob() throws IOException {
    mount.show(oldKey, List.of(before), operators);
    Path goOn = folder.resolve("go-on");
    try (Cluster cluster = cluster()) {
      cluster.startJobManager();
      cluster.startTaskManager(1);
      cluster.startTaskManager(2);
      cluster.awaitTaskManagers(2, Duration.ofSeconds(90));
      String job =
          cluster.submit(
              Setup.job(), String.valueOf(RECORDS), "2", goOn.toAbsolutePath().toString());
      awaitRunning(cluster, job);
      assertThat(curl(cluster, before, oldKey).exitCode()).isZero();
      assertThat(curl(cluster, after, oldKey).exitCode()).as("not new yet").isNotZero();

      change(cluster, oldKey, List.of(before, after));
      assertThat(curl(cluster, before, newKey).exitCode()).as("both are trusted").isZero();

      change(cluster, newKey, List.of(before, after));
      assertThat(curl(cluster, before, oldKey).exitCode()).as("no longer old").isNotZero();
      assertThat(curl(cluster, after, oldKey).exitCode()).as("old clients").isZero();

      change(cluster, newKey, List.of(after));
      assertThat(curl(cluster, after, newKey).exitCode()).isZero();
      Command refused = curl(cluster, after, oldKey);
      assertThat(refused.exitCode()).as("old clients").isNotZero();
      assertThat(refused.output()).contains("unknown ca");

      cluster.startTaskManager(3);
      cluster.awaitTaskManagers(3, Duration.ofSeconds(90));
      run(cluster, 4, cluster.submit(Setup.job(), String.valueOf(RECORDS), "4"));

      assertThat(state(cluster, job)).as("the job that ran all the time").isEqualTo("RUNNING");
      Files.createFile(goOn);
      // There is no restart strategy: a job that has ever failed does not get here.
      run(cluster, 2, job);
      cluster.stop();

      assertThat(peers(cluster, Role.taskManager(3), "")).containsOnlyKeys("CN=flink.new");
      assertThat(RecordingFile.readAllEvents(recording()))
          .filteredOn(event -> event.getEventType().getName().equals("io.rustlsjvm.TLSHandshake"))
          .allMatch(event -> event.getString("peerSubject").equals("CN=flink.new"))
          .extracting(event -> event.getString("channel"))
          .contains("rpc-client", "data-server", "data-client", "blob-client");
      for (String channel : List.of("data-server", "data-client", "blob-client")) {
        assertThat(peers(cluster, Role.taskManager(1), channel))
            .as(channel)
            .containsOnlyKeys("CN=flink.old", "CN=flink.new");
      }
      for (String channel : List.of("rpc-server", "blob-server", "blob-client")) {
        assertThat(peers(cluster, Role.JOB_MANAGER, channel))
            .as(channel)
            .containsOnlyKeys("CN=flink.old", "CN=flink.new");
      }
      assertThat(peers(cluster, Role.CLIENT, "rest-client")).containsOnlyKeys("CN=flink.new");
    }
  }

  private CertificateAuthority authority(String name) throws IOException {
    return CertificateAuthority.create(folder.resolve(name), name, Stores.RSA_BITS);
  }

  /** All under one alias, so that they have the same passwords. */
  private static KeystoreFile key(CertificateAuthority authority, String subject)
      throws IOException {
    return authority.request("node").subject(subject).names(Stores.HERE).sign(Stores.RSA_BITS);
  }

  private Cluster cluster() throws IOException {
    KeystoreFile everybody = after.truststore().trust("before", before.certificate());
    KeystoreFile operator = operators.request("operator").sign(Stores.RSA_BITS);
    return Cluster.builder(folder, Setup.flink())
        .jars(List.of(Setup.plugin()))
        .taskManagers(3)
        .options(options())
        .jvmOptions((any, role) -> observed(role))
        .restTls(TlsContexts.of(everybody, operator))
        .build();
  }

  private List<String> observed(Role role) {
    List<String> options = new ArrayList<>(tls.countersOfRustls(role));
    if (role.equals(Role.taskManager(3))) {
      options.add("-XX:StartFlightRecording=dumponexit=true,filename=" + recording());
    }
    return options;
  }

  private Path recording() {
    return folder.resolve("taskmanager-3.jfr");
  }

  private Map<String, String> options() {
    Map<String, String> options = new TreeMap<>();
    options.put("security.ssl.provider", "RUSTLS");
    options.put("security.ssl.protocol", "TLSv1.2,TLSv1.3");
    options.put("security.ssl.rustls.reload-interval", "500 ms");
    options.put("security.ssl.internal.enabled", "true");
    options.put("security.ssl.internal.keystore", mount.folder().toString());
    options.put("security.ssl.internal.truststore", mount.folder().toString());
    options.put("security.ssl.rest.enabled", "true");
    options.put("security.ssl.rest.authentication-enabled", "true");
    options.put("security.ssl.rest.keystore", mount.folder().resolve("keystore.p12").toString());
    options.put("security.ssl.rest.keystore-password", oldKey.storePassword());
    options.put("security.ssl.rest.key-password", oldKey.keyPassword());
    options.put(
        "security.ssl.rest.truststore", mount.folder().resolve("truststore.p12").toString());
    options.put("security.ssl.rest.truststore-password", SecretMount.TRUSTSTORE_PASSWORD);
    options.put("taskmanager.numberOfTaskSlots", "2");
    options.put("taskmanager.load-balance.mode", "SLOTS");
    options.put("execution.checkpointing.interval", "500 ms");
    return options;
  }

  /** Replaces what is mounted, and waits until every process says that it has taken it over. */
  private void change(Cluster cluster, KeystoreFile key, List<CertificateAuthority> trusted)
      throws IOException {
    mount.show(key, trusted, operators);
    changes++;
    for (JvmProcess process : cluster.processes().values()) {
      if (process.isAlive()) {
        boolean jobManager = process.name().equals(Role.JOB_MANAGER.name());
        for (String channel : jobManager ? OF_JOB_MANAGER : OF_TASK_MANAGER) {
          await(
              process.name() + " has taken over change " + changes + " for " + channel,
              () -> reloads(process, channel) == changes);
        }
      }
    }
    assertThat(cluster.processes().get(Role.JOB_MANAGER).log())
        .containsPattern(
            "TLS of rest-server has new certificates .*SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}");
  }

  private static long reloads(JvmProcess process, String channel) {
    try {
      String said = "TLS of " + channel + " has new certificates";
      return process.log().lines().filter(line -> line.contains(said)).count();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(String what, BooleanSupplier condition) throws IOException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IOException("Not within a minute: " + what);
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }
  }

  private static String state(Cluster cluster, String job) throws IOException {
    return cluster.rest().get("/jobs/" + job).get("state").getAsString();
  }

  /** Every task runs, so that the connections between them are there. */
  private static void awaitRunning(Cluster cluster, String job) throws IOException {
    await(
        "the job runs",
        () -> {
          try {
            JsonObject tasks = cluster.rest().get("/jobs/" + job).getAsJsonObject("status-counts");
            return tasks.get("RUNNING").getAsInt() > 0
                && tasks.entrySet().stream().mapToInt(e -> e.getValue().getAsInt()).sum()
                    == tasks.get("RUNNING").getAsInt();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static void run(Cluster cluster, int parallelism, String job) throws IOException {
    cluster.awaitJob(job, Duration.ofMinutes(2));
    assertThat(Expectation.of(RECORDS, parallelism).differences(cluster.accumulators(job)))
        .isEmpty();
  }

  private Command curl(Cluster cluster, CertificateAuthority trusted, KeystoreFile key)
      throws IOException {
    String name = key == oldKey ? "old.pem" : "new.pem";
    return Command.run(
        Duration.ofSeconds(30),
        List.of(
            "curl",
            "-sS",
            "--cacert",
            trusted.certificatePem().toString(),
            "--cert",
            key.exportPem(folder.resolve(name)).toString(),
            cluster.rest().base() + "/overview"));
  }

  /** Handshakes of one process by the subject of who was at the other end. */
  private Map<String, Long> peers(Cluster cluster, Role role, String channel) throws IOException {
    Map<String, Long> peers = new TreeMap<>();
    for (ChannelRow row : Clusters.of(tls.of(cluster, role), channel)) {
      peers.merge(row.peer(), row.handshakes(), Long::sum);
    }
    return peers;
  }
}
