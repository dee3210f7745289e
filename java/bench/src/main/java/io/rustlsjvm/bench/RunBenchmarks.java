package io.rustlsjvm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks by a plan, and writes JMH's JSON.
 *
 * <p>JMH takes all forks of a peer before it goes on to the next, and a machine that changes its
 * speed meanwhile favours one of them. Here all peers have their turn, one fork each, before the
 * next measurement; what the ratios depend on is run several times.
 */
public final class RunBenchmarks {
  private static final String[] ALL = {"JDK", "JDK_ACCP", "OPENSSL", "CONSCRYPT", "RUSTLS"};
  private static final String[] FEW = {"JDK", "JDK_ACCP", "OPENSSL", "RUSTLS"};
  private static final String[] OURS = {"RUSTLS"};
  private static final String[] WITH_SOCKETS = {"JDK", "JDK_ACCP", "CONSCRYPT", "RUSTLS"};

  /** One measurement: a benchmark, and the parameters that it is run with. */
  private static final class Step {
    private final Class<?> benchmark;
    private final String[] peers;
    private final String[] parameters;

    Step(Class<?> benchmark, String[] peers, String... parameters) {
      this.benchmark = benchmark;
      this.peers = peers;
      this.parameters = parameters;
    }

    /**
     * For the JDK and for Netty's OPENSSL. Of several the JDK sends a share for each kind of curve;
     * but with TLS 1.2 a certificate's curve has to be among them (RFC 8422 §5.1).
     */
    String namedGroups() {
      return TlsSetup.X25519 + (List.of(parameters).contains("key=P_256") ? ",secp256r1" : "");
    }
  }

  private RunBenchmarks() {}

  /**
   * Runs a plan.
   *
   * @param args {@code targets} (what the ratios that must hold are worked out from, {@code quick}
   *     for those peers only that they name), {@code rest} (all else) or {@code smoke} (everything,
   *     for a moment); the file for the results; and, if only some benchmarks are wanted, text that
   *     their names and parameters hold
   * @throws IOException when the results cannot be written
   * @throws RunnerException when JMH fails
   */
  public static void main(String[] args) throws IOException, RunnerException {
    if (args.length < 2) {
      throw new IllegalArgumentException("targets|quick|rest|smoke RESULTS [ONLY...]");
    }
    List<Step> plan = plan(args[0]);
    boolean smoke = args[0].equals("smoke");
    String[] only = Arrays.copyOfRange(args, 2, args.length);
    for (KeyType type : KeyType.values()) {
      KeyFiles.of(type);
    }
    List<RunResult> results = new ArrayList<>();
    for (Step step : plan) {
      String name = step.benchmark.getSimpleName() + " " + String.join(" ", step.parameters);
      if (Stream.of(only).allMatch(name::contains)) {
        results.addAll(run(step, smoke, args[0].equals("rest") ? 3 : 6));
      }
    }
    Path file = Path.of(args[1]).toAbsolutePath();
    Files.createDirectories(file.getParent());
    ResultFormatFactory.getInstance(ResultFormatType.JSON, file.toString()).writeOut(results);
  }

  private static Collection<RunResult> run(Step step, boolean smoke, int iterations)
      throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(step.benchmark.getName() + "\\.")
            .param("peer", step.peers)
            .forks(1)
            .threads(1)
            .warmupIterations(1)
            .warmupTime(TimeValue.milliseconds(smoke ? 200 : warmUpMillis(step)))
            .measurementIterations(smoke ? 1 : iterations)
            .measurementTime(TimeValue.milliseconds(smoke ? 200 : 400))
            .jvmArgsAppend(
                "-Xms1g",
                "-Xmx1g",
                // Else the kernel clears pages while a peer that makes more garbage is measured.
                "-XX:+AlwaysPreTouch",
                "-XX:+UseG1GC",
                "-XX:MaxDirectMemorySize=512m",
                // Conscrypt looks into addresses.
                "--add-opens=java.base/java.net=ALL-UNNAMED",
                "-Dio.netty.leakDetection.level=disabled",
                "-Djdk.tls.namedGroups=" + step.namedGroups(),
                "-Dbench.stores=" + System.getProperty("bench.stores", "bench-stores"));
    for (String parameter : step.parameters) {
      String[] pair = parameter.split("=", 2);
      options.param(pair[0], pair[1].split(","));
    }
    return new Runner(options.build()).run();
  }

  private static int warmUpMillis(Step step) {
    // Two busy threads on two cores leave the compilers little time.
    return step.benchmark == NettyThroughputBenchmark.class
            || step.benchmark == SocketBenchmark.class
        ? 5000
        : 1500;
  }

  private static List<Step> plan(String name) {
    switch (name) {
      case "targets":
        return targets(ALL);
      case "quick":
        return targets(FEW);
      case "rest":
        return rest();
      case "smoke":
        return Stream.of(targets(ALL), rest()).flatMap(List::stream).collect(Collectors.toList());
      default:
        throw new IllegalArgumentException("no plan " + name);
    }
  }

  private static List<Step> targets(String[] peers) {
    return List.of(
        records("TLSv1.2", "AES_128_GCM", "direct", 16384, peers),
        records("TLSv1.3", "AES_128_GCM", "direct", 16384, peers),
        records("TLSv1.2", "AES_128_GCM", "heap", 16384, peers),
        records("TLSv1.3", "AES_128_GCM", "heap", 16384, peers),
        records("TLSv1.2", "AES_128_GCM", "direct", 256, peers),
        records("TLSv1.3", "AES_128_GCM", "direct", 256, peers),
        handshakes("TLSv1.2", "RSA_2048", "full", peers),
        handshakes("TLSv1.3", "RSA_2048", "full", peers),
        new Step(NettyThroughputBenchmark.class, peers, "protocol=TLSv1.2", "transport=epoll"));
  }

  private static List<Step> rest() {
    List<Step> plan = new ArrayList<>();
    plan.add(records("TLSv1.2", "AES_128_GCM", "heap", 256, ALL));
    plan.add(records("TLSv1.2", "AES_256_GCM", "direct", 16384, ALL));
    plan.add(records("TLSv1.2", "CHACHA20_POLY1305", "direct", 16384, ALL));
    for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
      for (String key : List.of("RSA_4096", "P_256")) {
        plan.add(handshakes(protocol, key, "full", ALL));
      }
      for (String key : List.of("RSA_2048", "RSA_4096", "P_256")) {
        plan.add(handshakes(protocol, key, "resumed", ALL));
      }
      plan.add(new Step(SocketBenchmark.class, WITH_SOCKETS, "protocol=" + protocol));
    }
    for (String key : List.of("RSA_2048", "RSA_4096", "P_256")) {
      plan.add(postQuantum(key, "full"));
      plan.add(postQuantum(key, "resumed"));
    }
    for (String transport : List.of("transport=nio", "transport=epoll")) {
      plan.add(new Step(NettyLatencyBenchmark.class, ALL, "protocol=TLSv1.2", transport));
    }
    plan.add(new Step(NettyThroughputBenchmark.class, ALL, "protocol=TLSv1.2", "transport=nio"));
    plan.add(new Step(NettyThroughputBenchmark.class, ALL, "protocol=TLSv1.3", "transport=epoll"));
    return plan;
  }

  private static Step records(
      String protocol, String cipher, String buffers, int size, String[] peers) {
    return new Step(
        RecordBenchmark.class,
        peers,
        "protocol=" + protocol,
        "cipher=" + cipher,
        "buffers=" + buffers,
        "size=" + size);
  }

  private static Step handshakes(String protocol, String key, String kind, String[] peers) {
    return new Step(
        HandshakeBenchmark.class,
        peers,
        "protocol=" + protocol,
        "key=" + key,
        "kind=" + kind,
        "group=" + TlsSetup.X25519);
  }

  /** What our default is with TLS 1.3, and no peer's. */
  private static Step postQuantum(String key, String kind) {
    return new Step(
        HandshakeBenchmark.class,
        OURS,
        "protocol=TLSv1.3",
        "key=" + key,
        "kind=" + kind,
        "group=X25519MLKEM768");
  }
}
