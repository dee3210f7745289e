package io.rustlsjvm.bench;

import io.rustlsjvm.jsse.ChannelStatistics;
import java.util.concurrent.atomic.AtomicLong;

/** What has come about in {@link Soak} so far. */
final class SoakCounts {
  /** Connections whose handshake both ends finished. */
  final AtomicLong handshakes = new AtomicLong();

  /** Connections that were given up, or refused, before that. */
  final AtomicLong broken = new AtomicLong();

  /** What should have worked and did not, or the other way round. */
  final AtomicLong surprises = new AtomicLong();

  /** Handshakes that resumed an earlier session, as the statistics count them. */
  long resumed() {
    long atBothEnds =
        ChannelStatistics.snapshot().stream().mapToLong(ChannelStatistics.Row::resumed).sum();
    return atBothEnds / 2;
  }

  /** The first few are told in full. */
  void surprise(String what, Exception e) {
    if (surprises.incrementAndGet() <= 10) {
      System.err.println("surprise: " + what);
      e.printStackTrace();
    }
  }
}
