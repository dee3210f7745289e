package io.rustlsjvm.jsse;

import java.util.List;

/**
 * What the engines have done, counted by themselves: one row for each label, protocol, suite and
 * peer.
 *
 * <p>With the system property {@code rustlsjvm.statistics.file=FILE} the rows are written to FILE
 * when the JVM exits, as tab-separated lines below a header.
 */
public final class ChannelStatistics {
  /** System property that names the file to write when the JVM exits. */
  public static final String FILE_PROPERTY = "rustlsjvm.statistics.file";

  private ChannelStatistics() {}

  /** The rows as they stand, connections that are open included; sorted. */
  public static List<Row> snapshot() {
    return StatisticsTable.SHARED.snapshot();
  }

  /**
   * Connections of all labels that finished their handshake and still have a native side: it is
   * freed when a connection has ended in both directions, or was collected as garbage.
   */
  public static int openConnections() {
    return StatisticsTable.SHARED.open();
  }

  /** Immutable counts. */
  public static final class Row {
    private final String label;
    private final String protocol;
    private final String cipherSuite;
    private final String peer;
    private final long handshakes;
    private final long resumed;
    private final long failures;
    private final long bytesIn;
    private final long bytesOut;

    Row(String[] key, long handshakes, long resumed, long failures, long bytesIn, long bytesOut) {
      this.label = key[0];
      this.protocol = key[1];
      this.cipherSuite = key[2];
      this.peer = key[3];
      this.handshakes = handshakes;
      this.resumed = resumed;
      this.failures = failures;
      this.bytesIn = bytesIn;
      this.bytesOut = bytesOut;
    }

    /** The context's label; {@code -} for none. */
    public String label() {
      return label;
    }

    /** For example {@code TLSv1.3}; {@code -} for handshakes that failed. */
    public String protocol() {
      return protocol;
    }

    /** JSSE name of the suite; {@code -} for handshakes that failed. */
    public String cipherSuite() {
      return cipherSuite;
    }

    /** Subject of the peer's certificate (RFC 2253); {@code -} where it showed none. */
    public String peer() {
      return peer;
    }

    /** Handshakes that finished, resumed ones included. */
    public long handshakes() {
      return handshakes;
    }

    /** Handshakes that resumed an earlier session. */
    public long resumed() {
      return resumed;
    }

    /** Connections that failed, in the handshake or later. */
    public long failures() {
      return failures;
    }

    /** Bytes of application data received. */
    public long bytesIn() {
      return bytesIn;
    }

    /** Bytes of application data sent. */
    public long bytesOut() {
      return bytesOut;
    }

    @Override
    public String toString() {
      // A subject may hold any character; a line must stay a line.
      return String.join("\t", label, protocol, cipherSuite, peer.replaceAll("\\p{Cntrl}", "?"))
          + "\t"
          + handshakes
          + "\t"
          + resumed
          + "\t"
          + failures
          + "\t"
          + bytesIn
          + "\t"
          + bytesOut;
    }
  }
}
