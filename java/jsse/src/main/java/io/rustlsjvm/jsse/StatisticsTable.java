package io.rustlsjvm.jsse;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * The rows behind {@link ChannelStatistics}.
 *
 * <p>A connection counts for itself ({@link ConnectionCounters}), with no other thread to contend
 * with; the table sums up what is open, and takes over the counts of what is closed.
 */
final class StatisticsTable {
  static final StatisticsTable SHARED = new StatisticsTable(512);

  private static final String NONE = "-";
  private static final String OTHERS = "(others)";

  private final int maximumRows;
  private final Map<List<String>, Totals> rows = new HashMap<>();

  /** Failures by label, then by alert: both come from short lists. */
  private final Map<String, Map<String, Long>> alerts = new HashMap<>();

  private static final class Totals {
    long handshakes;
    long resumed;
    long failures;
    long bytesIn;
    long bytesOut;

    /** The first of the open connections, which are linked; null for none. */
    ConnectionCounters open;

    void add(ConnectionCounters connection) {
      connection.next = open;
      if (open != null) {
        open.previous = connection;
      }
      open = connection;
    }

    void remove(ConnectionCounters connection) {
      ConnectionCounters previous = connection.previous;
      ConnectionCounters next = connection.next;
      if (previous == null) {
        open = next;
      } else {
        previous.next = next;
      }
      if (next != null) {
        next.previous = previous;
      }
      connection.previous = null;
      connection.next = null;
    }
  }

  static {
    StatisticsFile.writeAtExit();
  }

  /**
   * @param maximumRows distinct rows at most; peers beyond that are summed up, so that strangers
   *     with certificates of their own do not fill the memory
   */
  StatisticsTable(int maximumRows) {
    this.maximumRows = maximumRows;
  }

  /** Counts a finished handshake, and the connection's bytes from now on. */
  synchronized void established(
      ConnectionCounters connection,
      String label,
      String protocol,
      String cipherSuite,
      String peer,
      boolean resumed) {
    Totals totals = totals(label, protocol, cipherSuite, peer == null ? NONE : peer);
    totals.handshakes++;
    if (resumed) {
      totals.resumed++;
    }
    if (connection.address != ConnectionCounters.GONE) {
      connection.row = totals;
      totals.add(connection);
    }
  }

  /**
   * Counts a failure: of the connection's row, or of its label where no handshake finished.
   *
   * @param alert as {@link Failures#alert} has it
   */
  synchronized void failed(ConnectionCounters connection, String label, String alert) {
    alerts.computeIfAbsent(label, l -> new TreeMap<>()).merge(alert, 1L, Long::sum);
    Totals totals = (Totals) connection.row;
    (totals != null ? totals : totals(label, NONE, NONE, NONE)).failures++;
  }

  /** Takes over the counts of a connection that is gone. */
  synchronized void closed(ConnectionCounters connection) {
    connection.address = ConnectionCounters.GONE;
    Totals totals = (Totals) connection.row;
    if (totals != null) {
      connection.row = null;
      totals.remove(connection);
      totals.bytesIn += connection.bytesIn();
      totals.bytesOut += connection.bytesOut();
    }
  }

  /**
   * Calls with the native address of each open connection, which is not freed meanwhile: before
   * that it is {@link #closed}.
   *
   * @return whether there was any
   */
  synchronized boolean forEachOpen(LongConsumer action) {
    boolean any = false;
    for (Totals totals : rows.values()) {
      for (ConnectionCounters open = totals.open; open != null; open = open.next) {
        any = true;
        action.accept(open.address);
      }
    }
    return any;
  }

  /** How many connections are open. */
  int open() {
    int[] count = {0};
    forEachOpen(address -> count[0]++);
    return count[0];
  }

  private Totals totals(String label, String protocol, String cipherSuite, String peer) {
    List<String> key = List.of(label, protocol, cipherSuite, peer);
    if (!rows.containsKey(key) && rows.size() >= maximumRows) {
      key = List.of(label, protocol, cipherSuite, OTHERS);
    }
    if (!rows.containsKey(key) && rows.size() >= 2 * maximumRows) {
      key = List.of(OTHERS, OTHERS, OTHERS, OTHERS);
    }
    return rows.computeIfAbsent(key, k -> new Totals());
  }

  /** The failures of a label by alert. */
  synchronized Map<String, Long> failuresByAlert(String label) {
    return new TreeMap<>(alerts.getOrDefault(label, Map.of()));
  }

  /** One row for all of a label. */
  ChannelStatistics.Row sum(String label) {
    long[] sums = new long[5];
    for (ChannelStatistics.Row row : snapshot()) {
      if (row.label().equals(label)) {
        sums[0] += row.handshakes();
        sums[1] += row.resumed();
        sums[2] += row.failures();
        sums[3] += row.bytesIn();
        sums[4] += row.bytesOut();
      }
    }
    String[] key = {label, NONE, NONE, NONE};
    return new ChannelStatistics.Row(key, sums[0], sums[1], sums[2], sums[3], sums[4]);
  }

  synchronized List<ChannelStatistics.Row> snapshot() {
    List<ChannelStatistics.Row> snapshot = new ArrayList<>(rows.size());
    rows.forEach(
        (key, totals) -> {
          long in = totals.bytesIn;
          long out = totals.bytesOut;
          for (ConnectionCounters open = totals.open; open != null; open = open.next) {
            in += open.bytesIn();
            out += open.bytesOut();
          }
          snapshot.add(
              new ChannelStatistics.Row(
                  key.toArray(new String[0]),
                  totals.handshakes,
                  totals.resumed,
                  totals.failures,
                  in,
                  out));
        });
    snapshot.sort(
        Comparator.comparing(ChannelStatistics.Row::label)
            .thenComparing(ChannelStatistics.Row::protocol)
            .thenComparing(ChannelStatistics.Row::cipherSuite)
            .thenComparing(ChannelStatistics.Row::peer));
    return snapshot;
  }
}
