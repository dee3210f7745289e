package io.rustlsjvm.it;

import io.rustlsjvm.demo.cluster.Command;
import io.rustlsjvm.demo.stores.KeystoreFile;
import java.io.IOException;
import java.nio.file.Path;

/** Stores of what a folder has as PEM, for peers with the JDK's TLS, which wants passwords. */
final class PemStores {
  private static final String PASSWORD = "of_the_peers_own";

  private final Path pem;
  private final Path made;

  /**
   * Describes them; nothing is made yet.
   *
   * @param pem the folder with {@code tls.crt}, {@code tls.key} and {@code ca.crt}
   * @param made where the stores go
   */
  PemStores(Path pem, Path made) {
    this.pem = pem;
    this.made = made;
  }

  /**
   * Key and certificate.
   *
   * @throws IOException when openssl fails
   */
  KeystoreFile key() throws IOException {
    Path file = made.resolve("peer.p12");
    Command.succeed(
        "openssl",
        "pkcs12",
        "-export",
        "-name",
        "peer",
        "-inkey",
        pem.resolve("tls.key").toString(),
        "-in",
        pem.resolve("tls.crt").toString(),
        "-passout",
        "pass:" + PASSWORD,
        "-out",
        file.toString());
    return new KeystoreFile(file, "peer", PASSWORD, PASSWORD);
  }

  /**
   * The authority.
   *
   * @throws IOException when keytool fails
   */
  KeystoreFile trusted() throws IOException {
    return KeystoreFile.truststore(
        made.resolve("peer.truststore"), PASSWORD, pem.resolve("ca.crt"));
  }
}
