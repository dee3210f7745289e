package io.rustlsjvm.flink;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Time spans as Flink writes them: {@code 10 s}, {@code 30d}, {@code PT10S}, milliseconds. */
final class Durations {
  private static final Pattern FORM = Pattern.compile("(\\d+)\\s*([a-zµ]*)");

  private Durations() {}

  /**
   * Reads a time span, which is not negative.
   *
   * @throws IllegalArgumentException for anything else
   */
  static Duration parse(String text) {
    String trimmed = text.trim();
    try {
      if (trimmed.startsWith("P")) {
        Duration duration = Duration.parse(trimmed);
        if (duration.isNegative()) {
          throw new IllegalArgumentException("a negative time span: " + text);
        }
        return duration;
      }
      Matcher matcher = FORM.matcher(trimmed.toLowerCase(Locale.ROOT));
      if (matcher.matches()) {
        return Duration.of(Long.parseLong(matcher.group(1)), unit(matcher.group(2)));
      }
    } catch (DateTimeParseException | ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("no time span: " + text, e);
    }
    throw new IllegalArgumentException("no time span: " + text);
  }

  private static ChronoUnit unit(String name) {
    switch (name) {
      case "d":
      case "day":
      case "days":
        return ChronoUnit.DAYS;
      case "h":
      case "hour":
      case "hours":
        return ChronoUnit.HOURS;
      case "m":
      case "min":
      case "minute":
      case "minutes":
        return ChronoUnit.MINUTES;
      case "s":
      case "sec":
      case "secs":
      case "second":
      case "seconds":
        return ChronoUnit.SECONDS;
      case "":
      case "ms":
      case "milli":
      case "millis":
      case "millisecond":
      case "milliseconds":
        return ChronoUnit.MILLIS;
      case "µs":
      case "micro":
      case "micros":
      case "microsecond":
      case "microseconds":
        return ChronoUnit.MICROS;
      case "ns":
      case "nano":
      case "nanos":
      case "nanosecond":
      case "nanoseconds":
        return ChronoUnit.NANOS;
      default:
        throw new IllegalArgumentException("no unit of time: " + name);
    }
  }
}
