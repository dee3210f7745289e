package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the engines count of themselves. */
@Timeout(120)
class ChannelStatisticsTest {
  private static List<ChannelStatistics.Row> rows(String label) {
    return ChannelStatistics.snapshot().stream()
        .filter(row -> row.label().equals(label))
        .collect(Collectors.toList());
  }

  @Test
  void handshakesBytesAndResumption() throws Exception {
    SSLContext clients = TestContexts.labelled("count-client", TestKeys.CLIENT, TestKeys.SERVER);
    SSLContext servers = TestContexts.labelled("count-server", TestKeys.SERVER, TestKeys.CLIENT);
    EnginePair open = EnginePair.of(clients, servers).mutual().handshake();
    open.send(open.client, ByteBuffer.wrap(new byte[1_000]));
    open.receive(open.server);
    assertThat(rows("count-client")).hasSize(1);
    ChannelStatistics.Row client = rows("count-client").get(0);
    assertThat(client.bytesOut()).as("of an open connection").isEqualTo(1_000);
    assertThat(client.bytesIn()).isZero();
    assertThat(client.handshakes()).isEqualTo(1);
    assertThat(client.resumed()).isZero();
    assertThat(client.peer()).isEqualTo("CN=server");
    assertThat(client.protocol()).isEqualTo("TLSv1.3");
    assertThat(client.cipherSuite()).isEqualTo(open.client.getSession().getCipherSuite());
    open.client.closeOutbound();
    open.settle();
    open.server.closeOutbound();
    open.settle();
    EnginePair second = EnginePair.of(clients, servers).mutual().handshake();
    second.send(second.server, ByteBuffer.wrap(new byte[500]));
    second.receive(second.client);
    client = rows("count-client").get(0);
    ChannelStatistics.Row server = rows("count-server").get(0);
    assertThat(client.bytesOut()).isEqualTo(1_000);
    assertThat(client.bytesIn()).isEqualTo(500);
    assertThat(server.bytesIn()).isEqualTo(1_000);
    assertThat(server.bytesOut()).isEqualTo(500);
    assertThat(server.peer()).isEqualTo("CN=client");
    for (ChannelStatistics.Row row : List.of(client, server)) {
      assertThat(row.handshakes()).isEqualTo(2);
      assertThat(row.resumed()).isEqualTo(1);
      assertThat(row.failures()).isZero();
    }
  }

  @Test
  void failures() throws Exception {
    SSLContext clients = TestContexts.labelled("fail-client", TestKeys.CLIENT, TestKeys.STRANGER);
    SSLContext servers = TestContexts.labelled("fail-server", TestKeys.SERVER, TestKeys.CLIENT);
    assertThatThrownBy(() -> EnginePair.of(clients, servers).handshake())
        .isInstanceOf(SSLException.class);
    ChannelStatistics.Row row = rows("fail-client").get(0);
    assertThat(row.failures()).isEqualTo(1);
    assertThat(row.handshakes()).isZero();
    assertThat(row.protocol() + row.cipherSuite() + row.peer()).isEqualTo("---");
  }

  @Test
  void rowsAreBounded() {
    StatisticsTable table = new StatisticsTable(10);
    for (int i = 0; i < 1_000; i++) {
      ConnectionCounters counters = new ConnectionCounters();
      table.established(counters, "label-" + i % 50, "TLSv1.3", "suite", "CN=" + i, false);
      counters.received(3);
      table.closed(counters);
      table.closed(counters);
    }
    assertThat(table.snapshot()).hasSizeLessThanOrEqualTo(21);
    assertThat(table.snapshot().stream().mapToLong(ChannelStatistics.Row::handshakes).sum())
        .isEqualTo(1_000);
    assertThat(table.snapshot().stream().mapToLong(ChannelStatistics.Row::bytesIn).sum())
        .isEqualTo(3_000);
  }

  @Test
  void linesStayLines() {
    StatisticsTable table = new StatisticsTable(10);
    table.established(new ConnectionCounters(), "l", "p", "s", "CN=a\tb\nc", true);
    assertThat(table.snapshot().get(0).toString()).isEqualTo("l\tp\ts\tCN=a?b?c\t1\t1\t0\t0\t0");
  }

  /** A program with one connection that it leaves open. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws Exception {
      EnginePair pair =
          EnginePair.of(
                  TestContexts.labelled("exit-client", TestKeys.CLIENT, TestKeys.SERVER),
                  TestContexts.labelled("exit-server", TestKeys.SERVER, TestKeys.CLIENT))
              .handshake();
      pair.exchange();
      System.exit(0);
    }
  }

  @Test
  void fileIsWrittenAtExit(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("statistics.tsv");
    ChildJvm child =
        ChildJvm.run(Program.class, "-D" + ChannelStatistics.FILE_PROPERTY + "=" + file);
    assertThat(child.exit).as(child.output).isZero();
    List<String> lines = Files.readAllLines(file);
    assertThat(lines.get(0)).startsWith("label\tprotocol\tcipherSuite\tpeer\thandshakes");
    assertThat(lines).hasSize(3);
    assertThat(lines.get(1))
        .matches("exit-client\tTLSv1.3\tTLS_\\w+\tCN=server\t1\t0\t0\t40000\t50000");
    assertThat(lines.get(2)).matches("exit-server\tTLSv1.3\tTLS_\\w+\t-\t1\t0\t0\t50000\t40000");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }
}
