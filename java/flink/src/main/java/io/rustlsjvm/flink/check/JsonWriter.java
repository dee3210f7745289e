package io.rustlsjvm.flink.check;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;

/** Writes maps, collections, strings, numbers, booleans and null as JSON (RFC 8259). */
final class JsonWriter {
  private static final String INDENT = "  ";

  private final StringBuilder out = new StringBuilder();

  private JsonWriter() {}

  /** A document, in several lines, ASCII only. */
  static String write(Object value) {
    JsonWriter writer = new JsonWriter();
    writer.value(value, "\n");
    return writer.out.append('\n').toString();
  }

  private void value(Object value, String line) {
    if (value instanceof Map) {
      object((Map<?, ?>) value, line);
    } else if (value instanceof Collection) {
      array((Collection<?>) value, line);
    } else if (value == null || value instanceof Boolean || value instanceof Integer) {
      out.append(value);
    } else {
      string(value.toString());
    }
  }

  private void object(Map<?, ?> map, String line) {
    out.append('{');
    Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<?, ?> entry = entries.next();
      out.append(line).append(INDENT);
      string(entry.getKey().toString());
      out.append(": ");
      value(entry.getValue(), line + INDENT);
      out.append(entries.hasNext() ? "," : line);
    }
    out.append('}');
  }

  private void array(Collection<?> values, String line) {
    out.append('[');
    Iterator<?> elements = values.iterator();
    while (elements.hasNext()) {
      out.append(line).append(INDENT);
      value(elements.next(), line + INDENT);
      out.append(elements.hasNext() ? "," : line);
    }
    out.append(']');
  }

  private void string(String text) {
    out.append('"');
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
