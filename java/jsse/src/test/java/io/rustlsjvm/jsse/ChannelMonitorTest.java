package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What JMX shows of the channels. */
@Timeout(120)
class ChannelMonitorTest {
  /** As a monitoring program sees it: by the name, through open types. */
  private static ChannelMXBean seen(String label) throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("io.rustlsjvm:type=Channel,name=" + label);
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!server.isRegistered(name)) {
      assertThat(System.nanoTime()).as("never registered: " + name).isLessThan(end);
      Thread.sleep(10);
    }
    return JMX.newMXBeanProxy(server, name, ChannelMXBean.class);
  }

  @Test
  void connectionsAreCounted() throws Exception {
    SSLContext clients = TestContexts.labelled("jmx-client", TestKeys.CLIENT, TestKeys.SERVER);
    SSLContext servers = TestContexts.labelled("jmx-server", TestKeys.SERVER, TestKeys.CLIENT);
    assertThat(seen("jmx-server").getHandshakes()).isZero();
    for (int i = 0; i < 3; i++) {
      EnginePair pair = EnginePair.of(clients, servers).mutual().handshake();
      pair.send(pair.client, ByteBuffer.wrap(new byte[700]));
      pair.receive(pair.server);
    }
    ChannelMXBean server = seen("jmx-server");
    assertThat(server.getChannel()).isEqualTo("jmx-server");
    assertThat(server.getHandshakes()).isEqualTo(3);
    assertThat(server.getResumedHandshakes()).isEqualTo(2);
    assertThat(server.getBytesIn()).isEqualTo(2_100);
    assertThat(server.getBytesOut()).isZero();
    assertThat(server.getFailures()).isZero();
    assertThat(server.getFailuresByAlert()).isEmpty();
    assertThat(seen("jmx-client").getBytesOut()).isEqualTo(2_100);
  }

  /** Both ends of a refusal: one sends the alert, the other receives it. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void failuresAreCountedByAlert(String protocol) throws Exception {
    String label = "alert-" + protocol;
    SSLContext clients =
        TestContexts.labelled(label + "-client", TestKeys.STRANGER, TestKeys.SERVER);
    SSLContext servers = TestContexts.labelled(label + "-server", TestKeys.SERVER, TestKeys.CLIENT);
    EnginePair pair = EnginePair.of(clients, servers).protocols(protocol).mutual();
    assertThatThrownBy(pair::handshake)
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("not trusted");
    // The server's alert.
    EnginePair.wrap(pair.server, ByteBuffer.allocate(0), pair.toClient);
    assertThatThrownBy(() -> drain(pair)).hasMessageContaining("unknown_ca");

    assertThat(seen(label + "-server").getFailuresByAlert())
        .containsExactly(entry("sent unknown_ca", 1L));
    assertThat(seen(label + "-client").getFailuresByAlert())
        .containsExactly(entry("received unknown_ca", 1L));
    assertThat(seen(label + "-client").getFailures()).isEqualTo(1);
  }

  private static void drain(EnginePair pair) throws SSLException {
    for (int i = 0; i < 10; i++) {
      EnginePair.step(pair.client, pair.toServer, pair.toClient);
    }
  }

  @Test
  void certificatesAndReloadsAreShown() throws Exception {
    ChannelMonitor monitor = ChannelMonitor.of("jmx-certificates");
    assertThat(ChannelMonitor.of("jmx-certificates")).isSameAs(monitor);
    ChannelMXBean seen = seen("jmx-certificates");
    assertThat(seen.getDaysToExpiry()).isNull();
    assertThat(seen.getDaysToTrustExpiry()).isNull();
    Instant now = Instant.now();
    monitor.certificates(now.plus(Duration.ofHours(60)), now.minus(Duration.ofHours(1)));
    monitor.reloaded();
    monitor.reloaded();
    monitor.refused();
    assertThat(seen.getDaysToExpiry()).isEqualTo(2);
    assertThat(seen.getDaysToTrustExpiry()).as("expired").isEqualTo(-1);
    assertThat(seen.getReloads()).isEqualTo(2);
    assertThat(seen.getRefusedReloads()).isEqualTo(1);
  }

  @Test
  void oddLabelsAreQuoted() throws Exception {
    ChannelMonitor.of("odd: a,b=c*");
    assertThat(seen(ObjectName.quote("odd: a,b=c*")).getChannel()).isEqualTo("odd: a,b=c*");
  }
}
