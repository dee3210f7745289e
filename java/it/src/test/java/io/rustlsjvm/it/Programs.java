package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.Expectation;
import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.Command;
import io.rustlsjvm.demo.cluster.FreePorts;
import io.rustlsjvm.demo.cluster.JvmProcess;
import io.rustlsjvm.demo.cluster.Role;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a distribution has beside JobManager, TaskManagers and {@code bin/flink}. */
final class Programs {
  static final Role SQL_CLIENT = Role.named("sql-client");

  private static final Role SQL_GATEWAY = Role.named("sql-gateway");
  private static final Role PYTHON = Role.named("python-client");

  private static final Role STANDALONE_JOB = Role.named("standalone-job");
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final long RECORDS = 20_000;

  private Programs() {}

  /**
   * Starts the HistoryServer, and asks it.
   *
   * @param cluster made of scripts
   * @param scenario how to ask
   */
  static void historyServer(Cluster cluster, Scenario scenario) throws IOException {
    cluster.reconfigure(Role.HISTORY_SERVER, Map.of("historyserver.web.ssl.enabled", "true"));
    JvmProcess server = cluster.startHistoryServer();
    int port = cluster.port(Role.HISTORY_SERVER, "historyserver.web.port");
    Processes.awaitPort(server, port);

    String url = "https://localhost:" + port + "/config";
    assertThat(scenario.curl(url).output()).contains("flink-version");
    if (scenario.isMutual()) {
      assertThat(scenario.curlWithoutCertificate(url).exitCode()).isNotZero();
    }
  }

  /**
   * Starts the SQL gateway, and has the SQL client ask it for something that the cluster works out.
   *
   * @param cluster made of scripts
   * @param scenario how to ask
   */
  static void sql(Cluster cluster, Scenario scenario) throws IOException {
    int port = FreePorts.next();
    JvmProcess gateway =
        cluster.startScript(
            SQL_GATEWAY,
            "sql-gateway.sh",
            "start-foreground",
            "-Dsql-gateway.endpoint.rest.address=localhost",
            "-Dsql-gateway.endpoint.rest.port=" + port);
    Processes.awaitPort(gateway, port);
    String url = "https://localhost:" + port;
    assertThat(scenario.curl(url + "/v1/info").output()).contains("Apache Flink");
    if (scenario.isMutual()) {
      assertThat(scenario.curlWithoutCertificate(url + "/v1/info").exitCode()).isNotZero();
    }

    Path script = cluster.folder().resolve("query.sql");
    Files.write(
        script,
        ("SET 'execution.runtime-mode' = 'batch';\n"
                + "SET 'parallelism.default' = '1';\n"
                + "SET 'sql-client.execution.result-mode' = 'tableau';\n"
                + "SELECT SUM(x) FROM (VALUES (1000000), (300000), (37000)) AS t(x);\n")
            .getBytes(StandardCharsets.UTF_8));
    JvmProcess client =
        cluster.startScript(
            SQL_CLIENT, "sql-client.sh", "gateway", "--endpoint", url, "-f", script.toString());
    assertThat(client.awaitExit(LIMIT)).as(client.log()).isZero();
    assertThat(client.log()).contains("1337000");
  }

  /**
   * Puts a JobManager with a job of its own in the place of the session's; the TaskManagers stay.
   *
   * @param cluster made of scripts, with 3 TaskManagers
   * @param scenario how to ask
   */
  static void standaloneJob(Cluster cluster, Scenario scenario, Path home) throws IOException {
    cluster.stop(Role.JOB_MANAGER);
    Files.copy(Setup.job(), home.resolve("usrlib").resolve("job.jar"));
    cluster.reconfigure(
        STANDALONE_JOB, Map.of("execution.shutdown-on-application-finish", "false"));
    cluster.startScript(
        STANDALONE_JOB,
        "standalone-job.sh",
        "start-foreground",
        "--job-classname",
        "io.rustlsjvm.demo.job.ShuffleJob",
        String.valueOf(RECORDS),
        "3");
    cluster.awaitTaskManagers(3, LIMIT);
    String jobs = cluster.rest().base() + "/jobs";
    Command command = scenario.curl(jobs);
    assertThat(command.output()).contains("\"id\":\"");
    String job = command.output().replaceFirst("(?s).*\"id\":\"([0-9a-f]{32})\".*", "$1");
    cluster.awaitJob(job, LIMIT);
    assertThat(Expectation.of(RECORDS, 3).differences(cluster.accumulators(job))).isEmpty();
  }

  /**
   * Runs a PyFlink program, whose Java takes the jars in {@code lib} in whatever order the folder
   * has them.
   *
   * @param cluster made of scripts
   * @param home the distribution
   */
  static void python(Cluster cluster, Path home) throws IOException {
    Path packages = cluster.folder().resolve("python");
    Command.succeed(
        "python3",
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--no-deps",
        "--target",
        packages.toString(),
        "-r",
        Setup.script("it.pyflink").toString());
    Path program = cluster.folder().resolve("job.py");
    Files.write(program, Programs.class.getResourceAsStream("job.py").readAllBytes());
    // By itself it runs the job in its own JVM, which serves REST, too.
    cluster.reconfigure(
        PYTHON, Map.of("parallelism.default", "1", "rest.port", "0", "rest.bind-port", "0"));
    JvmProcess python =
        cluster.startCommand(
            PYTHON,
            List.of("python3", program.toString()),
            Map.of(
                "FLINK_HOME",
                home.toString(),
                "PYTHONPATH",
                Distributions.python(cluster.flink().version()) + File.pathSeparator + packages,
                // Without a server for Python functions, which needs more packages.
                "_python_worker_execution_mode",
                "process"));
    assertThat(python.awaitExit(LIMIT)).as(python.log()).isZero();
    assertThat(python.log()).contains("\n1000\n");
    String log = logOf(cluster, "python");
    for (String channel : List.of("rpc-server", "blob-server", "rest-server")) {
      assertThat(log).contains("TLS of " + channel + " is done by RUSTLS");
    }
  }

  /** What a program wrote to the log that its script has named. */
  private static String logOf(Cluster cluster, String program) throws IOException {
    try (Stream<Path> logs = Files.list(cluster.folder().resolve("log"))) {
      Path log =
          logs.filter(file -> file.getFileName().toString().matches("flink-.*" + program + ".*log"))
              .findAny()
              .orElseThrow(() -> new IOException("There is no log of " + program));
      return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    }
  }

  /** All of these; the last takes the JobManager away. */
  static final List<String> ALL = List.of("history-server", "sql", "python", "standalone-job");

  /**
   * One of these.
   *
   * @param name one of {@link #ALL}
   */
  static void run(String name, Cluster cluster, Scenario scenario, Path home) throws IOException {
    switch (name) {
      case "history-server":
        historyServer(cluster, scenario);
        break;
      case "sql":
        sql(cluster, scenario);
        break;
      case "python":
        python(cluster, home);
        break;
      case "standalone-job":
        standaloneJob(cluster, scenario, home);
        break;
      default:
        throw new IllegalArgumentException(name);
    }
  }
}
