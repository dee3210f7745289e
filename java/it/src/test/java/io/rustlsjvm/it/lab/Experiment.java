package io.rustlsjvm.it.lab;

import java.util.Map;
import java.util.TreeMap;

/** Two configurations, and the channel that is to be opened between them. */
public final class Experiment {
  /** What to call it. */
  public String name;

  /** {@code rpc}, {@code data}, {@code blob} or {@code rest}. */
  public String channel;

  /** Flink's options at the server's end; null when only the client's end is to be made. */
  public Map<String, String> server;

  /** Flink's options at the client's end; null when only the server's end is to be made. */
  public Map<String, String> client;

  /** For the JSON reader. */
  public Experiment() {}

  /**
   * Describes one.
   *
   * @param name what to call it
   * @param channel {@code rpc}, {@code data}, {@code blob} or {@code rest}
   * @param server options, or null
   * @param client options, or null
   */
  public Experiment(
      String name, String channel, Map<String, String> server, Map<String, String> client) {
    this.name = name;
    this.channel = channel;
    this.server = server == null ? null : new TreeMap<>(server);
    this.client = client == null ? null : new TreeMap<>(client);
  }
}
