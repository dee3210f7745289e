package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What flight recordings hold of handshakes. */
@Timeout(120)
class HandshakeEventsTest {
  private static final String HANDSHAKE = "io.rustlsjvm.TLSHandshake";
  private static final String FAILURE = "io.rustlsjvm.TLSFailure";

  @TempDir Path folder;

  /** Something to be recorded. */
  private interface Action {
    void run() throws Exception;
  }

  private List<RecordedEvent> record(String event, Action action) throws Exception {
    Path file = folder.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      recording.enable(event);
      recording.start();
      action.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(recorded -> recorded.getEventType().getName().equals(event))
        .collect(Collectors.toList());
  }

  @Test
  void handshakesOfBothEnds() throws Exception {
    SSLContext clients = TestContexts.labelled("jfr-client", TestKeys.CLIENT, TestKeys.SERVER);
    SSLContext servers = TestContexts.labelled("jfr-server", TestKeys.SERVER, TestKeys.CLIENT);
    List<RecordedEvent> events =
        record(
            HANDSHAKE,
            () -> {
              EnginePair.of(clients, servers).mutual().handshake();
              EnginePair.of(clients, servers).mutual().handshake();
            });

    assertThat(events).hasSize(4);
    for (RecordedEvent event : events) {
      boolean client = event.getBoolean("client");
      assertThat(event.getString("channel")).isEqualTo(client ? "jfr-client" : "jfr-server");
      assertThat(event.getString("peerHost")).isEqualTo(client ? "localhost" : null);
      assertThat(event.getInt("peerPort")).isEqualTo(client ? 4711 : -1);
      assertThat(event.getString("peerSubject")).isEqualTo(client ? "CN=server" : "CN=client");
      assertThat(event.getString("protocolVersion")).isEqualTo("TLSv1.3");
      assertThat(event.getString("cipherSuite")).startsWith("TLS_AES_");
      assertThat(event.getString("namedGroup")).isNotEmpty();
      assertThat(event.getDuration()).isPositive();
    }
    assertThat(events)
        .extracting(event -> event.getBoolean("resumed"))
        .containsExactlyInAnyOrder(false, false, true, true);
  }

  /** Whom a client was made for stays whom it talks to. */
  @Test
  void serversThatAreToldTheirPeersAddress() throws Exception {
    SSLContext clients = TestContexts.labelled("jfr-client", TestKeys.CLIENT, TestKeys.SERVER);
    SSLContext servers = TestContexts.labelled("jfr-server", TestKeys.SERVER, TestKeys.CLIENT);
    List<RecordedEvent> events =
        record(
            HANDSHAKE,
            () -> {
              EnginePair pair = EnginePair.of(clients, servers).mutual();
              InetAddress address = InetAddress.getByAddress(new byte[] {10, 1, 2, 3});
              for (SSLEngine engine : List.of(pair.client, pair.server)) {
                ((ConnectedEngine) engine).connectedTo(new InetSocketAddress(address, 50_123));
              }
              pair.handshake();
              assertThat(pair.server.getPeerHost()).isNull();
            });

    assertThat(events)
        .extracting(
            event ->
                event.getBoolean("client")
                    + " "
                    + event.getString("peerHost")
                    + ":"
                    + event.getInt("peerPort"))
        .containsExactlyInAnyOrder("true localhost:4711", "false 10.1.2.3:50123");
  }

  @Test
  void failuresWithAlertAndReason() throws Exception {
    SSLContext clients = TestContexts.labelled("jfr-stranger", TestKeys.STRANGER, TestKeys.SERVER);
    SSLContext servers = TestContexts.labelled("jfr-refuses", TestKeys.SERVER, TestKeys.CLIENT);
    List<RecordedEvent> events =
        record(
            FAILURE,
            () ->
                assertThatThrownBy(() -> EnginePair.of(clients, servers).mutual().handshake())
                    .isInstanceOf(SSLException.class));

    assertThat(events).hasSize(1);
    RecordedEvent event = events.get(0);
    assertThat(event.getString("channel")).isEqualTo("jfr-refuses");
    assertThat(event.getBoolean("client")).isFalse();
    assertThat(event.getBoolean("established")).isFalse();
    assertThat(event.getString("alert")).isEqualTo("sent unknown_ca");
    assertThat(event.getString("reason")).contains("not trusted");
  }

  @Test
  void nothingIsBegunWhereNobodyRecords() throws Exception {
    assertThat(HandshakeEvents.SHARED.begin()).isNull();
    record(HANDSHAKE, () -> assertThat(HandshakeEvents.SHARED.begin()).isNotNull());
    assertThat(HandshakeEvents.SHARED.begin()).isNull();
  }

  /** A program with a connection that succeeds and one that fails. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws Exception {
      EnginePair.of(
              TestContexts.labelled("bare-client", TestKeys.CLIENT, TestKeys.SERVER),
              TestContexts.labelled("bare-server", TestKeys.SERVER, TestKeys.CLIENT))
          .handshake()
          .exchange();
      try {
        EnginePair.of(
                TestContexts.labelled("bare-client", TestKeys.CLIENT, TestKeys.STRANGER),
                TestContexts.labelled("bare-server", TestKeys.SERVER, TestKeys.CLIENT))
            .handshake();
      } catch (SSLException expected) {
        ModuleLayer modules = ModuleLayer.boot();
        System.out.println("refused, with " + modules.modules().size() + " modules");
        for (String missing : new String[] {"jdk.jfr", "java.management"}) {
          System.out.println(missing + ": " + modules.findModule(missing).isPresent());
        }
      }
    }
  }

  /** In a runtime that was linked without the flight recorder and JMX. */
  @Test
  void neitherRecorderNorJmxIsNeeded() throws Exception {
    ChildJvm child = ChildJvm.run(Program.class, "--limit-modules", "java.base,java.xml");
    assertThat(child.exit).as(child.output).isZero();
    assertThat(child.output)
        .contains("refused, with", "jdk.jfr: false", "java.management: false")
        // Newer Javas warn of native code.
        .doesNotContain("cannot be seen by JMX", "NoClassDefFoundError");
  }
}
