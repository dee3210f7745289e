package io.rustlsjvm.demo.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * Reads the handshakes that the JDK's own TLS engines recorded.
 *
 * <p>The events know the thread, and at a client's end a host and a port; that tells the channel. A
 * server's handshake is recorded only where it resumes a session, and nobody counts bytes.
 */
public final class FlightRecording {
  // Before the ports: Flink's REST client gives its engines the port of RPC.
  private static final String[][] THREADS = {
    {"flink-rest-client-.*", "rest-client"},
    {"flink-rest-server-.*", "rest-server"},
    {"Flink Netty Client .*", "data-client"},
    {"Flink Netty Server .*", "data-server"},
    {"BLOB .*", "blob-server"},
    {"flink-metrics-\\d+", "rpc-metrics"},
    {"flink-\\d+", "rpc"},
    {"(flink|flink-metrics)-pekko.*", "rpc"},
  };

  private FlightRecording() {}

  /**
   * Reads one recording.
   *
   * @param file the recording; it may be missing
   * @param channels the channel that is reached at each port
   * @return a row for each handshake
   * @throws IOException when it cannot be read
   */
  public static List<ChannelRow> read(Path file, Map<Integer, String> channels) throws IOException {
    List<ChannelRow> rows = new ArrayList<>();
    if (!Files.exists(file) || Files.size(file) == 0) {
      return rows;
    }
    List<RecordedEvent> handshakes = new ArrayList<>();
    Map<Long, String> subjects = new HashMap<>();
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        RecordedEvent event = recording.readEvent();
        switch (event.getEventType().getName()) {
          case "jdk.TLSHandshake":
            handshakes.add(event);
            break;
          case "jdk.X509Certificate":
            subjects.put(event.getLong("certificateId"), event.getString("subject"));
            break;
          default:
            break;
        }
      }
    }
    for (RecordedEvent event : handshakes) {
      rows.add(
          new ChannelRow(
              channel(event, channels),
              "JDK",
              event.getString("protocolVersion"),
              event.getString("cipherSuite"),
              subjects.getOrDefault(event.getLong("certificateId"), "-"),
              1,
              0,
              ChannelRow.UNKNOWN));
    }
    return rows;
  }

  private static String channel(RecordedEvent event, Map<Integer, String> channels) {
    String thread = event.getThread() == null ? null : event.getThread().getJavaName();
    for (String[] named : THREADS) {
      if (thread != null && thread.matches(named[0])) {
        return named[1];
      }
    }
    String reached = channels.get(event.getInt("peerPort"));
    return reached != null ? reached + "-client" : "unknown (" + thread + ")";
  }
}
