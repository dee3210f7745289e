package io.rustlsjvm.jsse;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * The bytes of one connection. Each count is written by the one thread that holds its direction's
 * lock, and read by anyone.
 */
final class ConnectionCounters {
  private static final AtomicLongFieldUpdater<ConnectionCounters> IN =
      AtomicLongFieldUpdater.newUpdater(ConnectionCounters.class, "in");
  private static final AtomicLongFieldUpdater<ConnectionCounters> OUT =
      AtomicLongFieldUpdater.newUpdater(ConnectionCounters.class, "out");

  private volatile long in;
  private volatile long out;

  /** Where {@link StatisticsTable} sums this up; guarded by the table. */
  Object row;

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
