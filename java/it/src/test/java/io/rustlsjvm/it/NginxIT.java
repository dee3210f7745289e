package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.Command;
import io.rustlsjvm.demo.cluster.FreePorts;
import io.rustlsjvm.demo.cluster.JvmProcess;
import io.rustlsjvm.demo.cluster.Role;
import io.rustlsjvm.demo.report.ChannelRow;
import io.rustlsjvm.demo.report.TlsObservation;
import io.rustlsjvm.demo.stores.CertificateAuthority;
import io.rustlsjvm.demo.stores.KeystoreFile;
import io.rustlsjvm.demo.stores.TlsOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * REST behind a real NGINX, which asks people for their certificates and is itself the only one
 * that Flink lets in (S7), set up as {@code docs/deploy/nginx.md} says.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NginxIT {
  private static final int LAST = 100;
  private static final int REQUESTS = 200;

  /** Where packages put it; not in everyone's PATH. */
  private static final Path PROGRAM = Path.of("/usr/sbin/nginx");

  private static Cluster cluster;
  private static JvmProcess nginx;
  private static TlsObservation tls;
  private static Path keys;
  private static String url;
  private static KeystoreFile person;
  private static KeystoreFile trusted;

  @BeforeAll
  static void start() throws IOException {
    Path folder = Setup.folder("nginx");
    keys = Files.createDirectories(folder.resolve("keys"));
    CertificateAuthority flink =
        CertificateAuthority.create(folder.resolve("flink"), "flink-ca", Stores.RSA_BITS);
    CertificateAuthority people =
        CertificateAuthority.create(folder.resolve("people"), "users-ca", Stores.RSA_BITS);
    flink.request("flink.rest").names(Stores.HERE).sign(Stores.RSA_BITS).exportPem(key("rest"));
    flink.request("nginx.proxy").sign(Stores.RSA_BITS).exportPem(key("proxy"));
    flink.request("someone.else").sign(Stores.RSA_BITS).exportPem(key("someone-else"));
    people.request("nginx").names(Stores.HERE).sign(Stores.RSA_BITS).exportPem(key("server"));
    person = people.request("person").sign(Stores.RSA_BITS);
    person.exportPem(key("person"));
    trusted = people.truststore();
    Files.copy(flink.certificatePem(), key("flink-ca"));
    Files.copy(people.certificatePem(), key("users-ca"));

    Recipe recipe = new Recipe("deploy/nginx.md");
    tls = new TlsObservation(folder.resolve("tls"));
    cluster =
        Cluster.builder(folder, Setup.flink())
            .jars(List.of(Setup.plugin()))
            .options(Role.JOB_MANAGER, flinkOptions(recipe))
            .jvmOptions((any, role) -> tls.countersOfRustls(role))
            .build();
    Processes.awaitPort(cluster.startJobManager(), cluster.port(Role.JOB_MANAGER, "rest.port"));
    int port = FreePorts.next();
    url = "https://localhost:" + port;
    nginx = startNginx(folder, recipe.block("nginx", "upstream"), port);
    Processes.awaitPort(nginx, port);
  }

  @AfterAll
  static void stop() {
    if (nginx != null) {
      nginx.close();
    }
    if (cluster != null) {
      cluster.stop();
    }
  }

  private static Path key(String name) {
    return keys.resolve(name + ".pem");
  }

  private static Map<String, String> flinkOptions(Recipe recipe) throws IOException {
    String sha256 =
        Command.succeed(
                "openssl",
                "x509",
                "-in",
                key("proxy").toString(),
                "-noout",
                "-fingerprint",
                "-sha256")
            .trim()
            .replaceFirst(".*=", "");
    Map<String, String> options = new TreeMap<>();
    Recipe.options(recipe.block("yaml", "security.ssl.rest.cert.fingerprint"))
        .forEach(
            (option, value) ->
                options.put(
                    option,
                    value
                        .replace("/etc/flink/tls", keys.toString())
                        .replace("FINGERPRINT", sha256)));
    assertThat(options).containsEntry("security.ssl.rest.cert.fingerprint", sha256);
    return options;
  }

  private static JvmProcess startNginx(Path folder, String server, int port) throws IOException {
    Path work = Files.createDirectories(folder.resolve("nginx"));
    int flink = cluster.port(Role.JOB_MANAGER, "rest.port");
    String text =
        "daemon off;\nuser root;\nworker_processes 1;\npid nginx.pid;\nerror_log error.log;\n"
            + "events {}\nhttp {\naccess_log access.log;\nclient_body_temp_path body;\n"
            + "proxy_temp_path proxy;\nfastcgi_temp_path fastcgi;\nuwsgi_temp_path uwsgi;\n"
            + "scgi_temp_path scgi;\n"
            + server
                .replace("listen 443 ssl", "listen 127.0.0.1:" + port + " ssl")
                .replace("server localhost:8081", "server 127.0.0.1:" + flink)
                .replace("/etc/nginx/flink", keys.toString())
            + "}\n";
    assertThat(text).contains(":" + port + " ssl", ":" + flink, keys.toString());
    Path configuration = work.resolve("nginx.conf");
    Files.write(configuration, text.getBytes(StandardCharsets.UTF_8));
    return JvmProcess.start(
        "nginx",
        work.resolve("nginx.out"),
        work.resolve("error.log"),
        List.of("nginx", "-p", work.toString(), "-c", configuration.toString(), "-e", "error.log"),
        Map.of(),
        work);
  }

  @Test
  @Order(1)
  void manyRequestsOfAPerson() throws IOException {
    Command one = curl("users-ca", "person", url + "/overview?n=[1-" + REQUESTS / 2 + "]");
    assertThat(one.output().split("\"taskmanagers\":0", -1)).hasSize(REQUESTS / 2 + 1);

    Command parallel =
        curl(
            "users-ca",
            "person",
            "-Z",
            "--parallel-max",
            "8",
            url + "/config?n=[1-" + REQUESTS / 2 + "]");
    assertThat(parallel.output().split("\"flink-version\"", -1)).hasSize(REQUESTS / 2 + 1);
  }

  @Test
  @Order(2)
  void uploadOfAJob() throws IOException {
    Command upload =
        curl("users-ca", "person", "-F", "jarfile=@" + Setup.job(), url + "/jars/upload");

    assertThat(upload.output()).contains("\"status\":\"success\"");
  }

  @Test
  @Order(2)
  void nginxRefusesPeopleItDoesNotKnow() throws IOException {
    assertThat(curl("users-ca", null, url + "/overview").output())
        .contains("400")
        .doesNotContain("taskmanagers");
    assertThat(curl("users-ca", "someone-else", url + "/overview").output())
        .contains("400")
        .doesNotContain("taskmanagers");
  }

  @Test
  @Order(2)
  void flinkRefusesAllButNginx() throws IOException {
    String past = "https://localhost:" + cluster.port(Role.JOB_MANAGER, "rest.port") + "/overview";

    assertThat(curl("flink-ca", "proxy", past).output()).contains("\"taskmanagers\":0");
    // Of the right authority, but not the one that is pinned.
    assertThat(curl("flink-ca", "someone-else", past).exitCode()).isNotZero();
    assertThat(curl("flink-ca", null, past).exitCode()).isNotZero();
  }

  @Test
  @Order(2)
  void commandLineClientGoesThroughNginx() throws IOException {
    Map<String, String> options = new TreeMap<>(TlsOptions.rest(person, trusted, true));
    options.put("rest.port", url.replaceFirst(".*:", ""));
    options.put("security.ssl.provider", "RUSTLS");

    JvmProcess client = cluster.startClient(options, "list");

    assertThat(client.awaitExit(Duration.ofSeconds(60))).as(client.log()).isZero();
    assertThat(client.log()).contains("No running jobs.");
  }

  @Test
  @Order(LAST)
  void nginxKeptItsConnections() throws IOException {
    cluster.stop();

    List<ChannelRow> rows = tls.of(cluster, Role.JOB_MANAGER);
    Clusters.assertProvider(rows, "RUSTLS", "rest-server");
    assertThat(Clusters.of(rows, "rest-server"))
        .extracting(ChannelRow::peer)
        .containsOnly("CN=nginx.proxy");
    assertThat(Clusters.of(rows, "rest-server").stream().mapToLong(ChannelRow::handshakes).sum())
        .as("connections for more than " + REQUESTS + " requests")
        .isBetween(1L, REQUESTS / 4L);
  }

  private static Command curl(String authority, String certificate, String... arguments)
      throws IOException {
    List<String> line =
        new ArrayList<>(List.of("curl", "-sS", "--retry", "5", "--cacert", key(authority) + ""));
    if (certificate != null) {
      line.addAll(List.of("--cert", key(certificate).toString()));
    }
    line.addAll(List.of(arguments));
    return Command.run(Duration.ofSeconds(60), line);
  }
}
