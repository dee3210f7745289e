package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** Stores that are read natively, and what is said about those that cannot be. */
class NativeStoreTest {
  private static final char[] PASSWORD = TestKeys.PASSWORD.toCharArray();

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

  /** The context works; whoever builds it hears what was left out. */
  @Test
  void unreadableCertificateIsLeftOutAndTold() throws Exception {
    Base64.Encoder base64 = Base64.getMimeEncoder(64, new byte[] {'\n'});
    Path file = TestKeys.folder().resolve("odd.pem");
    Files.writeString(
        file,
        pem(base64.encodeToString(new byte[] {0x30, 3, 1, 1, 1}))
            + pem(base64.encodeToString(TestKeys.SERVER.certificate().getEncoded())));
    List<String> told = new ArrayList<>();
    try (NativeStore trust = NativeStore.readTruststore(file.toString(), null, null)) {
      SSLContext client = new RustlsContextBuilder().truststore(trust).warnings(told::add).build();
      assertThat(told).containsExactly("trusted certificate 1 cannot be read and is left out");
      EnginePair.of(client, TestContexts.STORES.server()).handshake().exchange();
    }
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
