package io.rustlsjvm.demo.report;

import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.Role;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes every process of a cluster tell what its TLS engines did, and reads it once they have
 * ended.
 */
public final class TlsObservation {
  private final Path folder;

  /**
   * Makes the folder that the processes write to.
   *
   * @param folder made when missing
   * @throws IOException when it cannot be made
   */
  public TlsObservation(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder.toAbsolutePath());
    try (InputStream settings = TlsObservation.class.getResourceAsStream("handshakes.jfc")) {
      Files.write(folder.resolve("handshakes.jfc"), settings.readAllBytes());
    }
  }

  /**
   * The JVM options that make our engines leave their counters.
   *
   * @param role the process
   */
  public List<String> countersOfRustls(Role role) {
    return List.of("-Drustlsjvm.statistics.file=" + statistics(role));
  }

  /**
   * The JVM options that make the JDK's engines record their handshakes.
   *
   * @param role the process
   */
  public List<String> handshakesOfJdk(Role role) {
    return List.of(
        "-XX:StartFlightRecording=dumponexit=true,settings="
            + folder.resolve("handshakes.jfc")
            + ",filename="
            + recording(role));
  }

  /**
   * What happened in one process. Call it after the process has ended.
   *
   * @param cluster the cluster
   * @param role the process
   * @return rows of both kinds of engines
   * @throws IOException when a file cannot be read
   */
  public List<ChannelRow> of(Cluster cluster, Role role) throws IOException {
    List<ChannelRow> rows = new ArrayList<>(StatisticsFile.read(statistics(role)));
    rows.addAll(FlightRecording.read(recording(role), channels(cluster)));
    return ChannelRow.sum(rows);
  }

  /**
   * What happened in all processes together. Call it after they have ended.
   *
   * @param cluster the cluster
   * @throws IOException when a file cannot be read
   */
  public List<ChannelRow> of(Cluster cluster) throws IOException {
    List<ChannelRow> rows = new ArrayList<>();
    for (Role role : cluster.processes().keySet()) {
      rows.addAll(of(cluster, role));
    }
    return ChannelRow.sum(rows);
  }

  private Path statistics(Role role) {
    return folder.resolve(role.name() + ".tsv");
  }

  private Path recording(Role role) {
    return folder.resolve(role.name() + ".jfr");
  }

  private static Map<Integer, String> channels(Cluster cluster) {
    Map<Integer, String> channels = new HashMap<>();
    for (Map<String, Integer> ports : cluster.ports().values()) {
      ports.forEach((option, port) -> channels.put(port, channel(option)));
    }
    return channels;
  }

  private static String channel(String option) {
    switch (option) {
      case "taskmanager.data.port":
        return "data";
      case "blob.server.port":
        return "blob";
      case "rest.port":
        return "rest";
      case "metrics.internal.query-service.port":
        return "rpc-metrics";
      default:
        return "rpc";
    }
  }
}
