package io.rustlsjvm.flink;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Keeps a warning from being given more than once a day; the same store serves many channels. */
final class RecentWarnings {
  private static final Duration DAY = Duration.ofDays(1);

  private final Map<String, Instant> given = new HashMap<>();

  /** Whether the warning is due; then it counts as given. */
  synchronized boolean isDue(String warning, Instant now) {
    given.values().removeIf(last -> Duration.between(last, now).compareTo(DAY) >= 0);
    return given.putIfAbsent(warning, now) == null;
  }
}
