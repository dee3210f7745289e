package io.rustlsjvm.demo.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatisticsFileTest {
  @TempDir private Path folder;

  @Test
  void rowsOfSeveralProcessesAddUp() throws IOException {
    List<ChannelRow> rows =
        new ArrayList<>(
            read(
                "label\tprotocol\tcipherSuite\tpeer\thandshakes\tresumed\tfailures\tbytesIn\tbytesOut",
                "data-server\tTLSv1.3\tTLS_AES_128_GCM_SHA256\tCN=a, O=b\t2\t1\t0\t10\t5",
                "data-client\tTLSv1.3\tTLS_AES_128_GCM_SHA256\tCN=a, O=b\t1\t0\t0\t1\t1"));
    rows.addAll(
        read(
            "label\tprotocol\tcipherSuite\tpeer\thandshakes\tresumed\tfailures\tbytesIn\tbytesOut",
            "data-server\tTLSv1.3\tTLS_AES_128_GCM_SHA256\tCN=a, O=b\t3\t0\t4\t100\t50"));

    List<ChannelRow> sums = ChannelRow.sum(rows);

    assertThat(sums).hasSize(2);
    assertThat(sums.get(1).channel()).isEqualTo("data-server");
    assertThat(sums.get(1).handshakes()).isEqualTo(5);
    assertThat(sums.get(1).failures()).isEqualTo(4);
    assertThat(sums.get(1).bytes()).isEqualTo(165);
    assertThat(ChannelTable.format(sums)).contains("CN=a, O=b", "5 (+4 failed)", "165");
  }

  @Test
  void noFileMeansNoEngines() throws IOException {
    assertThat(StatisticsFile.read(folder.resolve("missing"))).isEmpty();
  }

  @Test
  void missingColumnIsAnError() {
    assertThatThrownBy(() -> read("label\tprotocol", "data-server\tTLSv1.3"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cipherSuite");
  }

  private List<ChannelRow> read(String... lines) throws IOException {
    Path file = folder.resolve("statistics.tsv");
    Files.write(file, List.of(lines));
    return StatisticsFile.read(file);
  }
}
