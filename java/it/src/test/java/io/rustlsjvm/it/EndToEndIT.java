package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.Command;
import io.rustlsjvm.demo.cluster.JvmProcess;
import io.rustlsjvm.demo.cluster.Role;
import io.rustlsjvm.demo.report.ChannelRow;
import io.rustlsjvm.demo.report.TlsObservation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A cluster with one self-signed pair inside (S1), and REST with mutual authentication under an
 * authority of one's own (S6), with curl and openssl as clients beside Flink's own.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndToEndIT {
  private static final int LAST = 100;

  private static Cluster cluster;
  private static TlsObservation tls;
  private static Path folder;
  private static String authority;
  private static String client;
  private static String stranger;

  @BeforeAll
  static void start() throws IOException {
    folder = Setup.folder("end-to-end");
    Stores stores = Stores.get();
    authority = stores.authority().certificatePem().toString();
    client = stores.client().exportPem(folder.resolve("client.pem")).toString();
    stranger = stores.stranger().exportPem(folder.resolve("stranger.pem")).toString();
    tls = new TlsObservation(folder.resolve("tls"));
    cluster =
        Clusters.describe(
                folder,
                tls,
                Stores.with(
                    Stores.internalOptions("RUSTLS", stores.internal()),
                    "security.ssl.protocol",
                    "TLSv1.2,TLSv1.3"))
            .build()
            .start();
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.stop();
    }
  }

  @Test
  @Order(1)
  void jobIsExact() throws IOException {
    Clusters.runJob(cluster);
  }

  @ParameterizedTest
  @Order(2)
  @ValueSource(strings = {"1.2", "1.3"})
  void curlWithCertificateGetsIn(String version) throws IOException {
    Command curl = curl("--tlsv" + version, "--tls-max", version, "--cert", client);

    assertThat(curl.exitCode()).as(curl.output()).isZero();
    assertThat(curl.output()).contains("\"taskmanagers\":2");
  }

  @ParameterizedTest
  @Order(2)
  @ValueSource(strings = {"1.2", "1.3"})
  void curlWithoutCertificateIsRefused(String version) throws IOException {
    Command curl = curl("--tlsv" + version, "--tls-max", version);

    assertThat(curl.exitCode()).as(curl.output()).isNotZero();
    assertThat(curl.output()).contains("alert").doesNotContain("taskmanagers");
  }

  @ParameterizedTest
  @Order(2)
  @ValueSource(strings = {"1.2", "1.3"})
  void curlWithStrangersCertificateIsRefused(String version) throws IOException {
    Command curl = curl("--tlsv" + version, "--tls-max", version, "--cert", stranger);

    assertThat(curl.exitCode()).as(curl.output()).isNotZero();
    assertThat(curl.output()).contains("unknown ca").doesNotContain("taskmanagers");
  }

  @ParameterizedTest
  @Order(2)
  @CsvSource({"-tls1_2,TLSv1.2", "-tls1_3,TLSv1.3"})
  void opensslVerifiesTheServer(String option, String protocol) throws IOException {
    String address = "localhost:" + cluster.port(Role.JOB_MANAGER, "rest.port");
    Command openssl =
        Command.run(
            Duration.ofSeconds(30),
            List.of(
                "sh",
                "-c",
                "printf 'GET /overview HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n'"
                    + " | openssl s_client -ign_eof -connect "
                    + address
                    + " -verify_return_error -verify_hostname localhost -CAfile "
                    + authority
                    + " -cert "
                    + client
                    + " -key "
                    + client
                    + " "
                    + option));

    assertThat(openssl.output())
        .contains("Verify return code: 0 (ok)", "HTTP/1.1 200 OK", protocol);
    assertThat(openssl.exitCode()).isZero();
  }

  /** The jar's own command, which reads the file that a process has been started with. */
  @ParameterizedTest
  @Order(2)
  @CsvSource({"rest,rest.port", "internal,jobmanager.rpc.port", "internal,blob.server.port"})
  void checkShakesHandsWithTheCluster(String channel, String port) throws IOException {
    Role whose = channel.equals("rest") ? Role.CLIENT : Role.JOB_MANAGER;
    Command check =
        Command.run(
            Duration.ofSeconds(60),
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Setup.plugin().toString(),
                "check",
                cluster.configuration(whose).toString(),
                "--role",
                whose.equals(Role.CLIENT) ? "client" : "cluster",
                "--channel",
                channel,
                "--connect",
                "localhost:" + cluster.port(Role.JOB_MANAGER, port)));

    assertThat(check.exitCode()).as(check.output()).isZero();
    assertThat(check.output()).contains("  works          TLSv1.3, TLS_");
    if (channel.equals("rest")) {
      assertThat(check.output()).contains("  answer         HTTP/1.1 200 OK");
    }
  }

  @Test
  @Order(2)
  void webUploadTakesAJob() throws IOException {
    Command curl = curlTo("/jars/upload", "--cert", client, "-F", "jarfile=@" + Setup.job());

    assertThat(curl.output()).contains("\"status\":\"success\"");
  }

  @Test
  @Order(2)
  void browserWithImportedCertificateShowsTheDashboard() throws IOException {
    Stores stores = Stores.get();
    Path picture = folder.resolve("dashboard.png");

    Command page =
        browser(picture, stores.client().file().toString(), stores.client().storePassword());

    assertThat(page.output())
        .contains("Available Task Slots", "shuffle of ", Setup.flink().version());
    assertThat(picture).isNotEmptyFile();
  }

  @Test
  @Order(2)
  void browserWithoutCertificateIsRefused() throws IOException {
    Command page = browser(folder.resolve("refused.png"));

    assertThat(page.exitCode()).isNotZero();
    assertThat(page.output())
        .contains("ERR_BAD_SSL_CLIENT_AUTH_CERT")
        .doesNotContain("Available Task Slots");
  }

  /** As jconsole and its like look at processes. */
  @Test
  @Order(2)
  void runningProcessesTellTheirCounters() throws Exception {
    curl();
    try (Management jobManager = Management.of(cluster.processes().get(Role.JOB_MANAGER));
        Management worker = Management.of(cluster.processes().get(Role.taskManager(1)))) {
      assertThat(jobManager.channels())
          .contains("rpc-server", "rpc-client", "blob-server", "rest-server");
      assertThat(worker.channels())
          .contains("rpc-server", "rpc-client", "data-server", "data-client", "blob-client");

      for (String channel : List.of("data-server", "data-client", "rpc-client")) {
        assertThat(worker.count(channel, "Handshakes")).as(channel).isPositive();
        assertThat(worker.count(channel, "Failures")).as(channel).isZero();
      }
      assertThat(worker.count("data-server", "BytesOut")).isGreaterThan(50_000_000L);
      assertThat(worker.count("data-client", "BytesIn")).isGreaterThan(50_000_000L);
      assertThat(worker.count("data-server", "Reloads")).isZero();
      assertThat(worker.count("data-server", "DaysToExpiry")).isPositive();
      assertThat(worker.count("data-client", "DaysToTrustExpiry")).isPositive();

      assertThat(jobManager.count("rest-server", "Handshakes")).isPositive();
      assertThat(jobManager.table("rest-server", "FailuresByAlert"))
          .as("curl without a certificate")
          .containsKey("sent certificate_required");
    }
  }

  @Test
  @Order(2)
  void startUpNamesEachChannelsTls() throws IOException {
    String log = cluster.processes().get(Role.JOB_MANAGER).log();

    for (String channel : List.of("rpc-server", "rpc-client", "blob-server", "rest-server")) {
      assertThat(log.lines())
          .as(channel)
          .anySatisfy(line -> assertThat(line).contains(channel, "rustls", "TLSv1.3", "SHA-256"));
    }
  }

  @Test
  @Order(LAST - 1)
  void passwordsAreNotLogged() throws IOException {
    Stores stores = Stores.get();
    try (Stream<Path> logs = Files.list(folder.resolve("log"))) {
      for (Path log : logs.collect(Collectors.toList())) {
        assertThat(log)
            .content()
            .doesNotContain(
                stores.internal().storePassword(),
                stores.server().storePassword(),
                stores.client().storePassword(),
                stores.trusted().storePassword(),
                "PRIVATE KEY");
      }
    }
  }

  @Test
  @Order(LAST)
  void everyChannelWasOnRustls() throws IOException {
    for (JvmProcess process : cluster.processes().values()) {
      assertThat(process.isAlive()).isEqualTo(!process.name().equals(Role.CLIENT.name()));
    }
    cluster.stop();

    List<ChannelRow> rows = tls.of(cluster);
    Clusters.assertProvider(
        rows,
        "RUSTLS",
        "rpc-server",
        "rpc-client",
        "data-server",
        "data-client",
        "blob-server",
        "blob-client",
        "rest-server",
        "rest-client");
    for (String channel : List.of("rpc", "data", "blob", "rest-client")) {
      assertThat(Clusters.of(rows, channel))
          .extracting(ChannelRow::protocol)
          .containsOnly("TLSv1.3");
    }
    assertThat(Clusters.of(rows, "data"))
        .extracting(ChannelRow::peer)
        .containsOnly("CN=flink.internal");
    assertThat(Clusters.of(rows, "data").stream().mapToLong(ChannelRow::bytes).sum())
        .as("counted at both ends")
        .isGreaterThan(2 * 150_000_000L);
  }

  private static Command browser(Path picture, String... certificateAndPassword)
      throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                Setup.script("it.browser").toString(),
                cluster.rest().base() + "/",
                authority,
                picture.toString()));
    line.addAll(Arrays.asList(certificateAndPassword));
    return Command.run(Duration.ofMinutes(1), line);
  }

  private static Command curl(String... options) throws IOException {
    return curlTo("/overview", options);
  }

  private static Command curlTo(String path, String... options) throws IOException {
    List<String> line = new ArrayList<>(List.of("curl", "-sS", "--cacert", authority));
    line.addAll(Arrays.asList(options));
    line.add(cluster.rest().base() + path);
    return Command.run(Duration.ofSeconds(30), line);
  }
}
