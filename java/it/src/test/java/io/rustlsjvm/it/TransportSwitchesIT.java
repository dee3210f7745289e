package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.report.ChannelRow;
import io.rustlsjvm.demo.report.TlsObservation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Internal TLS is on, but not for every channel (S3): the others are in the clear, as in Flink. */
class TransportSwitchesIT {
  private static final Map<String, String> SWITCHES =
      Map.of(
          "rpc", "pekko.ssl.enabled",
          "data", "taskmanager.data.ssl.enabled",
          "blob", "blob.service.ssl.enabled");

  @ParameterizedTest
  @ValueSource(strings = {"rpc", "data,blob"})
  void jobIsExact(String off) throws IOException {
    Path folder = Setup.folder("without-" + off.replace(',', '-'));
    TlsObservation tls = new TlsObservation(folder.resolve("tls"));
    Map<String, String> options =
        Stores.with(Stores.internalOptions("RUSTLS", Stores.get().internal()));
    for (String channel : off.split(",")) {
      options.put(SWITCHES.get(channel), "false");
    }
    try (Cluster cluster = Clusters.describe(folder, tls, options).build().start()) {
      Clusters.runJob(cluster);
      cluster.stop();

      List<ChannelRow> rows = tls.of(cluster);
      for (String channel : SWITCHES.keySet()) {
        if (List.of(off.split(",")).contains(channel)) {
          assertThat(Clusters.of(rows, channel)).as(channel).isEmpty();
        } else {
          Clusters.assertProvider(rows, "RUSTLS", channel);
        }
      }
    }
  }
}
