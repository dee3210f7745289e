package org.apache.flink.runtime.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rustlsjvm.flink.FlinkTls;
import io.rustlsjvm.jsse.RustlsProvider;
import io.rustlsjvm.netty.RustlsSslContext;
import java.nio.file.Path;
import java.util.List;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.runtime.io.network.netty.SSLHandlerFactory;
import org.apache.flink.shaded.netty4.io.netty.buffer.UnpooledByteBufAllocator;
import org.apache.flink.shaded.netty4.io.netty.handler.ssl.ClientAuth;
import org.apache.flink.shaded.netty4.io.netty.handler.ssl.SslContext;
import org.apache.flink.shaded.netty4.io.netty.handler.ssl.SslHandler;
import org.apache.flink.shaded.netty4.io.netty.handler.ssl.SslProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who does the work for which provider. */
class SSLUtilsTest {
  private static final String OURS = "io.rustlsjvm.";

  @TempDir static Path folder;
  private static Path pair;

  @BeforeAll
  static void makeStore() throws Exception {
    pair = FlinkTls.pair(folder, "pair");
  }

  @Test
  void makesEverythingByRustls() throws Exception {
    Configuration config = config("RUSTLS");
    assertThat(SSLUtils.createSSLServerSocketFactory(config).getClass().getName()).startsWith(OURS);
    assertThat(SSLUtils.createSSLClientSocketFactory(config).getClass().getName()).startsWith(OURS);
    for (SSLHandlerFactory factory :
        List.of(
            SSLUtils.createInternalServerSSLEngineFactory(config),
            SSLUtils.createInternalClientSSLEngineFactory(config),
            SSLUtils.createRestServerSSLEngineFactory(config),
            SSLUtils.createRestClientSSLEngineFactory(config))) {
      assertThat(engine(factory).getClass().getName()).startsWith(OURS);
    }
    assertThat(SSLUtils.createRestSSLContext(config, true).getProvider())
        .isInstanceOf(RustlsProvider.class);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"JDK", "jdk"})
  void leavesEverythingElseToFlink(String provider) throws Exception {
    Configuration config = config(provider);
    ServerSocketFactory server = SSLUtils.createSSLServerSocketFactory(config);
    assertThat(server.getClass().getName())
        .isEqualTo(SSLUtils.class.getName() + "$ConfiguringSSLServerSocketFactory");
    assertThat(server.getClass().getClassLoader()).isNotSameAs(SSLUtils.class.getClassLoader());
    SocketFactory client = SSLUtils.createSSLClientSocketFactory(config);
    assertThat(client.getClass().getName()).startsWith("sun.");
    for (SSLHandlerFactory factory :
        List.of(
            SSLUtils.createInternalServerSSLEngineFactory(config),
            SSLUtils.createInternalClientSSLEngineFactory(config),
            SSLUtils.createRestServerSSLEngineFactory(config),
            SSLUtils.createRestClientSSLEngineFactory(config))) {
      assertThat(engine(factory).getClass().getName()).startsWith("sun.");
    }
    assertThat(SSLUtils.createRestSSLContext(config, false).getProvider().getName())
        .isEqualTo("SunJSSE");
    assertThat(
            SSLUtils.createRestNettySSLContext(config, false, ClientAuth.NONE, SslProvider.JDK)
                .getClass()
                .getName())
        .contains("JdkSsl");
    assertThat(SSLUtils.getSSLProvider(config)).isEqualTo(SslProvider.JDK);
  }

  @Test
  void failsAsFlinkDoesForOtherProviders() {
    assertThatThrownBy(() -> SSLUtils.createInternalServerSSLEngineFactory(config("NONSENSE")))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessage("Unknown SSL provider: NONSENSE");
    assertThatThrownBy(() -> SSLUtils.getSSLProvider(config("OPENSSL")))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessage("openSSL not available");
    assertThatThrownBy(() -> SSLUtils.getSSLProvider(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("config must not be null");
  }

  @Test
  void hasNoNameAmongNettysProviders() {
    assertThatThrownBy(() -> SSLUtils.getSSLProvider(config("RUSTLS")))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessageContaining("RUSTLS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RUSTLS", "JDK"})
  void saysThatTlsIsOff(String provider) throws Exception {
    Configuration config = new Configuration();
    config.setString("security.ssl.provider", provider);
    assertThatThrownBy(() -> SSLUtils.createSSLServerSocketFactory(config))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessage("SSL is not enabled");
    assertThatThrownBy(() -> SSLUtils.createSSLClientSocketFactory(config))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessage("SSL is not enabled");
    assertThatThrownBy(() -> SSLUtils.createInternalServerSSLEngineFactory(config))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessage("SSL is not enabled for internal communication.");
    assertThatThrownBy(() -> SSLUtils.createInternalClientSSLEngineFactory(config))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessage("SSL is not enabled for internal communication.");
    assertThatThrownBy(() -> SSLUtils.createRestServerSSLEngineFactory(config))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessage("SSL is not enabled for REST endpoints.");
    assertThatThrownBy(() -> SSLUtils.createRestClientSSLEngineFactory(config))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessage("SSL is not enabled for REST endpoints.");
    assertThat(SSLUtils.createRestSSLContext(config, true)).isNull();
    assertThat(SSLUtils.createRestNettySSLContext(config, true, ClientAuth.NONE, SslProvider.JDK))
        .isNull();
  }

  @Test
  void goesBeforeAProviderThatACallerNames() throws Exception {
    SslContext context =
        SSLUtils.createRestNettySSLContext(
            config("RUSTLS"), false, ClientAuth.OPTIONAL, SslProvider.JDK);
    assertThat(context).isInstanceOf(RustlsSslContext.class);
    assertThat(context.newEngine(UnpooledByteBufAllocator.DEFAULT).getWantClientAuth()).isTrue();
  }

  @Test
  void passesTheTimeoutsOn() throws Exception {
    Configuration config = config("RUSTLS");
    config.setString("security.ssl.internal.handshake-timeout", "1234");
    config.setString("security.ssl.internal.close-notify-flush-timeout", "567");
    SslHandler handler =
        SSLUtils.createInternalServerSSLEngineFactory(config)
            .createNettySSLHandler(UnpooledByteBufAllocator.DEFAULT);
    assertThat(handler.getClass().getName()).isEqualTo("io.rustlsjvm.netty.RustlsSslHandler");
    assertThat(handler.getHandshakeTimeoutMillis()).isEqualTo(1234);
    assertThat(handler.getCloseNotifyFlushTimeoutMillis()).isEqualTo(567);
  }

  @Test
  void asksRestClientsForCertificatesOnlyWhereTold() throws Exception {
    Configuration config = config("RUSTLS");
    assertThat(engine(SSLUtils.createRestServerSSLEngineFactory(config)).getNeedClientAuth())
        .isFalse();
    config.setString("security.ssl.rest.authentication-enabled", "true");
    assertThat(engine(SSLUtils.createRestServerSSLEngineFactory(config)).getNeedClientAuth())
        .isTrue();
    assertThat(engine(SSLUtils.createInternalServerSSLEngineFactory(config)).getNeedClientAuth())
        .isTrue();
  }

  /** Flink's own REST server ignores both options. */
  @Test
  void honoursProtocolAndSuitesOnRest() throws Exception {
    Configuration config = config("RUSTLS");
    config.setString("security.ssl.protocol", "TLSv1.2");
    config.setString("security.ssl.algorithms", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    for (SSLHandlerFactory factory :
        List.of(
            SSLUtils.createRestServerSSLEngineFactory(config),
            SSLUtils.createRestClientSSLEngineFactory(config))) {
      SSLParameters parameters = engine(factory).getSSLParameters();
      assertThat(parameters.getProtocols()).containsExactly("TLSv1.2");
      assertThat(parameters.getCipherSuites())
          .containsExactly("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    }
  }

  /** Flink makes a factory for each blob client: sessions and stores must outlive it. */
  @Test
  void sharesTheContextOfABlobClient() throws Exception {
    SSLContext first = SSLUtils.createRestSSLContext(config("RUSTLS"), true);
    assertThat(SSLUtils.createRestSSLContext(config("RUSTLS"), true)).isSameAs(first);
    assertThat(SSLUtils.createRestSSLContext(config("RUSTLS"), false)).isNotSameAs(first);
  }

  @Test
  void namesAPinThatIsNone() {
    Configuration config = config("RUSTLS");
    config.setString("security.ssl.internal.cert.fingerprint", "no fingerprint");
    assertThatThrownBy(() -> SSLUtils.createInternalServerSSLEngineFactory(config))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessageContaining("security.ssl.internal.cert.fingerprint: no fingerprint");
  }

  private static SSLEngine engine(SSLHandlerFactory factory) {
    return factory.createNettySSLHandler(UnpooledByteBufAllocator.DEFAULT).engine();
  }

  private static Configuration config(String provider) {
    Configuration config = FlinkTls.all(pair);
    config.removeKey("security.ssl.provider");
    if (provider != null) {
      config.setString("security.ssl.provider", provider);
    }
    return config;
  }
}
