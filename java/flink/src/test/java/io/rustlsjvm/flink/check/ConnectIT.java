package io.rustlsjvm.flink.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.flink.check.JarProcess.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code check --connect}, against servers of openssl. */
class ConnectIT {
  @TempDir static Path folder;

  private static Path node;
  private static Path stranger;

  @BeforeAll
  static void makeStores() throws Exception {
    Pki pki = new Pki(folder);
    node = pki.signed(pki.authority("authority"), "node", "rsa:2048", "DNS:localhost");
    stranger = pki.signed(pki.authority("another"), "stranger", "rsa:2048", "DNS:localhost");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void shakesHandsWithARestServer(String protocol) throws Exception {
    try (OpenSsl server = OpenSsl.of(node, "-www", "-Verify", "1", "-verify_return_error")) {
      Outcome outcome =
          connect(fine().with("security.ssl.protocol", protocol), "localhost:" + server.port);
      assertThat(outcome.exit).as(outcome.toString()).isZero();
      JsonNode connection = outcome.json().get("connection");
      assertThat(connection.get("endpoint").asText()).isEqualTo("localhost:" + server.port);
      assertThat(connection.get("channel").asText()).isEqualTo("rest-client");
      assertThat(connection.get("works").asBoolean()).isTrue();
      assertThat(connection.get("protocol").asText()).isEqualTo(protocol);
      assertThat(connection.get("answer").asText()).startsWith("HTTP/1.0 200");
      assertThat(connection.get("certificates").get(0).get("sha256").asText())
          .isEqualTo(Pki.fingerprint(node.resolve("tls.crt"), "sha256"));
    }
  }

  @Test
  void shakesHandsWithAnInternalEndpoint() throws Exception {
    try (OpenSsl server = OpenSsl.of(node, "-Verify", "1", "-verify_return_error")) {
      String conf = fine().with("security.ssl.protocol", "TLSv1.3").write();
      Outcome outcome =
          new JarProcess()
              .run("check", conf, "--connect", "127.0.0.1:" + server.port, "--channel", "internal");
      assertThat(outcome.exit).as(outcome.toString()).isZero();
      assertThat(outcome.out)
          .contains("\n127.0.0.1:" + server.port + "\n")
          .containsPattern("  works          TLSv1\\.3, TLS_AES_256_GCM_SHA384, \\w+\n")
          .contains("  shows          CN=node\n")
          .contains("SHA-1 " + Pki.fingerprint(node.resolve("tls.crt"), "sha1"));
    }
  }

  @Test
  void showsAServerThatIsNotTrusted() throws Exception {
    try (OpenSsl server = OpenSsl.of(stranger)) {
      Outcome outcome = connect(fine(), "localhost:" + server.port);
      assertThat(outcome.exit).isEqualTo(1);
      JsonNode finding = outcome.finding(Rule.CERTIFICATE_UNTRUSTED);
      assertThat(finding.get("option").asText()).isEqualTo("security.ssl.truststore");
      assertThat(finding.get("message").asText())
          .contains("CN=stranger (issued by CN=another)")
          .contains("localhost:" + server.port);
      JsonNode connection = outcome.json().get("connection");
      assertThat(connection.get("works").asBoolean()).isFalse();
      assertThat(connection.get("certificates").get(0).get("sha1").asText())
          .isEqualTo(Pki.fingerprint(stranger.resolve("tls.crt"), "sha1"));

      String pin = Pki.fingerprint(stranger.resolve("tls.crt"), "sha1");
      Outcome pinned =
          connect(
              fine().with("security.ssl.rest.cert.fingerprint", pin), "localhost:" + server.port);
      assertThat(pinned.json().get("connection").get("works").asBoolean()).isTrue();
    }
  }

  @Test
  void findsAServerOfAnotherName() throws Exception {
    try (OpenSsl server = OpenSsl.of(node)) {
      Outcome outcome =
          connect(fine().with("security.ssl.verify-hostname", "true"), "127.0.0.1:" + server.port);
      assertThat(outcome.exit).isEqualTo(1);
      assertThat(outcome.finding(Rule.HOST_NAME_MISMATCH).get("message").asText())
          .contains("is not for '127.0.0.1': its subjectAltName has DNS:localhost.");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void findsAServerThatWantsACertificate(String protocol) throws Exception {
    try (OpenSsl server = OpenSsl.of(node, "-www", "-Verify", "1")) {
      Outcome outcome =
          connect(
              fine()
                  .with("security.ssl.protocol", protocol)
                  .with("security.ssl.rest.authentication-enabled", "false"),
              "localhost:" + server.port);
      assertThat(outcome.exit).as(outcome.toString()).isEqualTo(1);
      JsonNode finding = outcome.finding(Rule.HANDSHAKE_FAILED);
      assertThat(finding.get("option").asText())
          .isEqualTo("security.ssl.rest.authentication-enabled");
      assertThat(finding.get("message").asText())
          .contains("refuses this client: Received fatal alert")
          .contains("set security.ssl.rest.authentication-enabled: true");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void findsAServerThatDoesNotTrustThisClient(String protocol) throws Exception {
    try (OpenSsl server = OpenSsl.of(node, "-www", "-Verify", "1", "-verify_return_error")) {
      Outcome outcome =
          connect(
              fine()
                  .with("security.ssl.protocol", protocol)
                  .stores("security.ssl.rest.", stranger, node),
              "localhost:" + server.port);
      assertThat(outcome.exit).as(outcome.toString()).isEqualTo(1);
      assertThat(outcome.finding(Rule.HANDSHAKE_FAILED).get("message").asText())
          .contains("refuses this client: Received fatal alert")
          .contains("must have the certificate of CN=stranger");
    }
  }

  @Test
  void findsAServerThatIsNotThereOrSpeaksNoTls() throws Exception {
    int port;
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = silent.getLocalPort();
      Thread http =
          new Thread(
              () -> {
                while (true) {
                  try (java.net.Socket socket = silent.accept()) {
                    socket
                        .getOutputStream()
                        .write(
                            "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                  } catch (IOException e) {
                    return;
                  }
                }
              });
      http.start();
      Outcome plain = connect(fine(), "localhost:" + port);
      assertThat(plain.exit).isEqualTo(1);
      assertThat(plain.finding(Rule.HANDSHAKE_FAILED).get("message").asText())
          .contains("The handshake with localhost:" + port + " fails")
          .contains("Check that TLS is enabled there");
    }
    Outcome nobody = connect(fine(), "localhost:" + port);
    assertThat(nobody.exit).isEqualTo(1);
    assertThat(nobody.finding(Rule.CONNECTION_FAILED).get("message").asText())
        .contains("There is no connection to localhost:" + port);
  }

  private static Conf fine() throws IOException {
    return Conf.fine(folder, node);
  }

  private static Outcome connect(Conf conf, String endpoint) throws Exception {
    return new JarProcess().run("check", conf.write(), "--json", "--connect", endpoint);
  }

  /** {@code openssl s_server} with a folder's certificate and authority. */
  private static final class OpenSsl implements AutoCloseable {
    final int port;
    private final Process process;

    private OpenSsl(Process process, int port) {
      this.process = process;
      this.port = port;
    }

    static OpenSsl of(Path pem, String... more) throws IOException {
      List<String> command = new ArrayList<>(List.of("openssl", "s_server", "-accept", "0"));
      command.addAll(List.of("-cert", pem.resolve("tls.crt").toString()));
      command.addAll(List.of("-key", pem.resolve("tls.key").toString()));
      command.addAll(List.of("-CAfile", pem.resolve("ca.crt").toString()));
      command.addAll(List.of(more));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      Scanner lines = new Scanner(process.getInputStream(), StandardCharsets.UTF_8);
      while (lines.hasNextLine()) {
        String line = lines.nextLine();
        if (line.startsWith("ACCEPT ")) {
          Thread drain =
              new Thread(
                  () -> {
                    while (lines.hasNextLine()) {
                      lines.nextLine();
                    }
                  });
          drain.setDaemon(true);
          drain.start();
          return new OpenSsl(process, Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
        }
      }
      throw new IOException("openssl s_server has not started");
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }
}
