package org.apache.flink.runtime.rpc.pekko;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.remote.transport.netty.SSLEngineProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // as in the class under test
class CustomSSLEngineProviderTest {
  @AfterEach
  void forget() {
    CustomSSLEngineProvider.useEngines(null);
  }

  @Test
  void asksTheFactoryForEachSide() throws Exception {
    SSLEngine client = SSLContext.getDefault().createSSLEngine();
    SSLEngine server = SSLContext.getDefault().createSSLEngine();
    CustomSSLEngineProvider.useEngines(isClient -> isClient ? client : server);
    SSLEngineProvider provider = new CustomSSLEngineProvider(null);
    assertThat(provider.createClientSSLEngine()).isSameAs(client);
    assertThat(provider.createServerSSLEngine()).isSameAs(server);
  }

  @Test
  void stopsWithAnErrorWhereNoFactoryWasGiven() {
    assertThatThrownBy(() -> new CustomSSLEngineProvider(null))
        .isInstanceOf(Error.class)
        .hasMessageContaining("security.ssl.provider");
  }

  /** Pekko finds the constructor by reflection, with exactly this parameter. */
  @Test
  void hasTheConstructorThatPekkoLooksFor() throws Exception {
    assertThat(CustomSSLEngineProvider.class.getConstructor(ActorSystem.class)).isNotNull();
  }
}
