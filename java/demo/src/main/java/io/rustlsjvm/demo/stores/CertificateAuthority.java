package io.rustlsjvm.demo.stores;

import io.rustlsjvm.demo.cluster.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A certificate authority of one's own, kept by keytool. */
public final class CertificateAuthority {
  private final Path folder;
  private final String name;
  private final KeystoreFile keystore;
  private final Path certificate;

  private CertificateAuthority(Path folder, String name, KeystoreFile keystore, Path certificate) {
    this.folder = folder;
    this.name = name;
    this.keystore = keystore;
    this.certificate = certificate;
  }

  /**
   * Makes one.
   *
   * @param folder where its files go; made when missing
   * @param name its files' name, and its common name
   * @param keyBits the size of its RSA key
   * @throws IOException when keytool fails
   */
  public static CertificateAuthority create(Path folder, String name, int keyBits)
      throws IOException {
    Files.createDirectories(folder);
    KeystoreFile keystore =
        KeystoreFile.selfSigned(
            folder.resolve(name + ".keystore"),
            "ca",
            name + "_keystore_password",
            "CN=" + name,
            "-keyalg",
            "RSA",
            "-keysize",
            String.valueOf(keyBits),
            "-storetype",
            "PKCS12",
            "-ext",
            "bc=ca:true");
    Path certificate = keystore.exportCertificate(folder.resolve(name + ".cer"));
    return new CertificateAuthority(folder, name, keystore, certificate);
  }

  /** Its certificate, DER. */
  public Path certificate() {
    return certificate;
  }

  /**
   * Its certificate as PEM.
   *
   * @throws IOException when openssl fails
   */
  public Path certificatePem() throws IOException {
    Path pem = folder.resolve(name + ".pem");
    Command.succeed(
        "openssl", "x509", "-inform", "DER", "-in", certificate.toString(), "-out", pem.toString());
    return pem;
  }

  /**
   * Makes a truststore that holds its certificate.
   *
   * @param options more options of {@code keytool}, such as {@code -storetype}
   * @throws IOException when keytool fails
   */
  public KeystoreFile truststore(String... options) throws IOException {
    Path file = folder.resolve(name + ".truststore");
    Files.deleteIfExists(file);
    return KeystoreFile.truststore(file, name + "_truststore_password", certificate, options);
  }

  /**
   * Starts to describe a key that it will sign.
   *
   * @param alias the name of the key's entry, and of the file
   */
  public Request request(String alias) {
    return new Request(alias);
  }

  /** A key and the certificate that is asked for. */
  public final class Request {
    private final String alias;
    private String subject;
    private String names;
    private String storePassword;
    private String keyPassword;
    private String storeType = "PKCS12";
    private final List<String> signing = new ArrayList<>();

    private Request(String alias) {
      this.alias = alias;
      subject = "CN=" + alias;
      storePassword = alias.replace('.', '_') + "_password";
    }

    /**
     * The subject, when it is to be another than the alias as common name.
     *
     * @param value a distinguished name
     */
    public Request subject(String value) {
      subject = value;
      return this;
    }

    /**
     * The names that the certificate holds for.
     *
     * @param value as keytool writes them, such as {@code dns:localhost,ip:127.0.0.1}
     */
    public Request names(String value) {
      names = value;
      return this;
    }

    /**
     * The store's type.
     *
     * @param value such as JKS
     */
    public Request storeType(String value) {
      storeType = value;
      return this;
    }

    /**
     * A password for the key that differs from the store's.
     *
     * @param value the password
     */
    public Request keyPassword(String value) {
      keyPassword = value;
      return this;
    }

    /**
     * How the certificate is signed.
     *
     * @param options of {@code keytool -gencert}, such as {@code -startdate} and {@code -validity}
     */
    public Request signing(String... options) {
      signing.addAll(Arrays.asList(options));
      return this;
    }

    /**
     * Makes key and request, signs it, and puts the authority's certificate and the signed one into
     * the keystore, in the steps of Flink's documentation.
     *
     * @param keyBits the size of the RSA key
     * @throws IOException when keytool fails
     */
    public KeystoreFile sign(int keyBits) throws IOException {
      Path file = folder.resolve(alias + ".keystore");
      Path csr = folder.resolve(alias + ".csr");
      Path signed = folder.resolve(alias + ".cer");
      String password = keyPassword == null ? storePassword : keyPassword;
      KeystoreFile made = new KeystoreFile(file, alias, storePassword, password);
      made.generate(
          subject,
          password,
          "-keyalg",
          "RSA",
          "-keysize",
          String.valueOf(keyBits),
          "-storetype",
          storeType);
      String[] opened = {
        "-keystore", file.toString(), "-storepass", storePassword, "-alias", alias
      };
      Keytool.run(join(opened, "-certreq", "-keypass", password, "-file", csr.toString()));
      List<String> gencert =
          new ArrayList<>(
              List.of(
                  "-gencert",
                  "-alias",
                  "ca",
                  "-keystore",
                  keystore.file().toString(),
                  "-storepass",
                  keystore.storePassword(),
                  "-infile",
                  csr.toString(),
                  "-outfile",
                  signed.toString()));
      if (names != null) {
        gencert.add("-ext");
        gencert.add("SAN=" + names);
      }
      gencert.addAll(signing);
      Keytool.run(gencert.toArray(new String[0]));
      Keytool.run(
          "-importcert",
          "-noprompt",
          "-keystore",
          file.toString(),
          "-storepass",
          storePassword,
          "-alias",
          "ca",
          "-file",
          certificate.toString());
      Keytool.run(
          join(
              opened,
              "-importcert",
              "-noprompt",
              "-keypass",
              password,
              "-file",
              signed.toString()));
      return made;
    }
  }

  private static String[] join(String[] first, String... second) {
    String[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
