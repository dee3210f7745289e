package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/** Fatal alerts that arrive become exceptions that name them. */
class ReceivedAlertsTest {
  private static final int MOST = 255;

  private static final Map<Integer, String> SOME_NAMES =
      Map.of(
          10, "unexpected_message",
          40, "handshake_failure",
          42, "bad_certificate",
          46, "certificate_unknown",
          48, "unknown_ca",
          70, "protocol_version",
          112, "unrecognized_name",
          116, "certificate_required",
          120, "no_application_protocol");

  @Test
  void duringTheHandshake() throws Exception {
    SSLContext clients = TestContexts.STORES.client();
    SSLContext servers = TestContexts.STORES.server();
    for (boolean client : new boolean[] {true, false}) {
      for (int description = 1; description <= MOST; description++) {
        SSLEngine engine =
            client ? clients.createSSLEngine("localhost", 4711) : servers.createSSLEngine();
        engine.setUseClientMode(client);
        engine.beginHandshake();
        if (client) {
          engine.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(20_000));
        }
        ByteBuffer alert = ByteBuffer.wrap(new byte[] {21, 3, 3, 0, 2, 2, (byte) description});
        String name = SOME_NAMES.getOrDefault(description, "");
        assertThatThrownBy(() -> engine.unwrap(alert, ByteBuffer.allocate(20_000)))
            .as("alert %s", description)
            .isInstanceOf(SSLHandshakeException.class)
            .hasMessageStartingWith("Received fatal alert: " + name)
            .hasMessageMatching(".*: ([a-z_]+|unknown alert \\(" + description + "\\))");
        assertThat(engine.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(20_000)).getStatus())
            .as("nothing is answered to alert %s", description)
            .isEqualTo(Status.CLOSED);
        assertThat(engine.isInboundDone()).isTrue();
        assertThat(engine.isOutboundDone()).isTrue();
      }
    }
  }

  /** The one that a peer of ours sends for a certificate that it does not trust. */
  @Test
  void afterTheHandshakeOfTls13() throws Exception {
    EnginePair pair =
        new EnginePair(
                TestContexts.STORES.of(TestKeys.STRANGER, TestKeys.SERVER).createSSLEngine(),
                TestContexts.STORES.server().createSSLEngine())
            .protocols("TLSv1.3")
            .mutual();
    assertThatThrownBy(pair::handshake).isInstanceOf(SSLHandshakeException.class);
    EnginePair.wrap(pair.server, ByteBuffer.allocate(0), pair.toClient);
    assertThatThrownBy(() -> pair.receive(pair.client))
        .isInstanceOf(SSLException.class)
        .hasMessage("Received fatal alert: unknown_ca");
  }
}
