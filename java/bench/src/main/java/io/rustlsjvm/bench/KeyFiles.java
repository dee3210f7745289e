package io.rustlsjvm.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A keystore with a leaf certificate and a truststore with the authority that signed it, made once
 * by keytool and used by all peers, as both ends.
 */
final class KeyFiles {
  static final String PASSWORD = "bench-password";
  private static final String FOLDER = System.getProperty("bench.stores", "bench-stores");

  final Path keystore;
  final Path truststore;

  private KeyFiles(Path keystore, Path truststore) {
    this.keystore = keystore;
    this.truststore = truststore;
  }

  /**
   * The files for a kind of key; made when they are missing.
   *
   * @throws IOException when keytool fails
   */
  static KeyFiles of(KeyType type) throws IOException {
    Path folder = Files.createDirectories(Path.of(FOLDER).toAbsolutePath());
    KeyFiles files =
        new KeyFiles(
            folder.resolve(type + ".keystore.p12"), folder.resolve(type + ".truststore.p12"));
    if (!Files.exists(files.truststore)) {
      files.make(type, folder.resolve(type + ".ca.cer"));
    }
    return files;
  }

  private void make(KeyType type, Path authority) throws IOException {
    Files.deleteIfExists(keystore);
    String[] own = {"-keystore", keystore.toString(), "-validity", "3650"};
    keytool(
        join(own, "-genkeypair", "-alias", "ca", "-dname", "CN=Bench CA", "-ext", "bc=ca:true"),
        type.keytoolOptions());
    keytool(
        join(own, "-genkeypair", "-alias", "leaf", "-signer", "ca", "-dname", "CN=localhost"),
        join(type.keytoolOptions(), "-ext", "SAN=dns:localhost,ip:127.0.0.1"));
    String[] opened = {"-keystore", keystore.toString(), "-alias", "ca"};
    keytool(opened, "-exportcert", "-file", authority.toString());
    keytool(opened, "-delete");
    keytool(
        new String[] {"-importcert", "-noprompt", "-alias", "ca"},
        "-keystore",
        truststore.toString(),
        "-file",
        authority.toString());
  }

  private static void keytool(String[] first, String... more) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    line.addAll(Arrays.asList(join(first, more)));
    line.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    try {
      if (process.waitFor() != 0) {
        throw new IOException("keytool: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String[] join(String[] first, String... second) {
    String[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  /** Opens one of them with the JDK. */
  static KeyStore open(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }
}
