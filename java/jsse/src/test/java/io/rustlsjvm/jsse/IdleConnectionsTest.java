package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What connections hold that only wait, and that they go on when they have waited. */
class IdleConnectionsTest {
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void goOnAfterARest(String protocol) throws SSLException {
    EnginePair pair =
        EnginePair.of(TestContexts.STORES.client(), TestContexts.STORES.server())
            .protocols(protocol)
            .mutual()
            .handshake();
    for (int i = 0; i < 3; i++) {
      pair.exchange();
      // The first look finds that there were records, the second one that there were none.
      assertThat(StatisticsTable.SHARED.forEachOpen(EngineNatives::rest)).isTrue();
      assertThat(StatisticsTable.SHARED.forEachOpen(EngineNatives::rest)).isTrue();
    }
    pair.exchange();
    assertThat(pair.server.getSession().getPeerCertificates())
        .containsExactly(pair.client.getSession().getLocalCertificates());
  }

  @Test
  void aConnectionThatIsGoneIsLetBe() {
    StatisticsTable table = new StatisticsTable(10);
    ConnectionCounters first = opened(table, 1);
    ConnectionCounters second = opened(table, 2);
    ConnectionCounters third = opened(table, 3);
    assertThat(open(table)).containsExactlyInAnyOrder(1L, 2L, 3L);
    table.closed(second);
    assertThat(open(table)).containsExactlyInAnyOrder(1L, 3L);
    assertThat(table.open()).isEqualTo(2);
    table.closed(third);
    table.closed(first);
    assertThat(open(table)).isEmpty();
  }

  /** Closed by another thread before its handshake was told: its native side may be freed. */
  @Test
  void aConnectionThatWasGoneBeforeItStoodIsLetBe() {
    StatisticsTable table = new StatisticsTable(10);
    ConnectionCounters counters = new ConnectionCounters();
    counters.address = 4;
    table.closed(counters);
    table.established(counters, "l", "p", "s", "peer", false);
    assertThat(open(table)).isEmpty();
    assertThat(table.snapshot().get(0).handshakes()).isEqualTo(1);
  }

  private static ConnectionCounters opened(StatisticsTable table, long address) {
    ConnectionCounters counters = new ConnectionCounters();
    counters.address = address;
    table.established(counters, "l", "p", "s", "peer", false);
    return counters;
  }

  private static Set<Long> open(StatisticsTable table) {
    Set<Long> addresses = new HashSet<>();
    assertThat(table.forEachOpen(addresses::add)).isEqualTo(!addresses.isEmpty());
    return addresses;
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void shareCertificatesOfTheSameParties(String protocol) throws SSLException {
    SSLContext client = TestContexts.STORES.client();
    SSLContext server = TestContexts.STORES.server();
    EnginePair one = EnginePair.of(client, server).protocols(protocol).mutual().handshake();
    EnginePair other = EnginePair.of(client, server).protocols(protocol).mutual().handshake();
    for (SSLEngine[] ends :
        new SSLEngine[][] {{one.client, other.client}, {one.server, other.server}}) {
      Certificate[] peer = ends[0].getSession().getPeerCertificates();
      assertThat(peer).isNotEmpty();
      assertThat(ends[1].getSession().getPeerCertificates()[0]).isSameAs(peer[0]);
    }
    Certificate shown = one.server.getSession().getLocalCertificates()[0];
    assertThat(Arrays.asList(one.client.getSession().getPeerCertificates())).contains(shown);
  }

  @Test
  void equalObjectsAreShared() {
    Shared<String> shared = new Shared<>();
    String one = new String("certificate");
    assertThat(shared.of(one)).isSameAs(one);
    assertThat(shared.of(new String("certificate"))).isSameAs(one);
    assertThat(shared.of("another")).isNotSameAs(one);
    assertThat(shared.size()).isEqualTo(2);
  }
}
