package io.rustlsjvm.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.rustlsjvm.jsse.ClientAuthentication;
import io.rustlsjvm.jsse.RustlsProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.Provider;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP clients of the world with our {@code SSLContext}, against Netty with our provider. */
class HttpClientsTest {
  private static final Provider RUSTLS = new RustlsProvider();
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final byte[] BODY = new byte[1 << 20];

  private static TestParties parties;

  @BeforeAll
  static void makeParties(@TempDir Path folder) throws Exception {
    parties = new TestParties(folder);
    new Random(1).nextBytes(BODY);
  }

  /** Netty's own context for providers, which chooses the protocol by a function. */
  private static SslContext ofNetty() throws Exception {
    return SslContextBuilder.forServer(parties.keys(parties.server))
        .sslProvider(SslProvider.JDK)
        .sslContextProvider(RUSTLS)
        .trustManager(parties.trust())
        .clientAuth(ClientAuth.REQUIRE)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                "h2",
                "http/1.1"))
        .build();
  }

  /** Ours, which chooses it by the list. */
  private static SslContext ofRustls() throws Exception {
    return new RustlsSslContext.Builder(parties.context(parties.server, RUSTLS), false)
        .clientAuthentication(ClientAuthentication.NEED)
        .applicationProtocols(List.of("h2", "http/1.1"))
        .build();
  }

  @Test
  void theHttpClientOfTheJdk() throws Exception {
    SSLContext context = parties.context(parties.client, RUSTLS);
    for (SslContext servers : List.of(ofNetty(), ofRustls())) {
      try (HttpEchoServer server = new HttpEchoServer(servers)) {
        for (HttpClient.Version version : HttpClient.Version.values()) {
          HttpClient client = HttpClient.newBuilder().sslContext(context).version(version).build();
          HttpRequest request =
              HttpRequest.newBuilder(server.uri())
                  .timeout(PATIENCE)
                  .POST(BodyPublishers.ofByteArray(BODY))
                  .build();
          for (int i = 0; i < 2; i++) {
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            assertThat(response.version()).isEqualTo(version);
            assertThat(response.body()).isEqualTo(BODY);
            assertThat(response.sslSession().orElseThrow().getPeerPrincipal().getName())
                .isEqualTo("CN=server");
          }
        }
      }
    }
  }

  /** The client sets the endpoint identification; the certificate is for localhost alone. */
  @Test
  void theHttpClientOfTheJdkChecksTheHost() throws Exception {
    HttpClient client =
        HttpClient.newBuilder().sslContext(parties.context(parties.client, RUSTLS)).build();
    try (HttpEchoServer server = new HttpEchoServer(ofRustls())) {
      URI elsewhere = URI.create("https://127.0.0.1:" + server.uri().getPort() + "/");
      HttpRequest request = HttpRequest.newBuilder(elsewhere).timeout(PATIENCE).build();
      assertThatThrownBy(() -> client.send(request, BodyHandlers.discarding()))
          .isInstanceOf(IOException.class)
          .hasStackTraceContaining(SSLHandshakeException.class.getName())
          .hasStackTraceContaining("127.0.0.1");
    }
  }

  @Test
  void apachesClassicClient() throws Exception {
    SSLContext context = parties.context(parties.client, RUSTLS);
    try (HttpEchoServer server = new HttpEchoServer(ofNetty());
        CloseableHttpClient client =
            HttpClients.custom()
                .setConnectionManager(
                    PoolingHttpClientConnectionManagerBuilder.create()
                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(context))
                        .build())
                .build()) {
      for (int i = 0; i < 2; i++) {
        HttpPost post = new HttpPost(server.uri());
        post.setEntity(new ByteArrayEntity(BODY, ContentType.APPLICATION_OCTET_STREAM));
        byte[] back =
            client.execute(post, response -> EntityUtils.toByteArray(response.getEntity()));
        assertThat(back).isEqualTo(BODY);
      }
    }
  }

  @Test
  void apachesAsynchronousClient() throws Exception {
    SSLContext context = parties.context(parties.client, RUSTLS);
    try (HttpEchoServer server = new HttpEchoServer(ofNetty());
        CloseableHttpAsyncClient client =
            HttpAsyncClients.custom()
                .setConnectionManager(
                    PoolingAsyncClientConnectionManagerBuilder.create()
                        .setTlsStrategy(
                            ClientTlsStrategyBuilder.create().setSslContext(context).buildAsync())
                        .build())
                .build()) {
      client.start();
      SimpleHttpRequest request =
          SimpleRequestBuilder.post(server.uri())
              .setBody(BODY, ContentType.APPLICATION_OCTET_STREAM)
              .build();
      SimpleHttpResponse response =
          client.execute(request, null).get(PATIENCE.getSeconds(), TimeUnit.SECONDS);
      assertThat(response.getVersion()).isEqualTo(HttpVersion.HTTP_2);
      assertThat(response.getBodyBytes()).isEqualTo(BODY);
    }
  }
}
