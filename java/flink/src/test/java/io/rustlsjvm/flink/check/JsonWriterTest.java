package io.rustlsjvm.flink.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
  @Test
  void writesWhatAParserReads() throws Exception {
    StringBuilder all = new StringBuilder();
    for (int c = 0; c < 0x2100; c++) {
      all.append((char) c);
    }
    all.append("\ud83d\ude00").append("</script>");
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("text", all.toString());
    document.put("quote\" and \\ in a key", List.of());
    document.put("empty", Map.of());
    document.put("list", Arrays.asList(1, -20480, true, false, null, List.of(Map.of("a", "b"))));
    String json = JsonWriter.write(document);
    assertThat(json).matches("(?s)[\\n -~]*");

    JsonNode read = new ObjectMapper().readTree(json);
    assertThat(read.get("text").asText()).isEqualTo(all.toString());
    assertThat(read.get("quote\" and \\ in a key").isArray()).isTrue();
    assertThat(read.get("empty").isObject()).isTrue();
    assertThat(read.get("list").toString()).isEqualTo("[1,-20480,true,false,null,[{\"a\":\"b\"}]]");
    assertThat(read.size()).isEqualTo(4);
  }

  @Test
  void indents() {
    assertThat(JsonWriter.write(Map.of("a", List.of("b", "c"))))
        .isEqualTo("{\n  \"a\": [\n    \"b\",\n    \"c\"\n  ]\n}\n");
  }
}
