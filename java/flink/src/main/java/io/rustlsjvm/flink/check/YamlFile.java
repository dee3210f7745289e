package io.rustlsjvm.flink.check;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.DuplicateKeyException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import org.snakeyaml.engine.v2.schema.Schema;

/**
 * {@code config.yaml}: standard YAML, nested or flat, read by the parser and the schema that Flink
 * reads it with.
 */
final class YamlFile {
  private static final String SECRET = "password";

  /** Takes nothing for a number or a truth value. */
  private static final class AsWritten extends CoreSchema {
    @Override
    public ScalarResolver getScalarResolver() {
      return (value, implicit) -> value.isEmpty() ? Tag.NULL : Tag.STR;
    }
  }

  private YamlFile() {}

  /** The options of a file, as text, or null; what is wrong with it goes to the findings. */
  static Map<String, String> read(Path file, Findings findings) {
    Map<String, Object> values;
    Map<String, Object> written;
    try {
      values = flatten(load(file, new CoreSchema()));
      written = flatten(load(file, new AsWritten()));
    } catch (IOException | YamlEngineException e) {
      findings.error(
          Rule.CONFIGURATION_UNREADABLE,
          null,
          file + " cannot be read: " + reason(e) + ".",
          "Flink does not start with it.");
      return null;
    }
    Map<String, String> options = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          if (value == null) {
            findings.error(
                Rule.CONFIGURATION_UNREADABLE,
                key,
                file + " has no value for " + key + ".",
                "Flink does not start with it: give it a value, or remove it.");
            return;
          }
          String text = String.valueOf(value);
          options.put(key, text);
          if (key.endsWith(SECRET) && !text.equals(String.valueOf(written.get(key)))) {
            findings.warning(
                Rule.VALUE_CHANGED,
                key,
                "YAML takes the value of " + key + " for a number, and changes how it is written.",
                "Put it into quotes.");
          }
        });
    return options;
  }

  private static Object load(Path file, Schema schema) throws IOException {
    LoadSettings settings = LoadSettings.builder().setSchema(schema).build();
    try (InputStream in = Files.newInputStream(file)) {
      return new Load(settings).loadFromInputStream(in);
    }
  }

  private static Map<String, Object> flatten(Object document) {
    Map<String, Object> flat = new LinkedHashMap<>();
    if (document != null) {
      if (!(document instanceof Map)) {
        throw new YamlEngineException("it is no list of keys and values");
      }
      flatten((Map<?, ?>) document, "", flat);
    }
    return flat;
  }

  private static void flatten(Map<?, ?> nested, String prefix, Map<String, Object> flat) {
    nested.forEach(
        (name, value) -> {
          String key = prefix + name;
          if (value instanceof Map) {
            flatten((Map<?, ?>) value, key + ".", flat);
          } else {
            flat.put(key, value instanceof List ? value.toString() : value);
          }
        });
  }

  /** Without the file's own text, which may hold passwords. */
  private static String reason(Exception e) {
    if (e instanceof DuplicateKeyException) {
      return "a key is there twice" + place((MarkedYamlEngineException) e);
    }
    if (e instanceof MarkedYamlEngineException) {
      return "it is no YAML"
          + place((MarkedYamlEngineException) e)
          + " (a value with special characters has to be in quotes)";
    }
    return e instanceof IOException ? e.toString() : e.getMessage();
  }

  private static String place(MarkedYamlEngineException e) {
    Optional<Mark> mark = e.getProblemMark();
    return mark.map(at -> ", line " + (at.getLine() + 1) + ", column " + (at.getColumn() + 1))
        .orElse("");
  }
}
