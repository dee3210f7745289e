package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.net.SSLUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The blob service's sockets, used as BlobServer and BlobClient use them. */
@Timeout(60)
class BlobSocketsTest {
  private static final int MILLIS = 20_000;

  @TempDir static Path folder;
  private static Path pair;
  private static Path stranger;

  @BeforeAll
  static void makeStores() throws Exception {
    pair = TestStores.pair(folder, "pair");
    stranger = TestStores.pair(folder, "stranger");
  }

  @ParameterizedTest
  @CsvSource({"RUSTLS,RUSTLS", "JDK,RUSTLS", "RUSTLS,JDK"})
  void carryBytesBetweenProviders(String serverProvider, String clientProvider) throws Exception {
    byte[] bytes = new byte[1 << 20];
    new Random(1).nextBytes(bytes);
    try (ServerSocket server = server(config(serverProvider, pair))) {
      CompletableFuture<byte[]> received =
          CompletableFuture.supplyAsync(() -> receive(server, bytes.length));
      try (Socket client = connect(config(clientProvider, pair), server)) {
        client.getOutputStream().write(bytes);
        assertThat(received.get(MILLIS, TimeUnit.MILLISECONDS)).isEqualTo(bytes);
        assertThat(client.getInputStream().read()).isEqualTo(42);
      }
    }
  }

  @Test
  void refuseAClientThatIsNotTrusted() throws Exception {
    try (ServerSocket server = server(config("RUSTLS", pair))) {
      CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> receive(server, 1));
      Configuration config = config("RUSTLS", stranger);
      config.setString("security.ssl.internal.truststore", pair.toString());
      try (Socket client = connect(config, server)) {
        assertThatThrownBy(
                () -> {
                  client.getOutputStream().write(1);
                  client.getInputStream().read();
                })
            .isInstanceOf(IOException.class);
      }
      assertThatThrownBy(() -> received.get(MILLIS, TimeUnit.MILLISECONDS))
          .hasRootCauseInstanceOf(javax.net.ssl.SSLException.class);
    }
  }

  /** A client that says nothing must not keep the server from the next one. */
  @Test
  void acceptWithoutShakingHands() throws Exception {
    try (ServerSocket server = server(config("RUSTLS", pair));
        Socket silent = new Socket(server.getInetAddress(), server.getLocalPort())) {
      server.setSoTimeout(MILLIS);
      try (Socket accepted = server.accept()) {
        assertThat(accepted.getRemoteSocketAddress()).isEqualTo(silent.getLocalSocketAddress());
      }
    }
  }

  /** One that says nothing for ever gives its place back. */
  @Test
  void hangUpOnAClientThatDoesNotShakeHands() throws Exception {
    Configuration config = config("RUSTLS", pair);
    config.setString("security.ssl.internal.handshake-timeout", "200");
    try (ServerSocket server = server(config);
        Socket silent = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket accepted = server.accept()) {
      assertThatThrownBy(() -> accepted.getInputStream().read())
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("200 ms");
      silent.setSoTimeout(MILLIS);
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
  }

  private static ServerSocket server(Configuration config) throws Exception {
    return SSLUtils.createSSLServerSocketFactory(config)
        .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  private static Socket connect(Configuration config, ServerSocket server) throws Exception {
    Socket client = SSLUtils.createSSLClientSocketFactory(config).createSocket();
    client.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), MILLIS);
    client.setSoTimeout(MILLIS);
    return client;
  }

  private static byte[] receive(ServerSocket server, int length) {
    try (Socket accepted = server.accept()) {
      accepted.setSoTimeout(MILLIS);
      byte[] bytes = accepted.getInputStream().readNBytes(length);
      accepted.getOutputStream().write(42);
      accepted.getOutputStream().flush();
      return bytes;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Configuration config(String provider, Path store) {
    Configuration config = TestStores.internal(store);
    config.setString("security.ssl.provider", provider);
    return config;
  }
}
