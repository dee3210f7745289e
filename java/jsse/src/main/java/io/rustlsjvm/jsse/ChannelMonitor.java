package io.rustlsjvm.jsse;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is known of a channel beyond its connections: its certificates' ends, and how often they
 * were changed. Shown by {@link ChannelMXBean}.
 */
public final class ChannelMonitor {
  private static final Map<String, ChannelMonitor> ALL = new ConcurrentHashMap<>();

  private final AtomicLong reloads = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile Instant ownEnd;
  private volatile Instant trustEnd;

  private ChannelMonitor() {}

  /** The one of a label; the first call has the channel registered with JMX. */
  public static ChannelMonitor of(String label) {
    return ALL.computeIfAbsent(
        label,
        name -> {
          ChannelMonitor monitor = new ChannelMonitor();
          ManagementBeans.register(name, monitor);
          return monitor;
        });
  }

  /**
   * Says when the certificates in force end.
   *
   * @param own of the own certificate, or null where there is none
   * @param trusted of the first of the trusted ones, or null where there is none
   */
  public void certificates(Instant own, Instant trusted) {
    ownEnd = own;
    trustEnd = trusted;
  }

  /** Counts changed files that were taken over. */
  public void reloaded() {
    reloads.incrementAndGet();
  }

  /** Counts changed files that could not be used. */
  public void refused() {
    refused.incrementAndGet();
  }

  long reloads() {
    return reloads.get();
  }

  long refusedReloads() {
    return refused.get();
  }

  Long daysToExpiry() {
    return daysTo(ownEnd);
  }

  Long daysToTrustExpiry() {
    return daysTo(trustEnd);
  }

  private static Long daysTo(Instant end) {
    return end == null
        ? null
        : Math.floorDiv(Duration.between(Instant.now(), end).getSeconds(), 86_400L);
  }
}
