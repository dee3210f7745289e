package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.ClusterBuilder;
import io.rustlsjvm.demo.cluster.Command;
import io.rustlsjvm.demo.cluster.JvmProcess;
import io.rustlsjvm.demo.cluster.Role;
import io.rustlsjvm.demo.report.TlsObservation;
import io.rustlsjvm.demo.stores.KeystoreFile;
import io.rustlsjvm.demo.stores.TlsContexts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** REST where only the server shows a certificate: self-signed (S4), and of an authority (S5). */
class RestServerIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void selfSignedWithATruststoreOfItsOwn() throws IOException {
    Path folder = Setup.folder("rest-self-signed");
    KeystoreFile key =
        KeystoreFile.selfSigned(
            folder.resolve("rest.keystore"),
            "flink.rest",
            "rest_keystore_password",
            "CN=localhost",
            "-keyalg",
            "RSA",
            "-keysize",
            "4096",
            "-storetype",
            "PKCS12",
            "-ext",
            "SAN=" + Stores.HERE);
    Path certificate = key.exportCertificate(folder.resolve("flink.cer"));
    KeystoreFile trusted =
        KeystoreFile.truststore(
            folder.resolve("rest.truststore"), "rest_truststore_password", certificate);
    Path pem = folder.resolve("flink.pem");
    Command.succeed(
        "openssl", "x509", "-inform", "DER", "-in", certificate.toString(), "-out", pem.toString());

    try (Cluster cluster = describe(folder, key, trusted).build()) {
      awaitRest(cluster, cluster.startJobManager());

      Command curl =
          curl("--cacert", pem.toString(), cluster.rest().base().toString() + "/overview");
      assertThat(curl.exitCode()).as(curl.output()).isZero();
      assertThat(curl.output()).contains("\"taskmanagers\":0");

      // The JDK's HTTP client checks chain and host name.
      assertThat(cluster.rest().get("/config").has("flink-version")).isTrue();

      assertThat(cluster.startClient("list").awaitExit(LIMIT)).isZero();
    }
  }

  @Test
  void serverOfAnAuthorityUnderAnotherName() throws IOException {
    Path folder = Setup.folder("rest-authority");
    Stores stores = Stores.get();
    KeystoreFile key =
        stores.authority().request("elsewhere").names("dns:elsewhere.example.org").sign(2048);
    String authority = stores.authority().certificatePem().toString();

    TlsObservation tls = new TlsObservation(folder.resolve("tls"));
    try (Cluster cluster =
        describe(folder, key, stores.trusted())
            .jvmOptions((any, role) -> tls.countersOfRustls(role))
            .build()) {
      awaitRest(cluster, cluster.startJobManager());
      int port = cluster.port(Role.JOB_MANAGER, "rest.port");

      Command named =
          curl(
              "--cacert",
              authority,
              "--resolve",
              "elsewhere.example.org:" + port + ":127.0.0.1",
              "https://elsewhere.example.org:" + port + "/overview");
      assertThat(named.output()).contains("\"taskmanagers\":0");
      Command misnamed = curl("--cacert", authority, "https://localhost:" + port + "/overview");
      assertThat(misnamed.exitCode()).as(misnamed.output()).isNotZero();
      Command openssl =
          Command.run(
              Duration.ofSeconds(30),
              List.of(
                  "openssl",
                  "s_client",
                  "-connect",
                  "localhost:" + port,
                  "-showcerts",
                  "-CAfile",
                  authority,
                  "-verify_return_error",
                  "-verify_hostname",
                  "elsewhere.example.org"));
      assertThat(openssl.output()).contains("Verify return code: 0 (ok)");

      JvmProcess refused =
          cluster.startClient(Map.of("security.ssl.rest.verify-hostname", "true"), "list");
      assertThat(refused.awaitExit(LIMIT)).as(refused.log()).isNotZero();
      // What Flink prints is the last of its attempts, whose connection may be gone too early for
      // it to see why.
      assertThat(tls.of(cluster, Role.CLIENT))
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.channel()).isEqualTo("rest-client");
                assertThat(row.handshakes()).isZero();
                assertThat(row.failures()).isPositive();
              });

      JvmProcess let =
          cluster.startClient(Map.of("security.ssl.rest.verify-hostname", "false"), "list");
      assertThat(let.awaitExit(LIMIT)).as(let.log()).isZero();
    }
  }

  private static ClusterBuilder describe(Path folder, KeystoreFile key, KeystoreFile trusted)
      throws IOException {
    return Cluster.builder(folder, Setup.flink())
        .jars(List.of(Setup.plugin()))
        .options(Stores.restOptions("RUSTLS", key, trusted, false))
        .options(Map.of("rest.retry.max-attempts", "1", "rest.retry.delay", "100 ms"))
        .restTls(TlsContexts.of(trusted, null));
  }

  private static void awaitRest(Cluster cluster, JvmProcess jobManager) throws IOException {
    Processes.awaitPort(jobManager, cluster.port(Role.JOB_MANAGER, "rest.port"));
  }

  private static Command curl(String... arguments) throws IOException {
    // The endpoint answers 503 until a leader has been elected.
    List<String> line = new ArrayList<>(List.of("curl", "-sS", "--retry", "5"));
    line.addAll(List.of(arguments));
    return Command.run(Duration.ofSeconds(30), line);
  }
}
