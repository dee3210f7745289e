package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The JDK's own HTTP server and clients on our contexts: engines and sockets as others use them.
 */
@Timeout(120)
class HttpTest {
  private static final byte[] BODY = EnginePair.pattern(200_000, 8);

  private interface Client {
    byte[] get(URI uri) throws Exception;
  }

  static Stream<Arguments> pairs() {
    return EngineHandshakeTest.pairs();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void clientsGetWhatTheServerHas(TestContexts client, TestContexts server, String protocol)
      throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    HttpsServer http =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    try {
      http.setHttpsConfigurator(mutual(server.server(), protocol));
      http.setExecutor(threads);
      http.createContext(
          "/",
          exchange -> {
            exchange.sendResponseHeaders(200, BODY.length);
            exchange.getResponseBody().write(BODY);
            exchange.close();
          });
      http.start();
      URI uri = URI.create("https://localhost:" + http.getAddress().getPort() + "/");
      HttpClient asynchronous =
          HttpClient.newBuilder().sslContext(client.client()).executor(threads).build();
      Client newer =
          target ->
              asynchronous
                  .send(
                      HttpRequest.newBuilder(target).build(),
                      HttpResponse.BodyHandlers.ofByteArray())
                  .body();
      SSLContext context = client.client();
      Client older = target -> read(target.toURL(), context);
      for (int i = 0; i < 3; i++) {
        assertThat(newer.get(uri)).isEqualTo(BODY);
        assertThat(older.get(uri)).isEqualTo(BODY);
      }
      SSLContext stranger = client.of(TestKeys.CLIENT, TestKeys.STRANGER);
      assertThatThrownBy(() -> read(uri.toURL(), stranger)).isInstanceOf(IOException.class);
    } finally {
      http.stop(0);
      threads.shutdownNow();
    }
  }

  private static byte[] read(URL url, SSLContext context) throws IOException {
    HttpsURLConnection connection = (HttpsURLConnection) url.openConnection();
    connection.setSSLSocketFactory(context.getSocketFactory());
    try (InputStream in = connection.getInputStream()) {
      return in.readAllBytes();
    }
  }

  private static HttpsConfigurator mutual(SSLContext context, String protocol) {
    return new HttpsConfigurator(context) {
      @Override
      public void configure(HttpsParameters parameters) {
        SSLParameters ours = getSSLContext().getDefaultSSLParameters();
        ours.setNeedClientAuth(true);
        ours.setProtocols(new String[] {protocol});
        parameters.setSSLParameters(ours);
      }
    };
  }
}
