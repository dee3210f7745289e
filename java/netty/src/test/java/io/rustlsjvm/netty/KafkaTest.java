package io.rustlsjvm.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.jsse.ChannelStatistics;
import io.rustlsjvm.jsse.RustlsProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.Security;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.ByteBufferSend;
import org.apache.kafka.common.network.ConnectionMode;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.network.NetworkReceive;
import org.apache.kafka.common.network.NetworkSend;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.network.SslChannelBuilder;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kafka's own network layer with {@code ssl.provider=Rustls}, at either end and both. */
class KafkaTest {
  private static final String JDK = "SunJSSE";
  private static final long POLL_MILLIS = 100;
  private static final byte[] MESSAGE = new byte[3 << 20];

  private static TestParties parties;

  @BeforeAll
  static void register(@TempDir Path folder) throws Exception {
    Security.addProvider(new RustlsProvider());
    parties = new TestParties(folder);
    new Random(2).nextBytes(MESSAGE);
  }

  @AfterAll
  static void unregister() {
    Security.removeProvider(RustlsProvider.NAME);
  }

  private static Selector selector(ConnectionMode mode, Path key, String provider, String version) {
    Map<String, Object> options = new HashMap<>();
    options.put(SslConfigs.SSL_PROVIDER_CONFIG, provider);
    options.put(SslConfigs.SSL_PROTOCOL_CONFIG, "TLS");
    options.put(SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG, List.of(version));
    options.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, "PKCS12");
    options.put(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, key.toString());
    options.put(SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG, password());
    options.put(SslConfigs.SSL_KEY_PASSWORD_CONFIG, password());
    options.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PKCS12");
    options.put(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, parties.trusted.toString());
    options.put(SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG, password());
    options.put(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG, "https");
    options.put("ssl.client.auth", "required");
    options.put("ssl.principal.mapping.rules", "DEFAULT");
    SslChannelBuilder channels =
        new SslChannelBuilder(
            mode, ListenerName.forSecurityProtocol(SecurityProtocol.SSL), false, new LogContext());
    channels.configure(options);
    return new Selector(60_000, new Metrics(), Time.SYSTEM, "test", channels, new LogContext());
  }

  private static Password password() {
    return new Password(Keytool.PASSWORD);
  }

  @ParameterizedTest
  @CsvSource({
    "Rustls, SunJSSE, TLSv1.2",
    "SunJSSE, Rustls, TLSv1.2",
    "Rustls, Rustls, TLSv1.2",
    "Rustls, SunJSSE, TLSv1.3",
    "SunJSSE, Rustls, TLSv1.3",
    "Rustls, Rustls, TLSv1.3"
  })
  @Timeout(60)
  void messagesGoToAndFro(String clientProvider, String serverProvider, String version)
      throws Exception {
    long before = handshakes();
    try (ServerSocketChannel listening =
            ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Selector server = selector(ConnectionMode.SERVER, parties.server, serverProvider, version);
        Selector client =
            selector(ConnectionMode.CLIENT, parties.client, clientProvider, version)) {
      int port = ((InetSocketAddress) listening.getLocalAddress()).getPort();
      client.connect("node", new InetSocketAddress("localhost", port), 1 << 16, 1 << 16);
      SocketChannel accepted = listening.accept();
      accepted.configureBlocking(false);
      server.register("client", accepted);
      while (!client.isChannelReady("node")) {
        client.poll(POLL_MILLIS);
        server.poll(1);
        assertThat(client.disconnected()).isEmpty();
      }
      for (int i = 0; i < 2; i++) {
        client.send(message("node", ByteBuffer.wrap(MESSAGE)));
        assertThat(receive(server, client)).isEqualTo(MESSAGE);
        server.send(message("client", ByteBuffer.wrap(MESSAGE)));
        assertThat(receive(client, server)).isEqualTo(MESSAGE);
      }
      assertThat(server.channel("client").principal().getName()).isEqualTo("CN=client");
    }
    int ours = (clientProvider.equals(JDK) ? 0 : 1) + (serverProvider.equals(JDK) ? 0 : 1);
    assertThat(handshakes() - before).isGreaterThanOrEqualTo(ours);
  }

  private static NetworkSend message(String to, ByteBuffer content) {
    return new NetworkSend(to, ByteBufferSend.sizePrefixed(content));
  }

  private static byte[] receive(Selector to, Selector from) throws Exception {
    while (true) {
      to.poll(1);
      from.poll(1);
      for (NetworkReceive received : to.completedReceives()) {
        byte[] bytes = new byte[received.payload().remaining()];
        received.payload().get(bytes);
        return bytes;
      }
    }
  }

  private static long handshakes() {
    return ChannelStatistics.snapshot().stream().mapToLong(ChannelStatistics.Row::handshakes).sum();
  }
}
