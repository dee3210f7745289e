package io.rustlsjvm.it;

import io.rustlsjvm.demo.cluster.Command;
import io.rustlsjvm.demo.stores.KeystoreFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Secret that cert-manager has filled, as Kubernetes mounts it: the files are links to what
 * {@code ..data} links to.
 */
final class CertManagerSecret {
  /** How cert-manager encrypts its PKCS#12 stores. */
  enum Profile {
    /** RC2 and 3DES with SHA-1: cert-manager's default. */
    LEGACY(
        "-legacy -certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-3DES -macalg sha1",
        "-J-Dkeystore.pkcs12.legacy=true"),
    /** Its {@code Modern2023}. */
    MODERN(
        "-certpbe AES-256-CBC -keypbe AES-256-CBC -macalg sha256",
        "-J-Dkeystore.pkcs12.macAlgorithm=HmacPBESHA256");

    private final List<String> openssl;
    private final String keytool;

    Profile(String openssl, String keytool) {
      this.openssl = List.of(openssl.split(" "));
      this.keytool = keytool;
    }
  }

  private static final String PASSWORD = "the_secrets_password";
  private static final String NAMES = "DNS:localhost,DNS:flink-rest.flink.svc,IP:127.0.0.1";

  private final Path folder;

  private CertManagerSecret(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes one with stores beside the PEM files.
   *
   * @param folder where it is mounted
   * @param profile how the stores are encrypted
   * @throws IOException when a tool fails
   */
  static CertManagerSecret create(Path folder, Profile profile) throws IOException {
    CertManagerSecret secret = pem(folder, "serverAuth,clientAuth", NAMES);
    List<String> line =
        new ArrayList<>(
            List.of(
                "openssl",
                "pkcs12",
                "-export",
                "-name",
                "certificate",
                "-inkey",
                secret.file("tls.key").toString(),
                "-in",
                secret.file("tls.crt").toString(),
                "-certfile",
                secret.file("ca.crt").toString(),
                "-passout",
                "pass:" + PASSWORD,
                "-out",
                secret.add("keystore.p12").toString()));
    line.addAll(profile.openssl);
    Command.succeed(line.toArray(new String[0]));
    KeystoreFile.truststore(
        secret.add("truststore.p12"),
        PASSWORD,
        secret.file("ca.crt"),
        "-storetype",
        "PKCS12",
        profile.keytool);
    return secret;
  }

  /**
   * Makes one of PEM files alone: an authority's certificate, and a pair that it has signed.
   *
   * @param folder where it is mounted
   * @param usages extended key usages, as openssl writes them; empty for none
   * @param names subject alternative names, as openssl writes them
   * @throws IOException when openssl fails
   */
  static CertManagerSecret pem(Path folder, String usages, String names) throws IOException {
    Path data = Files.createDirectories(folder.resolve("..2026_01_01_00_00_00.000000001"));
    Files.createSymbolicLink(folder.resolve("..data"), data.getFileName());
    CertManagerSecret secret = new CertManagerSecret(folder);
    Path work = Files.createDirectories(folder.resolveSibling(folder.getFileName() + "-authority"));
    String caKey = work.resolve("ca.key").toString();
    openssl(
        "req -x509 -newkey rsa:2048 -nodes -subj /CN=flink-ca -days 90 -sha256"
            + " -addext basicConstraints=critical,CA:TRUE"
            + " -addext keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign",
        "-keyout",
        caKey,
        "-out",
        secret.add("ca.crt").toString());
    // PKCS#1 is what cert-manager writes unless it is asked for PKCS#8.
    openssl("genrsa -traditional", "-out", secret.add("tls.key").toString(), "2048");
    String csr = work.resolve("tls.csr").toString();
    openssl("req -new -subj /CN=flink", "-key", secret.file("tls.key").toString(), "-out", csr);
    Path extensions = work.resolve("extensions");
    Files.write(
        extensions,
        ("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\n"
                + (usages.isEmpty() ? "" : "extendedKeyUsage=" + usages + "\n")
                + "subjectAltName="
                + names
                + "\n")
            .getBytes(StandardCharsets.UTF_8));
    openssl(
        "x509 -req -days 90 -sha256 -CAcreateserial",
        "-in",
        csr,
        "-CA",
        secret.file("ca.crt").toString(),
        "-CAkey",
        caKey,
        "-extfile",
        extensions.toString(),
        "-out",
        secret.add("tls.crt").toString());
    return secret;
  }

  private static void openssl(String words, String... more) throws IOException {
    List<String> line = new ArrayList<>(List.of("openssl"));
    line.addAll(List.of(words.split(" ")));
    line.addAll(List.of(more));
    Command.succeed(line.toArray(new String[0]));
  }

  /** Adds a link to a file of the Secret, and tells where the file itself is to be made. */
  private Path add(String name) throws IOException {
    Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
    return folder.resolve("..data").toRealPath().resolve(name);
  }

  /** A file of it, by the link that programs see. */
  Path file(String name) {
    return folder.resolve(name);
  }

  /** Its keystore. */
  KeystoreFile keystore() {
    return new KeystoreFile(file("keystore.p12"), "certificate", PASSWORD, PASSWORD);
  }

  /** Its truststore. */
  KeystoreFile truststore() {
    return new KeystoreFile(file("truststore.p12"), "ca", PASSWORD, PASSWORD);
  }
}
