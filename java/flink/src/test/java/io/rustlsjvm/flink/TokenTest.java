package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.jsse.ClientAuthentication;
import io.rustlsjvm.jsse.NativeStore;
import io.rustlsjvm.jsse.RustlsContextBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys in a token, which sign there and never are anywhere else. */
class TokenTest {
  private static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

  @TempDir static Path folder;

  private static Provider provider;
  private static Path trusted;

  @BeforeAll
  static void makeToken() throws Exception {
    SoftToken token = SoftToken.create(folder, Path.of(System.getenv("SOFTHSM2_CONF")));
    Path rsa = token.pair("rsa", "-keyalg", "RSA", "-keysize", "2048");
    Path curve = token.pair("curve", "-keyalg", "EC", "-groupname", "secp256r1");
    trusted =
        Files.writeString(
            folder.resolve("trusted.pem"), Files.readString(rsa) + Files.readString(curve));
    provider = token.provider();
    Security.addProvider(provider);
  }

  @AfterAll
  static void takeTheTokenAway() {
    Security.removeProvider(provider.getName());
  }

  private static KeyStore opened() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS11", provider);
    store.load(null, SoftToken.PIN.toCharArray());
    return store;
  }

  @Test
  void keysCannotLeave() throws Exception {
    for (String alias : List.of("rsa", "curve")) {
      assertThat(opened().getKey(alias, null).getEncoded()).as(alias).isNull();
    }
  }

  /** The library by itself, as a program uses it that knows nothing of Flink. */
  @Test
  void enginesShakeHands() throws Exception {
    try (NativeStore keys = NativeStore.ofKeyStore(opened(), null);
        NativeStore anchors = NativeStore.ofCertificates(certificates())) {
      for (String protocol : PROTOCOLS) {
        SSLContext context =
            new RustlsContextBuilder()
                .keystore(keys)
                .truststore(anchors)
                .protocols(List.of(protocol))
                .clientAuthentication(ClientAuthentication.NEED)
                .build();
        assertThat(EngineTalk.between(context, context).shownByServer()).isIn("CN=rsa", "CN=curve");
      }
    }
  }

  private static List<X509Certificate> certificates() throws Exception {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    return List.of(
        (X509Certificate)
            factory.generateCertificate(Files.newInputStream(folder.resolve("rsa.pem"))),
        (X509Certificate)
            factory.generateCertificate(Files.newInputStream(folder.resolve("curve.pem"))));
  }

  private static Configuration options() {
    Configuration config = TestStores.rustls();
    config.setString("security.ssl.internal.enabled", "true");
    config.setString("security.ssl.internal.keystore", "NONE");
    config.setString("security.ssl.internal.keystore-type", "PKCS11");
    config.setString("security.ssl.internal.keystore-password", SoftToken.PIN);
    config.setString("security.ssl.internal.truststore", trusted.toString());
    return config;
  }

  private static String shownBy(Configuration config) throws Exception {
    return EngineTalk.between(
            SslFactories.internal(config, Channel.DATA_CLIENT),
            SslFactories.internal(config, Channel.DATA_SERVER))
        .shownByServer();
  }

  @Test
  void internalChannelsShakeHands() throws Exception {
    for (String protocol : PROTOCOLS) {
      Configuration config = options();
      config.setString("security.ssl.protocol", protocol);
      assertThat(shownBy(config)).as(protocol).isIn("CN=rsa", "CN=curve");
    }
  }

  @Test
  void ofTwoKeysTheOneIsTakenThatTheSuiteNeeds() throws Exception {
    Configuration config = options();
    config.setString("security.ssl.algorithms", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    assertThat(shownBy(config)).isEqualTo("CN=rsa");
    config.setString("security.ssl.algorithms", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    assertThat(shownBy(config)).isEqualTo("CN=curve");
  }

  @Test
  void theBlobServiceShakesHands() throws Exception {
    try (BlobTalk talk = new BlobTalk(options())) {
      assertThat(talk.shownByServer()).isEqualTo("CN=rsa");
    }
  }
}
