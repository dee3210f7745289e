package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of key that TLS has, in handshakes with the JDK's TLS, in both roles. */
class KeyAlgorithmsTest {
  @TempDir static Path folder;

  private static TestCertificate make(String kind) {
    String[] words = kind.split(" ");
    KeyPair keys =
        words[0].equals("Ed25519")
            ? TestCertificate.ed25519()
            : TestCertificate.newKeys(words[0], Integer.parseInt(words[1]));
    return TestCertificate.leaf("node").keys(keys).selfSigned();
  }

  static Stream<String> kinds() {
    Stream<String> all =
        Stream.of("RSA 2048", "RSA 3072", "RSA 4096", "EC 256", "EC 384", "EC 521", "Ed25519");
    return all.filter(kind -> TestCertificate.hasEd25519() || !kind.equals("Ed25519"));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void handshakesWithTheJdk(String kind) throws Exception {
    TestCertificate made = make(kind);
    byJdk(made.certificate, made.key());
  }

  /** The largest; making one takes too long for a test. */
  @Test
  void rsa8192() throws Exception {
    byte[] text;
    try (var in = KeyAlgorithmsTest.class.getResourceAsStream("rsa8192.pem")) {
      text = in.readAllBytes();
    }
    Path file = Files.write(folder.resolve("rsa8192.pem"), text);
    try (NativeStore store = NativeStore.readKeystore(file.toString(), null, null, null)) {
      String body = new String(text).split("-----(BEGIN|END) PRIVATE KEY-----")[1];
      PrivateKey key =
          KeyFactory.getInstance("RSA")
              .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
      byJdk(store.certificateChain().get(0), key);
    }
  }

  /** A key manager of Java's may hold keys that cannot be used here; the error says why. */
  @Test
  void namesAKeyThatCannotBeUsed() throws Exception {
    TestCertificate made = make("RSA 1024");
    char[] password = "key-password".toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("node", made.key(), password, new Certificate[] {made.certificate});
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(store, password);
    SSLContext server = TestContexts.ofManagers(keys.getKeyManagers(), null);
    EnginePair pair = EnginePair.of(TestContexts.STORES.client(), server);
    assertThatThrownBy(pair::handshake)
        .isInstanceOf(SSLException.class)
        .hasMessage(
            "the key manager's private key cannot be used: it is an RSA key of 1024 bits; RSA from"
                + " 2048 to 8192 bits, EC on P-256, P-384 or P-521, and Ed25519 can");
  }

  private static void byJdk(X509Certificate certificate, PrivateKey key) throws Exception {
    char[] password = "key-password".toCharArray();
    KeyStore both = KeyStore.getInstance("PKCS12");
    both.load(null, null);
    both.setKeyEntry("node", key, password, new Certificate[] {certificate});
    both.setCertificateEntry("peer", certificate);
    Path file = folder.resolve("node.p12");
    try (var out = Files.newOutputStream(file)) {
      both.store(out, password);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(both, password);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(both);
    SSLContext jdk = SSLContext.getInstance("TLS", "SunJSSE");
    jdk.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    try (NativeStore keystore =
            NativeStore.readKeystore(file.toString(), null, password, password);
        NativeStore truststore = NativeStore.readTruststore(file.toString(), null, password)) {
      SSLContext ours =
          new RustlsContextBuilder().keystore(keystore).truststore(truststore).build();
      for (String protocol : TestContexts.PROTOCOLS) {
        for (SSLContext[] sides : new SSLContext[][] {{jdk, ours}, {ours, jdk}, {ours, ours}}) {
          EnginePair pair = EnginePair.of(sides[0], sides[1]).protocols(protocol).mutual();
          if (sides[1] == jdk && protocol.equals("TLSv1.2") && isP521(certificate)) {
            // In TLS 1.2 a server wants its key's curve among the client's groups, and rustls has
            // no key exchange on this one.
            assertThatThrownBy(pair::handshake).hasMessageContaining("no cipher suites in common");
            continue;
          }
          pair.handshake().exchange();
          assertThat(pair.client.getSession().getPeerCertificates()).containsExactly(certificate);
          assertThat(pair.server.getSession().getPeerCertificates()).containsExactly(certificate);
          assertThat(pair.client.getSession().getProtocol()).isEqualTo(protocol);
        }
      }
    }
  }

  private static boolean isP521(X509Certificate certificate) {
    return certificate.getPublicKey() instanceof ECPublicKey
        && ((ECPublicKey) certificate.getPublicKey()).getParams().getOrder().bitLength() == 521;
  }
}
