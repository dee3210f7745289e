package io.rustlsjvm.demo;

import io.rustlsjvm.demo.job.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What the job must come to, worked out without Flink. */
public final class Expectation {
  private final long[] records;
  private final long[] checksums;
  private final long bytes;

  private Expectation(long[] records, long[] checksums, long bytes) {
    this.records = records;
    this.checksums = checksums;
    this.bytes = bytes;
  }

  /**
   * The least number of records whose payloads come to some number of bytes, with a little to
   * spare.
   *
   * @param bytes how many bytes are to be sent
   */
  public static long recordsFor(long bytes) {
    long mean = (Payload.MIN_BYTES + Payload.MAX_BYTES) / 2;
    return bytes / mean + bytes / mean / 500 + 1000;
  }

  /**
   * Makes all payloads once more and sums them up.
   *
   * @param records how many there are
   * @param parts into how many parts their numbers are cut
   */
  public static Expectation of(long records, int parts) {
    long[] counts = new long[parts];
    long[] checksums = new long[parts];
    long[] bytes = new long[parts];
    IntStream.range(0, parts)
        .parallel()
        .forEach(
            part -> {
              long size = (records + parts - 1) / parts;
              long end = Math.min(records, (part + 1) * size);
              byte[] payload = new byte[Payload.MAX_BYTES];
              for (long index = part * size; index < end; index++) {
                int length = Payload.length(index);
                Payload.fill(index, payload, length);
                counts[part]++;
                checksums[part] += Payload.checksum(index, payload, length);
                bytes[part] += length;
              }
            });
    return new Expectation(
        counts, checksums, IntStream.range(0, parts).mapToLong(p -> bytes[p]).sum());
  }

  /** Payload bytes in all. */
  public long bytes() {
    return bytes;
  }

  /**
   * Compares with what a job says.
   *
   * @param accumulators the job's accumulators
   * @return what differs; nothing when the result is exact
   */
  public List<String> differences(Map<String, Long> accumulators) {
    List<String> differences = new ArrayList<>();
    for (int part = 0; part < records.length; part++) {
      compare("records-of-part-" + part, records[part], accumulators, differences);
      compare("checksum-of-part-" + part, checksums[part], accumulators, differences);
    }
    compare("bytes", bytes, accumulators, differences);
    return differences;
  }

  private static void compare(
      String name, long expected, Map<String, Long> accumulators, List<String> differences) {
    Long actual = accumulators.get(name);
    if (actual == null || actual != expected) {
      differences.add(name + " is " + actual + ", must be " + expected);
    }
  }
}
