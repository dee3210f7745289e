package io.rustlsjvm.netty;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the JDK's keytool. */
final class Keytool {
  static final String PASSWORD = "password";

  private Keytool() {}

  /** A self-signed pair of EC keys in a new PKCS12 file. */
  static Path selfSigned(Path folder, String name, String... more) throws Exception {
    return selfSignedOf(List.of("EC", "-groupname", "secp256r1"), folder, name, more);
  }

  /** The same of another type of key, which is what keytool has behind {@code -keyalg}. */
  static Path selfSignedOf(List<String> algorithm, Path folder, String name, String... more)
      throws Exception {
    Path store = folder.resolve(name + ".p12");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-keyalg"));
    command.addAll(algorithm);
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close(); // it must not ask
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(output);
    }
    return store;
  }
}
