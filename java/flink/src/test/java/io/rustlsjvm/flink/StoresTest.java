package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rustlsjvm.jsse.NativeStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.UnrecoverableKeyException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.assertj.core.api.AbstractThrowableAssert;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators get wrong about stores, and what they are told. */
class StoresTest {
  private static final String KEYSTORE = "security.ssl.internal.keystore";
  private static final String TRUSTSTORE = "security.ssl.internal.truststore";

  @TempDir static Path folder;
  private static Path pair;
  private static Path another;

  @BeforeAll
  static void makeStores() throws Exception {
    pair = TestStores.pair(folder, "pair");
    another = TestStores.pair(folder, "another");
  }

  @Test
  void readsBothStoresFromOneFile() throws Exception {
    Configuration config = TestStores.internal(pair);
    NativeStore keystore =
        Stores.read(StoreSettings.keystore(new FlinkOptions(config), Scope.INTERNAL));
    NativeStore truststore =
        Stores.read(StoreSettings.truststore(new FlinkOptions(config), Scope.INTERNAL));
    assertThat(keystore.format()).isEqualTo("PKCS12");
    assertThat(keystore.certificateChain()).hasSize(1);
    assertThat(truststore.trustedCertificates()).isEqualTo(keystore.certificateChain());
  }

  @Test
  void toldOfAMissingFile() {
    Configuration config = TestStores.internal(folder.resolve("nowhere.p12"));
    assertKeystoreFails(config)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("keystore of " + KEYSTORE)
        .hasMessageContaining(folder.resolve("nowhere.p12").toString())
        .hasMessageContaining("Check the path");
    assertTruststoreFails(config)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("truststore of " + TRUSTSTORE);
  }

  @Test
  void toldOfAFileThatIsNoStore() throws Exception {
    Path text = Files.writeString(folder.resolve("text.p12"), "no store at all");
    assertKeystoreFails(TestStores.internal(text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(KEYSTORE)
        .hasMessageContaining(text.toString())
        .hasMessageContaining("PKCS12, JKS or PEM")
        .hasMessageContaining(KEYSTORE + "-type");
  }

  @Test
  void toldOfAWrongPassword() {
    Configuration config = TestStores.internal(pair);
    config.setString(KEYSTORE + "-password", "wrong-secret");
    config.setString(TRUSTSTORE + "-password", "wrong-secret");
    assertKeystoreFails(config)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(KEYSTORE)
        .hasMessageContaining(pair.toString())
        .hasMessageContaining("Check " + KEYSTORE + "-password.");
    assertTruststoreFails(config)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Check " + TRUSTSTORE + "-password.");
  }

  @Test
  void toldOfAMissingPassword() {
    Configuration config = TestStores.internal(pair);
    config.removeKey(KEYSTORE + "-password");
    config.removeKey(TRUSTSTORE + "-password");
    assertKeystoreFails(config)
        .isInstanceOf(OptionException.class)
        .hasMessageContaining(
            "The config option "
                + KEYSTORE
                + "-password or security.ssl.keystore-password is missing.");
    assertTruststoreFails(config)
        .isInstanceOf(OptionException.class)
        .hasMessageContaining(
            "The config option "
                + TRUSTSTORE
                + "-password or security.ssl.truststore-password is missing.");
  }

  @Test
  void toldOfAWrongKeyPassword() throws Exception {
    Path jks =
        TestStores.pair(folder, "jks", "-storetype", "JKS", "-keypass", "password-of-the-key");
    Configuration config = TestStores.internal(jks);
    assertKeystoreFails(config)
        .isInstanceOf(UnrecoverableKeyException.class)
        .hasMessageContaining(KEYSTORE)
        .hasMessageContaining(jks.toString())
        .hasMessageContaining("Check security.ssl.internal.key-password");
    config.setString("security.ssl.internal.key-password", "password-of-the-key");
    assertThat(
            Stores.read(StoreSettings.keystore(new FlinkOptions(config), Scope.INTERNAL)).format())
        .isEqualTo("JKS");
  }

  @Test
  void toldOfAKeystoreWithoutAKey() throws Exception {
    Path certificates = truststore("certificates.p12", "PKCS12");
    assertKeystoreFails(TestStores.internal(certificates))
        .isInstanceOf(OptionException.class)
        .hasMessageContaining(KEYSTORE)
        .hasMessageContaining(certificates.toString())
        .hasMessageContaining("It must hold a private key");
  }

  @Test
  void toldOfAKeyThatDoesNotFitTheCertificate() throws Exception {
    Path pem = Files.createDirectory(folder.resolve("mismatched"));
    Files.writeString(
        pem.resolve("tls.crt"), TestStores.pem("CERTIFICATE", certificate(pair).getEncoded()));
    KeyStore other = TestStores.load(another);
    Files.writeString(
        pem.resolve("tls.key"),
        TestStores.pem(
            "PRIVATE KEY",
            other.getKey("another", TestStores.PASSWORD.toCharArray()).getEncoded()));
    Configuration config = TestStores.internal(pem);
    config.setString(TRUSTSTORE, pair.toString());
    assertThatThrownBy(
            () ->
                ChannelContexts.get(
                    ChannelSettings.internal(new FlinkOptions(config), Channel.DATA_SERVER)))
        .hasMessageContaining(KEYSTORE)
        .hasMessageContaining(pem.toString())
        .hasMessageNotContaining("PRIVATE KEY-");
  }

  @Test
  void toldOfAnUnknownType() {
    Configuration config = TestStores.internal(pair);
    config.setString(KEYSTORE + "-type", "NONSENSE");
    assertKeystoreFails(config)
        .isInstanceOf(OptionException.class)
        .hasMessageContaining(KEYSTORE + "-type")
        .hasMessageContaining("'NONSENSE'")
        .hasMessageContaining(pair.toString())
        .hasMessageContaining("Use PKCS12, JKS or PEM");
  }

  /** As the JDK does with its dual-format stores. */
  @Test
  void letsTheContentDecideWhereTheTypeDoesNotFit() throws Exception {
    Configuration config = TestStores.internal(pair);
    config.setString(KEYSTORE + "-type", "JKS");
    assertThat(
            Stores.read(StoreSettings.keystore(new FlinkOptions(config), Scope.INTERNAL)).format())
        .isEqualTo("PKCS12");
  }

  @Test
  void readsOtherTypesByJava() throws Exception {
    Path jceks =
        TestStores.pair(folder, "jceks", "-storetype", "JCEKS", "-keypass", TestStores.PASSWORD);
    Configuration config = TestStores.internal(jceks);
    config.setString(KEYSTORE + "-type", "JCEKS");
    config.setString(TRUSTSTORE + "-type", "JCEKS");
    NativeStore keystore =
        Stores.read(StoreSettings.keystore(new FlinkOptions(config), Scope.INTERNAL));
    assertThat(keystore.certificateChain()).hasSize(1);
    assertThat(
            Stores.read(StoreSettings.truststore(new FlinkOptions(config), Scope.INTERNAL))
                .trustedCertificates())
        .isEqualTo(keystore.certificateChain());

    config.setString(KEYSTORE + "-password", "wrong-secret");
    assertKeystoreFails(config)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be read as JCEKS")
        .hasMessageContaining(KEYSTORE + "-password");
  }

  /** Bouncy Castle's own, of which the JDK knows nothing. */
  @Test
  void readsBcfks() throws Exception {
    Provider provider = new BouncyCastleProvider();
    Security.addProvider(provider);
    try {
      KeyStore pkcs12 = TestStores.load(pair);
      KeyStore bcfks = KeyStore.getInstance("BCFKS", provider);
      bcfks.load(null, null);
      char[] password = TestStores.PASSWORD.toCharArray();
      bcfks.setKeyEntry(
          "pair", pkcs12.getKey("pair", password), password, pkcs12.getCertificateChain("pair"));
      Path file = folder.resolve("pair.bcfks");
      try (OutputStream out = Files.newOutputStream(file)) {
        bcfks.store(out, password);
      }
      Configuration config = TestStores.internal(file);
      config.setString(KEYSTORE + "-type", "BCFKS");
      config.setString(TRUSTSTORE + "-type", "BCFKS");
      ChannelContexts.get(ChannelSettings.internal(new FlinkOptions(config), Channel.DATA_SERVER));
      assertThat(
              Stores.read(StoreSettings.keystore(new FlinkOptions(config), Scope.INTERNAL))
                  .certificateChain())
          .containsExactly(certificate(pair));

      config.removeConfig(ConfigOptions.key(KEYSTORE + "-type").stringType().noDefaultValue());
      assertKeystoreFails(config)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining(KEYSTORE + "-type");
    } finally {
      Security.removeProvider(provider.getName());
    }
  }

  /** A cipher that Java has, and the native reader has not. */
  @Test
  void leavesOldCiphersToJava() throws Exception {
    Path pem = folder.resolve("rc2.pem");
    KeyStore store = TestStores.load(pair);
    Files.writeString(
        pem,
        TestStores.pem(
                "PRIVATE KEY", store.getKey("pair", TestStores.PASSWORD.toCharArray()).getEncoded())
            + TestStores.pem("CERTIFICATE", certificate(pair).getEncoded()));
    Path file = folder.resolve("rc2.p12");
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "pkcs12",
                "-export",
                "-legacy",
                "-keypbe",
                "PBE-SHA1-RC2-128",
                "-certpbe",
                "PBE-SHA1-RC2-128",
                "-in",
                pem.toString(),
                "-out",
                file.toString(),
                "-passout",
                "pass:" + TestStores.PASSWORD)
            .inheritIO()
            .start();
    assertThat(openssl.waitFor()).isZero();
    Configuration config = TestStores.internal(file);
    NativeStore keystore =
        Stores.read(StoreSettings.keystore(new FlinkOptions(config), Scope.INTERNAL));
    assertThat(keystore.format()).isEqualTo("JAVA");
    assertThat(keystore.certificateChain()).containsExactly(certificate(pair));

    config.setString(KEYSTORE + "-password", "wrong-secret");
    assertKeystoreFails(config)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Check " + KEYSTORE + "-password.");
  }

  /** Java reads such a key, but TLS has no use for it: the native reader says so. */
  @Test
  void toldOfAKeyThatTlsCannotUse() throws Exception {
    Path dsa = TestStores.pair(folder, "dsa", "-keyalg", "DSA");
    assertKeystoreFails(TestStores.internal(dsa))
        .isInstanceOf(OptionException.class)
        .hasMessageContaining(KEYSTORE)
        .hasMessageContaining("DSA key")
        .hasMessageContaining("RSA from 2048 to 8192");
  }

  /** Without a configured token there is no provider for them. */
  @Test
  void toldOfATokenThatIsNotThere() {
    Configuration config = TestStores.internal(Path.of("NONE"));
    config.setString(KEYSTORE + "-type", "PKCS11");
    assertKeystoreFails(config)
        .isInstanceOf(OptionException.class)
        .hasMessageContaining(KEYSTORE + "-type")
        .hasMessageContaining("'PKCS11'")
        .hasMessageContaining("no installed security provider has");
  }

  @Test
  void readsAFileOnceUntilItChanges() throws Exception {
    Path file = folder.resolve("changing.p12");
    Files.copy(pair, file);
    Configuration config = TestStores.internal(file);
    NativeStore first =
        Stores.read(StoreSettings.keystore(new FlinkOptions(config), Scope.INTERNAL));
    assertThat(Stores.read(StoreSettings.keystore(new FlinkOptions(config), Scope.INTERNAL)))
        .isSameAs(first);

    Files.copy(another, file, StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
    NativeStore second =
        Stores.read(StoreSettings.keystore(new FlinkOptions(config), Scope.INTERNAL));
    assertThat(second).isNotSameAs(first);
    assertThat(second.certificateChain()).containsExactly(certificate(another));
  }

  /** A mounted secret changes by a link above the file. */
  @Test
  void followsLinks() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("mount"));
    Path one = Files.createDirectory(mount.resolve("..one"));
    Path two = Files.createDirectory(mount.resolve("..two"));
    Files.copy(pair, one.resolve("keystore.p12"));
    Files.copy(another, two.resolve("keystore.p12"));
    Path data = Files.createSymbolicLink(mount.resolve("..data"), one);
    Path file =
        Files.createSymbolicLink(mount.resolve("keystore.p12"), data.resolve("keystore.p12"));
    StoreSettings settings =
        StoreSettings.keystore(new FlinkOptions(TestStores.internal(file)), Scope.INTERNAL);
    assertThat(Stores.read(settings).certificateChain()).containsExactly(certificate(pair));

    Files.delete(data);
    Files.createSymbolicLink(data, two);
    assertThat(Stores.read(settings).certificateChain()).containsExactly(certificate(another));
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertKeystoreFails(
      Configuration config) {
    return assertThatThrownBy(
            () -> Stores.read(StoreSettings.keystore(new FlinkOptions(config), Scope.INTERNAL)))
        .satisfies(StoresTest::namesNoPassword);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertTruststoreFails(
      Configuration config) {
    return assertThatThrownBy(
            () -> Stores.read(StoreSettings.truststore(new FlinkOptions(config), Scope.INTERNAL)))
        .satisfies(StoresTest::namesNoPassword);
  }

  private static void namesNoPassword(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      assertThat(cause.toString())
          .doesNotContain(TestStores.PASSWORD)
          .doesNotContain("wrong-secret");
    }
  }

  private static Path truststore(String name, String type) throws Exception {
    Path certificate = folder.resolve(name + ".cer");
    Files.write(certificate, certificate(pair).getEncoded());
    Path store = folder.resolve(name);
    TestStores.keytool(
        "-importcert",
        "-noprompt",
        "-alias",
        "ca",
        "-file",
        certificate.toString(),
        "-keystore",
        store.toString(),
        "-storetype",
        type,
        "-storepass",
        TestStores.PASSWORD);
    return store;
  }

  private static X509Certificate certificate(Path store) throws Exception {
    KeyStore loaded = TestStores.load(store);
    return (X509Certificate) loaded.getCertificate(loaded.aliases().nextElement());
  }
}
