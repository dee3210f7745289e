package io.rustlsjvm.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** Whether anything has grown: the median of the last third beside that of the first. */
final class SoakVerdict {
  /** Samples without which there are no thirds to speak of. */
  private static final int SAMPLES = 6;

  private final List<SoakUsage> samples;
  private boolean passed;

  SoakVerdict(List<SoakUsage> samples) {
    this.samples = samples;
    this.passed = samples.size() >= SAMPLES;
  }

  /** Prints the comparison; tells whether everything stayed within its bound. */
  boolean passed() {
    if (!passed) {
      System.out.println("too short to tell: fewer than " + SAMPLES + " samples");
      return false;
    }
    // Of a million connections, some bytes of each would be more.
    compare("native bytes", usage -> usage.nativeBytes, 4 << 20);
    compare("heap bytes", usage -> usage.heap, 4 << 20);
    compare("threads", usage -> usage.threads, 2);
    compare("file descriptors", usage -> usage.descriptors, 20);
    compare("open connections", usage -> usage.open, 200);
    return passed;
  }

  private void compare(String what, ToLongFunction<SoakUsage> value, long mayGrowBy) {
    int third = samples.size() / 3;
    long first = median(samples.subList(0, third), value);
    long last = median(samples.subList(samples.size() - third, samples.size()), value);
    boolean within = last - first <= mayGrowBy;
    passed &= within;
    System.out.printf(
        Locale.ROOT,
        "%-18s first third %,15d  last third %,15d  may grow by %,12d  %s%n",
        what,
        first,
        last,
        mayGrowBy,
        within ? "ok" : "GROWN");
  }

  private static long median(List<SoakUsage> part, ToLongFunction<SoakUsage> value) {
    return part.stream().mapToLong(value).sorted().skip(part.size() / 2).findFirst().orElseThrow();
  }
}
