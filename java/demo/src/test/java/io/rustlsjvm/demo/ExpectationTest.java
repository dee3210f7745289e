package io.rustlsjvm.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.job.Payload;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpectationTest {
  private static final int RECORDS = 1001;

  @Test
  void agreesWithTheRecordsTakenOneByOne() {
    assertThat(Expectation.of(RECORDS, 2).differences(oneByOne(-1))).isEmpty();
  }

  @Test
  void oneWrongByteIsFound() {
    assertThat(Expectation.of(RECORDS, 2).differences(oneByOne(700)))
        .singleElement()
        .asString()
        .contains("checksum-of-part-1");
  }

  @Test
  void whatIsMissingIsFound() {
    assertThat(Expectation.of(RECORDS, 2).differences(Map.of())).hasSize(5);
  }

  @Test
  void enoughRecordsForTheBytes() {
    long bytes = 50_000_000;

    assertThat(Expectation.of(Expectation.recordsFor(bytes), 2).bytes())
        .isBetween(bytes, bytes + bytes / 10);
  }

  /** Backwards, as no order is promised; with one byte changed in one record. */
  private static Map<String, Long> oneByOne(long changed) {
    Map<String, Long> sums = new HashMap<>();
    for (long index = RECORDS - 1; index >= 0; index--) {
      int length = Payload.length(index);
      byte[] payload = new byte[length];
      Payload.fill(index, payload, length);
      if (index == changed) {
        payload[length - 1] ^= 1;
      }
      int part = index < 501 ? 0 : 1;
      sums.merge("records-of-part-" + part, 1L, Long::sum);
      sums.merge("checksum-of-part-" + part, Payload.checksum(index, payload, length), Long::sum);
      sums.merge("bytes", (long) length, Long::sum);
    }
    return sums;
  }
}
