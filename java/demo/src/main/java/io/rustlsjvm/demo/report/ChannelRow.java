package io.rustlsjvm.demo.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The connections of one channel that agree in everything but their number. */
public final class ChannelRow {
  /** Stands for bytes that nobody counted. */
  public static final long UNKNOWN = -1;

  private final String channel;
  private final String provider;
  private final String protocol;
  private final String cipherSuite;
  private final String peer;
  private final long handshakes;
  private final long failures;
  private final long bytes;

  /**
   * Makes a row.
   *
   * @param channel such as {@code data-server}
   * @param provider whose engines these were
   * @param protocol as negotiated
   * @param cipherSuite as negotiated
   * @param peer the subject of the peer's certificate; {@code -} for none
   * @param handshakes how many succeeded
   * @param failures how many failed
   * @param bytes of the application, both ways; or {@link #UNKNOWN}
   */
  public ChannelRow(
      String channel,
      String provider,
      String protocol,
      String cipherSuite,
      String peer,
      long handshakes,
      long failures,
      long bytes) {
    this.channel = channel;
    this.provider = provider;
    this.protocol = protocol;
    this.cipherSuite = cipherSuite;
    this.peer = peer;
    this.handshakes = handshakes;
    this.failures = failures;
    this.bytes = bytes;
  }

  /** Which channel, and which end of it. */
  public String channel() {
    return channel;
  }

  /** Whose engines these were. */
  public String provider() {
    return provider;
  }

  /** The protocol that was negotiated. */
  public String protocol() {
    return protocol;
  }

  /** The cipher suite that was negotiated. */
  public String cipherSuite() {
    return cipherSuite;
  }

  /** Who was at the other end. */
  public String peer() {
    return peer;
  }

  /** How many handshakes succeeded. */
  public long handshakes() {
    return handshakes;
  }

  /** How many handshakes failed. */
  public long failures() {
    return failures;
  }

  /** How many bytes of the application went either way; {@link #UNKNOWN} when nobody counted. */
  public long bytes() {
    return bytes;
  }

  /**
   * Adds up rows that differ in numbers only.
   *
   * @param rows of any processes
   * @return sorted by channel
   */
  public static List<ChannelRow> sum(List<ChannelRow> rows) {
    Map<String, ChannelRow> sums = new LinkedHashMap<>();
    List<ChannelRow> sorted = new ArrayList<>(rows);
    sorted.sort((a, b) -> a.key().compareTo(b.key()));
    for (ChannelRow row : sorted) {
      sums.merge(row.key(), row, ChannelRow::plus);
    }
    return new ArrayList<>(sums.values());
  }

  private String key() {
    return String.join("\t", channel, provider, protocol, cipherSuite, peer);
  }

  private ChannelRow plus(ChannelRow other) {
    return new ChannelRow(
        channel,
        provider,
        protocol,
        cipherSuite,
        peer,
        handshakes + other.handshakes,
        failures + other.failures,
        bytes == UNKNOWN || other.bytes == UNKNOWN ? UNKNOWN : bytes + other.bytes);
  }

  @Override
  public String toString() {
    return key().replace('\t', ' ') + " " + handshakes + " handshakes, " + failures + " failures";
  }
}
