package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file with the secrets of connections. */
@Timeout(120)
class KeyLogTest {
  @TempDir Path folder;

  /**
   * A server that {@code openssl s_client} calls once with each protocol, which writes the secrets
   * as it sees them to the file that the first argument names.
   */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws Exception {
      SSLContext context = TestContexts.STORES.server();
      try (ServerSocket server =
          context
              .getServerSocketFactory()
              .createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
        for (String protocol : new String[] {"-tls1_2", "-tls1_3"}) {
          Process openssl =
              openssl(server.getLocalPort(), "-keylogfile", System.getProperty("peer"), protocol);
          try (Socket socket = server.accept()) {
            socket.getOutputStream().write('x');
            socket.getInputStream().read();
          }
          openssl.destroy();
          openssl.waitFor();
        }
      }
    }

    private static Process openssl(int port, String... options) throws IOException {
      List<String> line =
          new ArrayList<>(
              List.of("openssl", "s_client", "-connect", "localhost:" + port, "-quiet"));
      line.addAll(List.of(options));
      ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
      builder.environment().remove(KeyLog.VARIABLE);
      Process process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().write('y');
      process.getOutputStream().flush();
      return process;
    }
  }

  private ChildJvm serve(Path ours, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("-Dpeer=" + folder.resolve("openssl.keys"));
    return ChildJvm.run(
        Program.class, Map.of(KeyLog.VARIABLE, ours.toString()), all.toArray(new String[0]));
  }

  @Test
  void holdsWhatThePeerKnows() throws Exception {
    Path ours = folder.resolve("ours.keys");
    ChildJvm child = serve(ours, "-D" + KeyLog.PROPERTY + "=true");

    assertThat(child.exit).as(child.output).isZero();
    assertThat(child.output).contains("WARNING", "SECRETS", ours.toString(), KeyLog.PROPERTY);
    List<String> lines = Files.readAllLines(ours);
    assertThat(lines)
        .extracting(line -> line.substring(0, line.indexOf(' ')))
        .containsOnlyOnce("CLIENT_RANDOM")
        .contains(
            "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
            "SERVER_HANDSHAKE_TRAFFIC_SECRET",
            "CLIENT_TRAFFIC_SECRET_0",
            "SERVER_TRAFFIC_SECRET_0",
            "EXPORTER_SECRET");
    TreeSet<String> peers = new TreeSet<>(Files.readAllLines(folder.resolve("openssl.keys")));
    peers.removeIf(line -> line.startsWith("#"));
    assertThat(lower(lines)).isEqualTo(lower(peers)).hasSize(6);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ours)))
        .isEqualTo("rw-------");
  }

  private static TreeSet<String> lower(Iterable<String> lines) {
    TreeSet<String> lower = new TreeSet<>();
    lines.forEach(line -> lower.add(line.toLowerCase(Locale.ROOT)));
    return lower;
  }

  @Test
  void isNotThereUnlessThePropertyIsTrue() throws Exception {
    Path ours = folder.resolve("ours.keys");
    ChildJvm child = serve(ours, "-D" + KeyLog.PROPERTY + "=yes");
    assertThat(child.exit).as(child.output).isZero();
    assertThat(folder.resolve("openssl.keys")).as("connections were made").isNotEmptyFile();
    assertThat(ours).doesNotExist();
    assertThat(child.output).doesNotContain("SECRETS");
  }

  @Test
  void saysThatItCannotBeWritten() throws Exception {
    Path nowhere = folder.resolve("nowhere/ours.keys");
    ChildJvm child = serve(nowhere, "-D" + KeyLog.PROPERTY + "=true");
    assertThat(child.exit).as(child.output).isZero();
    assertThat(child.output).contains("cannot be written to " + nowhere);
  }
}
