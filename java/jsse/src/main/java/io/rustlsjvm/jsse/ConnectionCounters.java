package io.rustlsjvm.jsse;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * What outlives a connection by a moment: its counts, and the native object to free.
 *
 * <p>The bytes of one connection. Each count is written by the one thread that holds its
 * direction's lock, and read by anyone.
 */
final class ConnectionCounters implements Runnable {
  private static final AtomicLongFieldUpdater<ConnectionCounters> IN =
      AtomicLongFieldUpdater.newUpdater(ConnectionCounters.class, "in");
  private static final AtomicLongFieldUpdater<ConnectionCounters> OUT =
      AtomicLongFieldUpdater.newUpdater(ConnectionCounters.class, "out");

  private volatile long in;
  private volatile long out;

  /** Where {@link StatisticsTable} sums this up; guarded by the table. */
  Object row;

  /** Its neighbours among the row's open connections; guarded by the table. */
  ConnectionCounters previous;

  ConnectionCounters next;

  /** What {@link #address} is once the native connection may be freed. */
  static final long GONE = -1;

  /** Of the native connection; 0 before there is one. Guarded by the table once it is shared. */
  long address;

  /** Frees the native connection; once, when nobody uses it any more. */
  @Override
  public void run() {
    long last = address;
    StatisticsTable.SHARED.closed(this);
    EngineNatives.free(last);
  }

  /** Application bytes received. */
  void received(int bytes) {
    IN.lazySet(this, in + bytes);
  }

  /** Application bytes sent. */
  void sent(int bytes) {
    OUT.lazySet(this, out + bytes);
  }

  long bytesIn() {
    return in;
  }

  long bytesOut() {
    return out;
  }
}
