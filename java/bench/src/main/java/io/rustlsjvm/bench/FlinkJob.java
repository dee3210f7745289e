package io.rustlsjvm.bench;

import io.rustlsjvm.demo.Expectation;
import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.FlinkLibraries;
import io.rustlsjvm.demo.cluster.JvmProcess;
import io.rustlsjvm.demo.cluster.Role;
import io.rustlsjvm.demo.stores.KeystoreFile;
import io.rustlsjvm.demo.stores.TlsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs the demo's shuffling job on clusters of two TaskManagers, with TLS inside of each provider
 * and without any, and tells its speed and the CPU time that JobManager and TaskManagers took.
 */
public final class FlinkJob {
  private static final int TASK_MANAGERS = 2;

  /**
   * How many times of a measured job the one before them shuffles: until then the compilers take
   * more CPU time than TLS does.
   */
  private static final int WARM_UP = 4;

  /** Measured jobs on each cluster. */
  private static final int RUNS = 3;

  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final Path work;
  private final FlinkLibraries flink;
  private final Path job;
  private final Map<String, Path> jars;

  private FlinkJob(Path work, FlinkLibraries flink, Path job, Map<String, Path> jars) {
    this.work = work;
    this.flink = flink;
    this.job = job;
    this.jars = jars;
  }

  /**
   * Measures.
   *
   * @param args folder of Flink's jars; the job's jar; our plugin; netty-tcnative for Flink; a
   *     folder to work in; gigabytes; rounds; the file that lines of JSON are appended to
   * @throws IOException when a cluster or a job fails
   */
  public static void main(String[] args) throws IOException {
    Path work = Files.createDirectories(Path.of(args[4]).toAbsolutePath());
    FlinkJob benchmark =
        new FlinkJob(
            work,
            FlinkLibraries.of(Path.of(args[0]).toAbsolutePath()),
            Path.of(args[1]).toAbsolutePath(),
            Map.of(
                "RUSTLS", Path.of(args[2]).toAbsolutePath(),
                "OPENSSL", Path.of(args[3]).toAbsolutePath()));
    double gigabytes = Double.parseDouble(args[5]);
    for (int round = 0; round < Integer.parseInt(args[6]); round++) {
      for (String provider : List.of("NONE", "JDK", "OPENSSL", "RUSTLS")) {
        String lines = benchmark.run(provider, gigabytes, work.resolve(provider + "-" + round));
        System.out.print(lines);
        Files.writeString(
            Path.of(args[7]), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
    }
    System.exit(0);
  }

  private String run(String provider, double gigabytes, Path folder) throws IOException {
    Map<String, String> options = new TreeMap<>();
    if (!provider.equals("NONE")) {
      KeystoreFile key = key();
      options.putAll(TlsOptions.internal(key, key));
      options.put("security.ssl.provider", provider);
      options.put("security.ssl.protocol", "TLSv1.2");
      options.put("security.ssl.algorithms", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    }
    try (Cluster cluster =
        Cluster.builder(folder, flink)
            .jars(jars.containsKey(provider) ? List.of(jars.get(provider)) : List.of())
            .options(options)
            .taskManagers(TASK_MANAGERS)
            .build()) {
      cluster.start();
      shuffle(cluster, WARM_UP * gigabytes);
      requireNativeTls(provider, cluster);
      long records = Expectation.recordsFor((long) (gigabytes * 1e9));
      StringBuilder lines = new StringBuilder();
      for (int run = 0; run < RUNS; run++) {
        double cpu = cpuSeconds(cluster);
        double seconds = shuffle(cluster, gigabytes);
        lines.append(
            String.format(
                Locale.ROOT,
                "{\"provider\": \"%s\", \"records\": %d, \"seconds\": %.3f, \"cpuSeconds\": %.2f}%n",
                provider,
                records,
                seconds,
                cpuSeconds(cluster) - cpu));
      }
      return lines.toString();
    }
  }

  private KeystoreFile key() throws IOException {
    Path file = work.resolve("internal.keystore");
    Files.deleteIfExists(file);
    // Flink 2.3 checks the host's name with the providers JDK and OPENSSL.
    return KeystoreFile.selfSigned(
        file,
        "flink.internal",
        "internal_store_password",
        "CN=flink.internal",
        "-keyalg",
        "RSA",
        "-keysize",
        "2048",
        "-storetype",
        "PKCS12",
        "-ext",
        "SAN=dns:localhost,ip:127.0.0.1");
  }

  /** Runs the job; returns seconds from its start to its end, as Flink counts them. */
  private double shuffle(Cluster cluster, double gigabytes) throws IOException {
    long records = Expectation.recordsFor((long) (gigabytes * 1e9));
    String id = cluster.submit(job, String.valueOf(records), String.valueOf(TASK_MANAGERS));
    double seconds = cluster.awaitJob(id, LIMIT).get("duration").getAsLong() / 1e3;
    long travelled = cluster.accumulators(id).getOrDefault("bytes-between-processes", 0L);
    if (travelled < gigabytes * 1e9) {
      throw new IOException("Only " + travelled + " bytes went from one process to another");
    }
    return seconds;
  }

  private static void requireNativeTls(String provider, Cluster cluster) throws IOException {
    if (!provider.equals("OPENSSL")) {
      return;
    }
    long pid = cluster.processes().get(Role.taskManager(1)).pid();
    if (!Files.readString(Path.of("/proc/" + pid + "/maps")).contains("netty_tcnative")) {
      throw new IOException("The TaskManagers have not loaded netty-tcnative");
    }
  }

  private static double cpuSeconds(Cluster cluster) throws IOException {
    double seconds = 0;
    for (Map.Entry<Role, JvmProcess> process : cluster.processes().entrySet()) {
      if (!process.getKey().equals(Role.CLIENT)) {
        seconds +=
            ProcessHandle.of(process.getValue().pid())
                    .flatMap(handle -> handle.info().totalCpuDuration())
                    .orElseThrow(() -> new IOException(process.getKey() + " has gone"))
                    .toNanos()
                / 1e9;
      }
    }
    return seconds;
  }
}
