package io.rustlsjvm.demo.stores;

import io.rustlsjvm.demo.cluster.Command;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Arrays;

/** A keystore or truststore on disk, and what opens it. */
public final class KeystoreFile {
  private final Path file;
  private final String alias;
  private final String storePassword;
  private final String keyPassword;

  /**
   * Describes a store that is there, or will be.
   *
   * @param file where it is
   * @param alias the entry's name
   * @param storePassword what opens the store
   * @param keyPassword what opens the key
   */
  public KeystoreFile(Path file, String alias, String storePassword, String keyPassword) {
    this.file = file;
    this.alias = alias;
    this.storePassword = storePassword;
    this.keyPassword = keyPassword;
  }

  /**
   * A key with a certificate that it signed itself.
   *
   * <p>{@code keytool -genkeypair}, as Flink's documentation has it.
   *
   * @param file the keystore to make
   * @param alias the entry's name
   * @param password of the store and of the key
   * @param subject the distinguished name
   * @param options more options of {@code keytool}, such as {@code -ext}
   * @throws IOException when keytool fails
   */
  public static KeystoreFile selfSigned(
      Path file, String alias, String password, String subject, String... options)
      throws IOException {
    KeystoreFile made = new KeystoreFile(file, alias, password, password);
    made.generate(subject, password, options);
    return made;
  }

  void generate(String subject, String keyPassword, String... options) throws IOException {
    String[] line = {
      "-genkeypair",
      "-alias",
      alias,
      "-keystore",
      file.toString(),
      "-dname",
      subject,
      "-storepass",
      storePassword,
      "-keypass",
      keyPassword
    };
    String[] all = Arrays.copyOf(line, line.length + options.length);
    System.arraycopy(options, 0, all, line.length, options.length);
    Keytool.run(all);
  }

  /** Where it is. */
  public Path file() {
    return file;
  }

  /** The name of the key's entry. */
  public String alias() {
    return alias;
  }

  /** What opens the store. */
  public String storePassword() {
    return storePassword;
  }

  /** What opens the key. */
  public String keyPassword() {
    return keyPassword;
  }

  /**
   * Writes the certificate to a file.
   *
   * @param target the file to make, DER
   * @return the file
   * @throws IOException when keytool fails
   */
  public Path exportCertificate(Path target) throws IOException {
    Keytool.run(
        "-exportcert",
        "-keystore",
        file.toString(),
        "-alias",
        alias,
        "-storepass",
        storePassword,
        "-file",
        target.toString());
    return target;
  }

  /**
   * Makes a truststore of one certificate.
   *
   * @param truststore the store to make
   * @param password what will open it
   * @param certificate a file with the certificate
   * @param options more options of {@code keytool}, such as {@code -storetype}
   * @throws IOException when keytool fails
   */
  public static KeystoreFile truststore(
      Path truststore, String password, Path certificate, String... options) throws IOException {
    String[] line = {
      "-importcert",
      "-noprompt",
      "-alias",
      "ca",
      "-keystore",
      truststore.toString(),
      "-storepass",
      password,
      "-file",
      certificate.toString()
    };
    String[] all = Arrays.copyOf(line, line.length + options.length);
    System.arraycopy(options, 0, all, line.length, options.length);
    Keytool.run(all);
    return new KeystoreFile(truststore, "ca", password, password);
  }

  /**
   * Adds a trusted certificate.
   *
   * @param entry the name of the certificate's entry
   * @param certificate a file with the certificate
   * @return this
   * @throws IOException when keytool fails
   */
  public KeystoreFile trust(String entry, Path certificate) throws IOException {
    Keytool.run(
        "-importcert",
        "-noprompt",
        "-alias",
        entry,
        "-keystore",
        file.toString(),
        "-storepass",
        storePassword,
        "-file",
        certificate.toString());
    return this;
  }

  /**
   * Opens it with the JDK.
   *
   * @throws IOException when it cannot be read
   * @throws GeneralSecurityException when the JDK refuses it
   */
  public KeyStore open() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, storePassword.toCharArray());
    }
    return store;
  }

  /**
   * The SHA-1 fingerprint of the certificate, in pairs of digits with colons between.
   *
   * @throws IOException when the store cannot be read
   * @throws GeneralSecurityException when the JDK refuses it
   */
  public String sha1() throws IOException, GeneralSecurityException {
    X509Certificate certificate = (X509Certificate) open().getCertificate(alias);
    byte[] digest = MessageDigest.getInstance("SHA-1").digest(certificate.getEncoded());
    StringBuilder text = new StringBuilder();
    for (byte value : digest) {
      text.append(text.length() == 0 ? "" : ":").append(String.format("%02X", value));
    }
    return text.toString();
  }

  /**
   * Writes key and chain as PEM, for programs that know no keystores.
   *
   * @param target the file to make
   * @return the file
   * @throws IOException when openssl fails
   */
  public Path exportPem(Path target) throws IOException {
    Command.succeed(
        "openssl",
        "pkcs12",
        "-in",
        file.toString(),
        "-passin",
        "pass:" + storePassword,
        "-nodes",
        "-clcerts",
        "-out",
        target.toString());
    return target;
  }
}
