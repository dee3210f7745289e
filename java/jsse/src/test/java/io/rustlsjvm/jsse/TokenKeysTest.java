package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyStore;
import java.security.Security;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys that never leave their provider: they sign through {@code java.security.Signature}. */
class TokenKeysTest {
  private static final List<String> ALL =
      List.of(
          "SHA256withRSA",
          "SHA384withRSA",
          "SHA512withRSA",
          "RSASSA-PSS",
          "SHA256withECDSA",
          "SHA384withECDSA");

  private static final TestCertificate RSA =
      TestCertificate.leaf("rsa").keys(TestCertificate.newKeys("RSA", 2048)).selfSigned();
  private static final TestCertificate EC = TestCertificate.leaf("ec").selfSigned();

  private static NativeStore token(List<String> algorithms, Map<String, TestCertificate> content)
      throws Exception {
    TokenProvider provider = new TokenProvider(algorithms);
    Security.addProvider(provider);
    TokenProvider.hold(content);
    KeyStore store = KeyStore.getInstance("TOKEN", provider);
    store.load(null, null);
    return NativeStore.ofKeyStore(store, null);
  }

  @AfterEach
  void takeTheTokenAway() {
    Security.removeProvider("Token");
  }

  private static void handshakes(NativeStore keystore, TestCertificate shown, String... protocols)
      throws Exception {
    try (NativeStore truststore = NativeStore.ofCertificates(List.of(shown.certificate));
        NativeStore believed = TestKeys.truststore(TestKeys.CLIENT);
        NativeStore client = TestKeys.CLIENT.keystore()) {
      SSLContext servers =
          new RustlsContextBuilder().keystore(keystore).truststore(believed).build();
      SSLContext clients =
          new RustlsContextBuilder().keystore(client).truststore(truststore).build();
      for (String protocol : protocols) {
        int before = TokenProvider.SIGNATURES.get();
        EnginePair pair = EnginePair.of(clients, servers).protocols(protocol).mutual().handshake();
        pair.exchange();
        assertThat(pair.client.getSession().getPeerCertificates())
            .containsExactly(shown.certificate);
        assertThat(TokenProvider.SIGNATURES.get()).isEqualTo(before + 1);
      }
    }
  }

  @Test
  void keysOfBothKindsSign() throws Exception {
    for (TestCertificate key : List.of(RSA, EC)) {
      try (NativeStore store = token(ALL, Map.of("key", key))) {
        assertThat(store.certificateChain()).containsExactly(key.certificate);
        assertThat(store.format()).isEqualTo("JAVA");
        handshakes(store, key, "TLSv1.2", "TLSv1.3");
      }
      takeTheTokenAway();
    }
  }

  @Test
  void clientsShowThem() throws Exception {
    try (NativeStore store = token(ALL, Map.of("key", EC));
        NativeStore believed = NativeStore.ofCertificates(List.of(EC.certificate));
        NativeStore server = TestKeys.SERVER.keystore();
        NativeStore truststore = TestKeys.truststore(TestKeys.SERVER)) {
      SSLContext clients =
          new RustlsContextBuilder().keystore(store).truststore(truststore).build();
      SSLContext servers = new RustlsContextBuilder().keystore(server).truststore(believed).build();
      EnginePair.of(clients, servers).mutual().handshake().exchange();
    }
  }

  /** Older tokens have no PSS; TLS 1.2 can do without. */
  @Test
  void aTokenWithoutPssSignsAsItCan() throws Exception {
    try (NativeStore store = token(List.of("SHA256withRSA"), Map.of("key", RSA))) {
      handshakes(store, RSA, "TLSv1.2");
    }
  }

  @Test
  void ofSeveralKeysTheOneThatFitsIsTaken() throws Exception {
    try (NativeStore store = token(ALL, Map.of("a", RSA, "b", EC))) {
      assertThat(store.certificateChain()).containsExactly(EC.certificate);
      handshakes(store, EC, "TLSv1.2", "TLSv1.3");
      try (NativeStore truststore = NativeStore.ofCertificates(List.of(RSA.certificate))) {
        SSLContext clients =
            new RustlsContextBuilder()
                .truststore(truststore)
                .cipherSuites(List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))
                .build();
        SSLContext servers = new RustlsContextBuilder().keystore(store).build();
        EnginePair.of(clients, servers).protocols("TLSv1.2").handshake().exchange();
      }
    }
  }

  @Test
  void aKeyThatCannotSignIsTold() {
    assertThatThrownBy(() -> token(List.of("SHA256withECDSA"), Map.of("key", RSA)))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.UNSUPPORTED))
        .hasMessageContaining("CN=rsa")
        .hasMessageContaining("no installed security provider signs with it");
  }

  @Test
  void anEmptyTokenIsTold() {
    assertThatThrownBy(() -> token(ALL, Map.of()))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CONTENT));
  }
}
