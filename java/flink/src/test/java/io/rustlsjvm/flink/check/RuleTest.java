package io.rustlsjvm.flink.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.flink.DocumentTable;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RuleTest {
  @Test
  void areAllDocumented() throws Exception {
    assertThat(DocumentTable.rows("check.md", "## Findings").keySet())
        .containsExactlyElementsOf(
            Arrays.stream(Rule.values()).map(Rule::id).collect(Collectors.toList()));
  }
}
