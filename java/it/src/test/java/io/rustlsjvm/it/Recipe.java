package io.rustlsjvm.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a document tells operators to write into their files, read from the document. */
final class Recipe {
  private static final Pattern OPTION =
      Pattern.compile("^(\\s*)(?:- )?([a-z][A-Za-z0-9.-]*): *\"?([^\"#]*?)\"?\\s*(?:#.*)?$");

  private final String name;
  private final String text;

  /**
   * Reads a document.
   *
   * @param name below {@code docs}
   * @throws IOException when it is not there
   */
  Recipe(String name) throws IOException {
    this.name = name;
    text = new String(Files.readAllBytes(Setup.document(name)), StandardCharsets.UTF_8);
  }

  /**
   * The first block of some language that contains a text.
   *
   * @param language as the block's fence has it
   * @param containing a text in it
   */
  String block(String language, String containing) {
    Matcher matcher = Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$").matcher(text);
    while (matcher.find()) {
      if (matcher.group(1).contains(containing)) {
        return matcher.group(1);
      }
    }
    throw new AssertionError(name + " has no " + language + " with " + containing);
  }

  /**
   * The keys and values of a YAML mapping, which are all scalars.
   *
   * @param yaml the lines
   */
  static Map<String, String> options(String yaml) {
    Map<String, String> options = new LinkedHashMap<>();
    for (String line : yaml.split("\n")) {
      Matcher option = OPTION.matcher(line);
      if (option.matches()) {
        options.put(option.group(2), option.group(3));
      }
    }
    return options;
  }

  /**
   * The lines below a key, down to the next line that is indented as little as the key.
   *
   * @param yaml the lines
   * @param key the key, which has a mapping or a list for a value
   */
  static String below(String yaml, String key) {
    Matcher matcher =
        Pattern.compile(
                "(?m)^( *)(?:- )?" + Pattern.quote(key) + ": *\\|? *\n((?:\\1 +.*\n|\\1- .*\n)+)")
            .matcher(yaml);
    if (!matcher.find()) {
      throw new AssertionError("There is no " + key + " in\n" + yaml);
    }
    return matcher.group(2);
  }
}
