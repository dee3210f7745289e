package io.rustlsjvm.demo;

import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.Command;
import io.rustlsjvm.demo.cluster.FlinkLibraries;
import io.rustlsjvm.demo.cluster.Role;
import io.rustlsjvm.demo.report.ChannelRow;
import io.rustlsjvm.demo.report.ChannelTable;
import io.rustlsjvm.demo.report.TlsObservation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a Flink cluster with TLS on every channel, a job that shuffles gigabytes through it, and
 * checks that all of it is as it should be.
 */
public final class Demo {
  private static final int TASK_MANAGERS = 2;
  private static final Duration JOB_LIMIT = Duration.ofMinutes(9);
  private static final List<String> CHANNELS =
      List.of("rpc", "data", "blob", "rest-server", "rest-client");

  private final DemoArguments arguments;
  private final PrintStream out;
  private final List<String> faults = new ArrayList<>();

  private Demo(DemoArguments arguments, PrintStream out) {
    this.arguments = arguments;
    this.out = out;
  }

  /**
   * Runs the demo.
   *
   * @param args see {@link DemoArguments}
   */
  public static void main(String[] args) {
    DemoArguments arguments;
    try {
      arguments = new DemoArguments(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    Demo demo = new Demo(arguments, System.out);
    try {
      demo.run();
    } catch (IOException | RuntimeException e) {
      demo.faults.add(e.getMessage() == null ? e.toString() : e.getMessage());
    }
    if (demo.faults.isEmpty()) {
      System.out.println("All as it should be.");
      System.exit(0);
    }
    demo.faults.forEach(fault -> System.err.println("FAILED: " + fault));
    System.exit(1);
  }

  private void run() throws IOException {
    FlinkLibraries flink = FlinkLibraries.of(arguments.path("--flink"));
    Path work = arguments.path("--work");
    delete(work);
    Files.createDirectories(work);
    say("Flink %s, TLS by %s, files in %s", flink.version(), arguments.provider(), work);

    say("Making keys and certificates by keytool");
    if (!arguments.isRustls()) {
      say("  (the internal certificate names localhost: Flink 2.3 with the JDK's TLS needs that)");
    }
    DemoStores stores = new DemoStores(work.resolve("stores"), !arguments.isRustls());
    TlsObservation observation = new TlsObservation(work.resolve("tls"));

    long records = Expectation.recordsFor((long) (arguments.gigabytes() * 1e9));
    try (Cluster cluster = describe(work, flink, stores, observation)) {
      say("Starting a JobManager and %d TaskManagers", TASK_MANAGERS);
      cluster.start();
      say("REST endpoint: %s", cluster.rest().base());
      runJob(cluster, records);
      askByCurl(cluster, stores, work);
      say("Stopping the cluster");
      cluster.stop();
      judgeChannels(observation.of(cluster));
    }
  }

  private Cluster describe(
      Path work, FlinkLibraries flink, DemoStores stores, TlsObservation observation)
      throws IOException {
    Map<String, String> options = new TreeMap<>(stores.options());
    options.put("security.ssl.provider", arguments.provider());
    options.put("security.ssl.protocol", arguments.protocol());
    if (arguments.protocol().equals("TLSv1.3")) {
      options.put("security.ssl.algorithms", "TLS_AES_256_GCM_SHA384,TLS_AES_128_GCM_SHA256");
    }
    options.put("execution.checkpointing.interval", "2 s");
    List<Path> plugin = arguments.isRustls() ? List.of(arguments.path("--plugin")) : List.of();
    return Cluster.builder(work, flink)
        .jars(plugin)
        .options(options)
        .options(Role.CLIENT, stores.options(Role.CLIENT))
        .jvmOptions(
            (cluster, role) ->
                arguments.isRustls()
                    ? observation.countersOfRustls(role)
                    : observation.handshakesOfJdk(role))
        .restTls(stores.clientContext())
        .taskManagers(TASK_MANAGERS)
        .build();
  }

  private void runJob(Cluster cluster, long records) throws IOException {
    say("Submitting a job of %,d records by the command line client", records);
    String job =
        cluster.submit(
            arguments.path("--job"), String.valueOf(records), String.valueOf(TASK_MANAGERS));
    Progress progress = new Progress(cluster, job, out);
    Duration wall = progress.await(JOB_LIMIT);
    long checkpoints = progress.checkpoints();
    Map<String, Long> accumulators = cluster.accumulators(job);

    Expectation expectation = Expectation.of(records, TASK_MANAGERS);
    faults.addAll(expectation.differences(accumulators));
    long travelled = accumulators.getOrDefault("bytes-between-processes", 0L);
    if (travelled < arguments.gigabytes() * 1e9) {
      faults.add("only " + travelled + " bytes went from one TaskManager to another");
    }
    if (checkpoints == 0) {
      faults.add("no checkpoint was completed");
    }
    accumulators.forEach((name, value) -> out.printf("    %-28s %21d%n", name, value));
    say(
        "Job: %.1f s, %.2f GB between the TaskManagers, %.0f MB/s, %d checkpoints, result %s",
        wall.toMillis() / 1e3,
        travelled / 1e9,
        travelled / 1e3 / wall.toMillis(),
        checkpoints,
        expectation.differences(accumulators).isEmpty() ? "exact" : "WRONG");
  }

  private void askByCurl(Cluster cluster, DemoStores stores, Path work) throws IOException {
    String url = cluster.rest().base() + "/overview";
    String authority = stores.authorityPem().toString();
    String client = stores.clientPem(work.resolve("stores").resolve("client.pem")).toString();
    Duration limit = Duration.ofSeconds(30);

    Command with =
        Command.run(limit, List.of("curl", "-sS", "--cacert", authority, "--cert", client, url));
    boolean answered = with.exitCode() == 0 && with.output().contains("\"taskmanagers\":2");
    say("curl with the client's certificate: %s", with.output().trim());
    if (!answered) {
      faults.add("curl with a client certificate got no answer: " + with);
    }

    Command without = Command.run(limit, List.of("curl", "-sS", "--cacert", authority, url));
    say("curl without a certificate: %s", without.output().trim());
    if (without.exitCode() == 0 || without.output().contains("taskmanagers")) {
      faults.add("curl without a client certificate was let in: " + without);
    }
  }

  private void judgeChannels(List<ChannelRow> rows) {
    out.println();
    out.print(ChannelTable.format(rows));
    if (!arguments.isRustls()) {
      say("  (from flight recordings: no bytes, and servers only where a session was resumed)");
    }
    out.println();
    for (String channel : CHANNELS) {
      List<ChannelRow> own =
          rows.stream()
              .filter(row -> row.channel().startsWith(channel) && row.handshakes() > 0)
              .collect(Collectors.toList());
      if (own.isEmpty()) {
        faults.add("no handshake was seen on the channel " + channel);
      }
      for (ChannelRow row : own) {
        if (!row.provider().equals(arguments.provider())
            || !row.protocol().equals(arguments.protocol())) {
          faults.add("not as configured: " + row);
        }
      }
    }
  }

  private void say(String format, Object... values) {
    out.printf(Locale.ROOT, format + "%n", values);
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).collect(Collectors.toList());
    }
    for (Path file : all) {
      Files.delete(file);
    }
  }
}
