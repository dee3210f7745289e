package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.util.TimeUtils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "10",
        "10 s",
        "10s",
        " 10  S ",
        "2 min",
        "2m",
        "30 d",
        "1 day",
        "12 hours",
        "1h",
        "500 ms",
        "7 milliseconds",
        "3 µs",
        "4 micros",
        "5 ns",
        "6 nanoseconds",
        "1 sec",
        "1 second"
      })
  void readsWhatFlinkReads(String text) {
    assertThat(Durations.parse(text)).isEqualTo(TimeUtils.parseDuration(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "s", "ten s", "10 fortnights", "-1 s", "1.5 s", "99999999999999999999 s"})
  void refusesWhatFlinkRefuses(String text) {
    assertThatThrownBy(() -> TimeUtils.parseDuration(text)).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT10S", "P30D"})
  void readsTheForm8601(String text) {
    assertThat(Durations.parse(text)).isEqualTo(java.time.Duration.parse(text));
  }
}
