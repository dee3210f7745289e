package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.pkcs.PKCS12PfxPduBuilder;
import org.bouncycastle.pkcs.PKCS12SafeBagBuilder;
import org.bouncycastle.pkcs.bc.BcPKCS12MacCalculatorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores that are read natively, and what is said about those that cannot be. */
class NativeStoreTest {
  private static final char[] PASSWORD = TestKeys.PASSWORD.toCharArray();
  private static final AlgorithmIdentifier SHA256 =
      new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256, DERNull.INSTANCE);

  @Test
  void keystoreShowsItsChain() throws Exception {
    try (NativeStore store = TestKeys.SERVER.keystore()) {
      assertThat(store.certificateChain()).containsExactly(TestKeys.SERVER.certificate());
      assertThat(store.format()).isEqualTo("PKCS12");
    }
  }

  @Test
  void keyEntryInATruststoreCountsByItsLeaf() throws Exception {
    try (NativeStore store =
        NativeStore.readTruststore(TestKeys.SERVER.file().toString(), null, PASSWORD)) {
      assertThat(store.trustedCertificates()).containsExactly(TestKeys.SERVER.certificate());
      assertThat(store.certificateChain()).isEmpty();
    }
  }

  @Test
  void truststoreFile() throws Exception {
    Path file = TestKeys.truststoreFile("native-store-test.p12", TestKeys.SERVER, TestKeys.CLIENT);
    try (NativeStore store = NativeStore.readTruststore(file.toString(), "PKCS12", PASSWORD)) {
      assertThat(store.trustedCertificates())
          .containsExactlyInAnyOrder(TestKeys.SERVER.certificate(), TestKeys.CLIENT.certificate());
    }
  }

  @Test
  @SuppressWarnings("try") // a context outlives its stores
  void storesOfWhatJavaHas() throws Exception {
    try (NativeStore key =
            NativeStore.ofKey(List.of(TestKeys.SERVER.certificate()), TestKeys.SERVER.key());
        NativeStore trust = TestKeys.truststore(TestKeys.SERVER)) {
      assertThat(key.format()).isEqualTo("JAVA");
      SSLContext server = new RustlsContextBuilder().keystore(key).truststore(trust).build();
      key.close();
      trust.close();
      EnginePair.of(TestContexts.STORES.client(), server).handshake().exchange();
    }
  }

  /** Whose extension is none, though it counts. */
  private static TestCertificate unreadable() {
    return TestCertificate.leaf("unreadable")
        .extension(Extension.basicConstraints, true, new byte[] {5, 0})
        .selfSigned();
  }

  /** The JDK's stores refuse to be loaded then. */
  @ParameterizedTest
  @ValueSource(strings = {"JKS", "PKCS12", "PEM"})
  void certificateThatJavaCannotReadIsRefusedAndTold(String type) throws Exception {
    List<TestCertificate> certificates =
        List.of(TestCertificate.root("fine"), unreadable(), TestCertificate.root("also fine"));
    byte[] content =
        type.equals("JKS")
            ? jks(certificates)
            : type.equals("PKCS12") ? pkcs12(certificates) : pem(certificates);
    Path file = Files.write(TestKeys.folder().resolve("unreadable." + type), content);

    if (!type.equals("PEM")) {
      KeyStore byJava = KeyStore.getInstance(type);
      assertThatThrownBy(() -> byJava.load(new ByteArrayInputStream(content), PASSWORD))
          .isInstanceOf(CertificateException.class);
    }
    assertThatThrownBy(() -> NativeStore.readTruststore(file.toString(), null, PASSWORD))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CONTENT))
        .hasMessageStartingWith(file + ": Java cannot read certificate 2: ")
        .hasMessageContaining("take that certificate out of it");
  }

  private static byte[] pkcs12(List<TestCertificate> certificates) throws Exception {
    PKCS12PfxPduBuilder store = new PKCS12PfxPduBuilder();
    for (TestCertificate certificate : certificates) {
      X509CertificateHolder held = new X509CertificateHolder(certificate.certificate.getEncoded());
      // By which the JDK knows trusted ones.
      store.addData(
          new PKCS12SafeBagBuilder(held)
              .addBagAttribute(
                  new ASN1ObjectIdentifier("2.16.840.1.113894.746875.1.1"),
                  KeyPurposeId.anyExtendedKeyUsage.toOID())
              .build());
    }
    return store
        .build(new BcPKCS12MacCalculatorBuilder(new SHA256Digest(), SHA256), PASSWORD)
        .getEncoded();
  }

  /** The JDK's own format; its tools would not put such a certificate in. */
  private static byte[] jks(List<TestCertificate> certificates) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(0xFEEDFEED);
    out.writeInt(2);
    out.writeInt(certificates.size());
    for (TestCertificate certificate : certificates) {
      byte[] der = certificate.certificate.getEncoded();
      out.writeInt(2);
      out.writeUTF("alias" + bytes.size());
      out.writeLong(0);
      out.writeUTF("X.509");
      out.writeInt(der.length);
      out.write(der);
    }
    MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
    sha1.update(new String(PASSWORD).getBytes(StandardCharsets.UTF_16BE));
    sha1.update("Mighty Aphrodite".getBytes(StandardCharsets.UTF_8));
    out.write(sha1.digest(bytes.toByteArray()));
    return bytes.toByteArray();
  }

  private static byte[] pem(List<TestCertificate> certificates) throws Exception {
    StringBuilder text = new StringBuilder();
    for (TestCertificate certificate : certificates) {
      text.append(
          pem(
              Base64.getMimeEncoder(64, new byte[] {'\n'})
                  .encodeToString(certificate.certificate.getEncoded())));
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static String pem(String body) {
    return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
  }

  @Test
  void wrongPassword() {
    assertThatThrownBy(
            () ->
                NativeStore.readKeystore(
                    TestKeys.SERVER.file().toString(), null, "wrong-9xyz".toCharArray(), null))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(StoreException.Kind.STORE_PASSWORD);
              assertThat(e)
                  .hasMessageContaining(TestKeys.SERVER.file().toString())
                  .message()
                  .doesNotContain("wrong-9xyz");
            });
  }

  @Test
  void missingFile() {
    assertThatThrownBy(() -> NativeStore.readTruststore("/no/such/store.p12", null, null))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.FILE))
        .hasMessageContaining("/no/such/store.p12");
    assertThatThrownBy(() -> NativeStore.readTruststore(null, null, null))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void garbage() throws Exception {
    Path file = Files.write(TestKeys.folder().resolve("garbage"), new byte[] {1, 2, 3, 4});
    assertThatThrownBy(() -> NativeStore.readKeystore(file.toString(), null, PASSWORD, null))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.FORMAT))
        .hasMessageContaining(file.toString());
  }

  @Test
  void keyOfAnotherCertificate() {
    assertThatThrownBy(
            () -> {
              try (NativeStore mixed =
                  NativeStore.ofKey(
                      List.of(TestKeys.SERVER.certificate()), TestKeys.EXPIRED.key())) {
                new RustlsContextBuilder().keystore(mixed).build();
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("key");
  }

  @Test
  void closedStore() throws Exception {
    NativeStore store = TestKeys.SERVER.keystore();
    store.close();
    store.close();
    assertThatThrownBy(store::certificateChain).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new RustlsContextBuilder().keystore(store).build())
        .isInstanceOf(IllegalStateException.class);
    assertThat(store.toString()).contains("closed").doesNotContain(TestKeys.PASSWORD);
  }
}
