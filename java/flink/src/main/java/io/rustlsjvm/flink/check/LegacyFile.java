package io.rustlsjvm.flink.check;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code flink-conf.yaml} of Flink 1: lines of {@code key: value}, which are not YAML. What follows
 * a {@code #} is a comment, wherever that stands.
 */
final class LegacyFile {
  private LegacyFile() {}

  /** The options of a file, or null; what is wrong with it goes to the findings. */
  static Map<String, String> read(Path file, Findings findings) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, Charset.defaultCharset());
    } catch (CharacterCodingException e) {
      findings.error(
          Rule.CONFIGURATION_UNREADABLE,
          null,
          file + " cannot be read: it is not " + Charset.defaultCharset() + ".",
          "Save it as that, or write it in ASCII.");
      return null;
    } catch (IOException e) {
      findings.error(Rule.CONFIGURATION_UNREADABLE, null, file + " cannot be read: " + e + ".", "");
      return null;
    }
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String[] parts = lines.get(i).split("#", 2);
      String line = parts[0].trim();
      if (line.isEmpty()) {
        continue;
      }
      String[] pair = line.split(": ", 2);
      if (pair.length == 1 || pair[0].isBlank() || pair[1].isBlank()) {
        findings.warning(
            Rule.CONFIGURATION_UNREADABLE,
            null,
            file + ", line " + (i + 1) + " is no pair of key and value. Flink leaves it out.",
            "Write it as 'key: value'.");
        continue;
      }
      String key = pair[0].trim();
      options.put(key, pair[1].trim());
      if (parts.length == 2 && !parts[0].endsWith(" ") && !parts[0].endsWith("\t")) {
        findings.warning(
            Rule.VALUE_CUT,
            key,
            "The value of " + key + " in " + file + " ends before a '#', which begins a comment.",
            "A value cannot have that character in flink-conf.yaml; config.yaml takes it in"
                + " quotes.");
      }
    }
    return options;
  }
}
