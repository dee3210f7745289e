package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rustlsjvm.jsse.ChannelStatistics;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.RpcGateway;
import org.apache.flink.runtime.rpc.RpcService;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.runtime.rpc.RpcSystemLoader;
import org.apache.flink.runtime.rpc.exceptions.RpcConnectionException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RustlsRpcSystemLoaderTest {
  private static final String TARGET = "org.apache.flink.runtime.rpc.pekko.CustomSSLEngineProvider";

  @TempDir static Path folder;
  private static Path pair;

  @BeforeAll
  static void makeStore() throws Exception {
    pair = TestStores.pair(folder, "pair");
  }

  @Test
  void isAskedBeforeFlinksOwn() {
    assertThat(new RustlsRpcSystemLoader().getLoadPriority()).isNegative();
  }

  @Test
  void carriesCallsByRustls() throws Exception {
    Configuration config = internal();
    // Not closed: threads of Pekko's that are still ending may need a class, and Flink would halt.
    RpcSystem system = RpcSystem.load(config);
    RpcService server = service(system, config);
    RpcService client = service(system, config);
    try {
      String nobody = "pekko.ssl.tcp://flink@localhost:" + server.getPort() + "/user/rpc/nobody";
      // The other side's answer that there is no such endpoint: it went through.
      assertThatThrownBy(() -> client.connect(nobody, RpcGateway.class).get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(RpcConnectionException.class)
          .hasMessageContaining("nobody");
    } finally {
      client.closeAsync().get(30, TimeUnit.SECONDS);
      server.closeAsync().get(30, TimeUnit.SECONDS);
    }
    assertThat(handshakes("rpc-server")).isPositive();
    assertThat(handshakes("rpc-client")).isPositive();
  }

  @Test
  void putsOurClassWhereFlinkLooks() throws Exception {
    try (RpcSystem system = RpcSystem.load(internal())) {
      Class<?> provider = provider(system);
      assertThat(provider.getMethod("useEngines", Function.class)).isNotNull();
      Object made =
          provider
              .getConstructor(
                  provider.getClassLoader().loadClass("org.apache.pekko.actor.ActorSystem"))
              .newInstance((Object) null);
      SSLEngine server = (SSLEngine) provider.getMethod("createServerSSLEngine").invoke(made);
      assertThat(server.getClass().getName()).startsWith("io.rustlsjvm.");
      assertThat(server.getUseClientMode()).isFalse();
      assertThat(server.getNeedClientAuth()).isTrue();
      SSLEngine client = (SSLEngine) provider.getMethod("createClientSSLEngine").invoke(made);
      assertThat(client.getUseClientMode()).isTrue();
    }
  }

  @Test
  void leavesFlinksClassForOtherProviders() throws Exception {
    Configuration config = internal();
    config.setString("security.ssl.provider", "JDK");
    try (RpcSystem system = RpcSystem.load(config)) {
      assertIsFlinks(provider(system));
    }
  }

  @Test
  void leavesFlinksClassWhereRpcHasNoTls() throws Exception {
    Configuration config = internal();
    config.setString("pekko.ssl.enabled", "false");
    // Not even the stores are looked at.
    config.setString("security.ssl.internal.keystore", "nowhere");
    try (RpcSystem system = RpcSystem.load(config)) {
      assertIsFlinks(provider(system));
    }
  }

  /** The option is for REST then, but Flink shows it to Pekko, too, which cannot read a comma. */
  @ParameterizedTest
  @ValueSource(strings = {"pekko.ssl.enabled", "security.ssl.internal.enabled"})
  void keepsAListOfProtocolsFromRpcWithoutTls(String option) throws Exception {
    Configuration config = internal();
    config.setString(option, "false");
    config.setString("security.ssl.protocol", "TLSv1.2,TLSv1.3");
    RpcService service = service(RpcSystem.load(config), config);
    try {
      assertThat(service.getPort()).isPositive();
    } finally {
      service.closeAsync().get(30, TimeUnit.SECONDS);
    }
  }

  /** An exception would make Flink go on with its own loader, and so with the JDK's TLS. */
  @Test
  void stopsTheProcessWhereStoresAreBroken() {
    Configuration config = internal();
    config.setString("security.ssl.internal.keystore-password", "wrong-secret");
    assertThatThrownBy(() -> RpcSystem.load(config))
        .isInstanceOf(RustlsStartupError.class)
        .hasMessageContaining("security.ssl.provider is RUSTLS")
        .hasMessageContaining("security.ssl.internal.keystore")
        .hasMessageContaining(pair.toString())
        .hasMessageNotContaining("wrong-secret");
  }

  @Test
  void stopsTheProcessWhereOptionsAreWrong() {
    Configuration config = internal();
    config.setString("security.ssl.protocol", "TLSv1.1");
    assertThatThrownBy(() -> RpcSystem.load(config))
        .isInstanceOf(RustlsStartupError.class)
        .hasMessageContaining("security.ssl.protocol");
  }

  @Test
  void stopsTheProcessWithAnUnknownFlink() {
    RpcSystem another = proxy(RpcSystem.class, proxy(RpcSystem.RpcServiceBuilder.class, null));
    assertThatThrownBy(() -> RpcEngines.install(another, internal()))
        .isInstanceOf(RustlsStartupError.class)
        .hasMessageContaining("does not know how TLS gets into the RPC of this version of Flink");
  }

  @Test
  void isFoundAsAService() {
    assertThat(java.util.ServiceLoader.load(RpcSystemLoader.class))
        .hasAtLeastOneElementOfType(RustlsRpcSystemLoader.class);
  }

  private static Configuration internal() {
    Configuration config = TestStores.internal(pair);
    config.setString("io.tmp.dirs", folder.toString());
    return config;
  }

  private static RpcService service(RpcSystem system, Configuration config) throws Exception {
    return system
        .remoteServiceBuilder(config, "localhost", "0")
        .withBindAddress("localhost")
        .createAndStart();
  }

  private static Class<?> provider(RpcSystem system) throws Exception {
    return system
        .localServiceBuilder(new Configuration())
        .getClass()
        .getClassLoader()
        .loadClass(TARGET);
  }

  private static void assertIsFlinks(Class<?> provider) {
    assertThat(provider.getSuperclass().getName()).endsWith(".ConfigSSLEngineProvider");
  }

  private static long handshakes(String channel) {
    return ChannelStatistics.snapshot().stream()
        .filter(row -> row.label().equals(channel))
        .mapToLong(ChannelStatistics.Row::handshakes)
        .sum();
  }

  private static <T> T proxy(Class<T> type, Object answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> answer));
  }
}
