package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyManagementException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** The provider and its contexts. */
class ProviderTest {
  private final Provider provider = new RustlsProvider();

  @Test
  void nameAndServices() throws Exception {
    assertThat(provider.getName()).isEqualTo("Rustls");
    assertThat(provider.getVersionStr()).isEqualTo(RustlsLibrary.jarVersion());
    for (String algorithm : List.of("TLS", "SSL", "TLSv1.2", "TLSv1.3", "Default")) {
      assertThat(SSLContext.getInstance(algorithm, provider).getProvider()).isSameAs(provider);
    }
    assertThatThrownBy(() -> SSLContext.getInstance("SSLv3", provider))
        .isInstanceOf(NoSuchAlgorithmException.class);
    assertThat(ServiceLoader.load(Provider.class).stream().map(ServiceLoader.Provider::type))
        .contains(RustlsProvider.class);
  }

  @Test
  void initWithNothingIsUsable() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS", provider);
    assertThatThrownBy(context::createSSLEngine).isInstanceOf(IllegalStateException.class);
    context.init(null, null, null);
    SSLEngine engine = context.createSSLEngine("localhost", 1);
    engine.setUseClientMode(true);
    engine.beginHandshake();
    assertThatThrownBy(() -> EnginePair.of(context, TestContexts.STORES.server()).handshake())
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("PKIX path building failed");
  }

  @Test
  void protocolsOfEachContext() throws Exception {
    for (String algorithm : List.of("TLS", "SSL", "TLSv1.3", "Default")) {
      assertThat(parameters(algorithm)).containsExactly("TLSv1.3", "TLSv1.2");
    }
    assertThat(parameters("TLSv1.2")).containsExactly("TLSv1.2");
  }

  /** As Kafka's {@code ssl.protocol} counts on: its clients of TLSv1.2 never speak 1.3. */
  @Test
  void suitesOfEachContext() throws Exception {
    for (String algorithm : List.of("TLS", "TLSv1.2", "TLSv1.3")) {
      SSLContext context = SSLContext.getInstance(algorithm, provider);
      context.init(null, null, null);
      List<String> all = List.of(context.getSupportedSSLParameters().getCipherSuites());
      List<String> initial =
          all.stream()
              .filter(suite -> !algorithm.equals("TLSv1.2") || suite.contains("_WITH_"))
              .collect(Collectors.toList());
      assertThat(all).contains("TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
      assertThat(context.getDefaultSSLParameters().getCipherSuites())
          .containsExactlyElementsOf(initial);
      assertThat(context.getSocketFactory().getDefaultCipherSuites())
          .containsExactlyElementsOf(initial);
      assertThat(context.getServerSocketFactory().getDefaultCipherSuites())
          .containsExactlyElementsOf(all);
      SSLEngine engine = context.createSSLEngine();
      engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      engine.setUseClientMode(true);
      assertThat(engine.getEnabledCipherSuites()).containsExactlyElementsOf(initial);
      engine.setUseClientMode(false);
      assertThat(engine.getEnabledCipherSuites()).containsExactlyElementsOf(all);
      engine.setEnabledCipherSuites(engine.getEnabledCipherSuites());
      engine.setUseClientMode(true);
      assertThat(engine.getEnabledCipherSuites()).containsExactlyElementsOf(all);
    }
  }

  private String[] parameters(String algorithm) throws Exception {
    SSLContext context = SSLContext.getInstance(algorithm, provider);
    if (!algorithm.equals("Default")) {
      context.init(null, null, null);
    }
    assertThat(context.getSupportedSSLParameters().getProtocols())
        .containsExactly("TLSv1.3", "TLSv1.2");
    assertThat(context.createSSLEngine().getEnabledProtocols())
        .isEqualTo(context.getDefaultSSLParameters().getProtocols());
    try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
      assertThat(socket.getEnabledProtocols())
          .isEqualTo(context.getDefaultSSLParameters().getProtocols());
    }
    return context.getDefaultSSLParameters().getProtocols();
  }

  @Test
  void completeContextsTakeNoManagers() throws Exception {
    assertThatThrownBy(() -> SSLContext.getInstance("Default", provider).init(null, null, null))
        .isInstanceOf(KeyManagementException.class);
    assertThatThrownBy(() -> TestContexts.STORES.client().init(null, null, null))
        .isInstanceOf(KeyManagementException.class);
    assertThat(TestContexts.STORES.client().getProvider().getName()).isEqualTo("Rustls");
  }

  @Test
  void sessionContexts() throws Exception {
    for (TestContexts kind : List.of(TestContexts.STORES, TestContexts.MANAGERS)) {
      SSLContext clients = kind.client();
      SSLSessionContext sessions = clients.getClientSessionContext();
      assertThat(sessions.getSessionCacheSize()).isEqualTo(20_480);
      assertThat(sessions.getSessionTimeout()).isEqualTo(86_400);
      assertThatThrownBy(() -> sessions.setSessionCacheSize(-1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> sessions.setSessionTimeout(-1))
          .isInstanceOf(IllegalArgumentException.class);
      sessions.setSessionCacheSize(2);
      sessions.setSessionTimeout(1_000);
      SSLContext servers = TestContexts.STORES.server();
      EnginePair pair = EnginePair.of(clients, servers).handshake();
      byte[] id = pair.client.getSession().getId();
      assertThat(sessions.getSession(id)).isEqualTo(pair.client.getSession());
      assertThat(pair.client.getSession().getSessionContext()).isSameAs(sessions);
      assertThat(Collections.list(sessions.getIds())).containsExactly(id);
      assertThat(servers.getServerSessionContext().getIds().hasMoreElements()).isTrue();
      assertThat(servers.getClientSessionContext().getIds().hasMoreElements()).isFalse();
      pair.client.getSession().invalidate();
      assertThat(sessions.getSession(id)).isNull();
      assertThatThrownBy(() -> sessions.getSession(null)).isInstanceOf(NullPointerException.class);
    }
  }

  @Test
  void namedGroupsOfBuilderAndSystemProperty() throws Exception {
    RustlsContextBuilder builder = new RustlsContextBuilder();
    assertThatThrownBy(() -> builder.namedGroups(List.of("x25519", "no-such-group")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no-such-group")
        .hasMessageContaining("secp384r1");
    SSLContext servers = groups("secp384r1");
    EnginePair.of(groups("secp384r1", "ffdhe2048"), servers).handshake().exchange();
    EnginePair.of(groups(), servers).handshake().exchange();
    assertThatThrownBy(EnginePair.of(groups("x25519"), servers)::handshake)
        .isInstanceOf(SSLException.class);
    assertThatThrownBy(() -> groups("secp521r1"))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("named groups");
    String before = System.setProperty("jdk.tls.namedGroups", "x448, x25519, sometime");
    try {
      assertThatThrownBy(EnginePair.of(groups(), servers)::handshake)
          .isInstanceOf(SSLException.class);
      EnginePair.of(groups("secp384r1"), servers).handshake().exchange();
      System.setProperty("jdk.tls.namedGroups", "secp384r1");
      EnginePair.of(TestContexts.MANAGERS.client(), servers).handshake().exchange();
      System.setProperty("jdk.tls.namedGroups", "ffdhe2048");
      assertThatThrownBy(ProviderTest::groups)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("jdk.tls.namedGroups");
    } finally {
      if (before == null) {
        System.clearProperty("jdk.tls.namedGroups");
      } else {
        System.setProperty("jdk.tls.namedGroups", before);
      }
    }
  }

  /** A context with these groups, or with the default. */
  private static SSLContext groups(String... names) throws Exception {
    try (NativeStore key = TestKeys.SERVER.keystore();
        NativeStore trusted = TestKeys.truststore(TestKeys.SERVER)) {
      return new RustlsContextBuilder()
          .keystore(key)
          .truststore(trusted)
          .namedGroups(names.length == 0 ? null : List.of(names))
          .build();
    }
  }

  @Test
  void builderRefusesWhatCannotWork() throws Exception {
    RustlsContextBuilder builder = new RustlsContextBuilder();
    assertThatThrownBy(() -> builder.protocols(List.of("TLSv9")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.cipherSuites(List.of("NONSENSE")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.sessionCacheSize(-2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RustlsContextBuilder().fingerprints("12:34").build())
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("12:34");
    assertThatThrownBy(
            () ->
                new RustlsContextBuilder()
                    .cipherSuites(List.of("TLS_RSA_WITH_AES_128_CBC_SHA"))
                    .build())
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("suite");
  }

  @Test
  void builderSetsTheDefaults() throws Exception {
    SSLContext context =
        new RustlsContextBuilder()
            .label("data-server")
            .keystore(TestKeys.SERVER.keystore())
            .truststore(TestKeys.truststore(TestKeys.CLIENT))
            .protocols(List.of("TLSv1.2"))
            .cipherSuites(List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))
            .clientAuthentication(ClientAuthentication.NEED)
            .verifyHostname(true)
            .sessionCacheSize(10)
            .sessionTimeoutSeconds(20)
            .build();
    SSLEngine engine = context.createSSLEngine();
    assertThat(engine.getEnabledProtocols()).containsExactly("TLSv1.2");
    assertThat(engine.getEnabledCipherSuites())
        .containsExactly("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    assertThat(engine.getNeedClientAuth()).isTrue();
    assertThat(engine.getSSLParameters().getEndpointIdentificationAlgorithm()).isEqualTo("HTTPS");
    assertThat(context.getServerSessionContext().getSessionCacheSize()).isEqualTo(10);
    assertThat(context.getServerSessionContext().getSessionTimeout()).isEqualTo(20);
    assertThat(engine.toString()).contains("data-server");
  }

  @Test
  void pinsAloneDecide() throws Exception {
    MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
    byte[] digest = sha1.digest(TestKeys.SERVER.certificate().getEncoded());
    StringBuilder pin = new StringBuilder();
    for (byte b : digest) {
      pin.append(pin.length() == 0 ? "" : ":").append(String.format("%02X", b));
    }
    SSLContext pinned = new RustlsContextBuilder().fingerprints(pin.toString()).build();
    EnginePair.of(pinned, TestContexts.STORES.server()).handshake().exchange();
    assertThatThrownBy(
            () ->
                EnginePair.of(pinned, TestContexts.STORES.of(TestKeys.STRANGER, TestKeys.CLIENT))
                    .handshake())
        .isInstanceOf(SSLException.class);
  }
}
