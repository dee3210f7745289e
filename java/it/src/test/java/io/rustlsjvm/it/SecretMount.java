package io.rustlsjvm.it;

import io.rustlsjvm.demo.cluster.Command;
import io.rustlsjvm.demo.stores.CertificateAuthority;
import io.rustlsjvm.demo.stores.KeystoreFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder with keys and certificates as Kubernetes mounts a secret: each file is a link through
 * {@code ..data}, a link to a folder, and a new content comes by replacing that one link.
 */
final class SecretMount {
  static final String TRUSTSTORE_PASSWORD = "mounted_truststore_password";

  private static final List<String> FILES =
      List.of("tls.crt", "tls.key", "ca.crt", "keystore.p12", "truststore.p12");

  private final Path folder;
  private int version;

  SecretMount(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /** The folder, which has the PEM files' usual names, too. */
  Path folder() {
    return folder;
  }

  /**
   * Shows other content.
   *
   * @param key in {@code tls.crt}, {@code tls.key} and {@code keystore.p12}
   * @param authorities in {@code ca.crt} and {@code truststore.p12}
   * @param operators one more in {@code truststore.p12}
   * @throws IOException when a tool fails
   */
  void show(
      KeystoreFile key, List<CertificateAuthority> authorities, CertificateAuthority operators)
      throws IOException {
    version++;
    Path content = Files.createDirectory(folder.resolve("..version_" + version));
    pem(key, content.resolve("tls.crt"), "-nokeys", "-clcerts");
    pem(key, content.resolve("tls.key"), "-nocerts", "-nodes");
    Files.copy(key.file(), content.resolve("keystore.p12"));
    StringBuilder trusted = new StringBuilder();
    KeystoreFile truststore =
        KeystoreFile.truststore(
            content.resolve("truststore.p12"), TRUSTSTORE_PASSWORD, operators.certificate());
    for (CertificateAuthority authority : authorities) {
      trusted.append(
          new String(Files.readAllBytes(authority.certificatePem()), StandardCharsets.US_ASCII));
      truststore.trust("ca-" + trusted.length(), authority.certificate());
    }
    Files.write(content.resolve("ca.crt"), trusted.toString().getBytes(StandardCharsets.US_ASCII));

    Path data = folder.resolve("..data");
    Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), content.getFileName());
    Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    if (version == 1) {
      for (String name : FILES) {
        Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
      }
    }
  }

  private static void pem(KeystoreFile key, Path target, String... options) throws IOException {
    List<String> line = new ArrayList<>(List.of("openssl", "pkcs12"));
    line.addAll(List.of("-in", key.file().toString(), "-passin", "pass:" + key.storePassword()));
    line.addAll(List.of(options));
    line.addAll(List.of("-out", target.toString()));
    Command.succeed(line.toArray(new String[0]));
  }
}
