package io.rustlsjvm.flink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A table of a document, below a heading of its own. */
public final class DocumentTable {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private DocumentTable() {}

  /**
   * The rows, by their first cell's code.
   *
   * @param document its path below docs/
   * @param heading the line that it follows
   */
  public static Map<String, List<String>> rows(String document, String heading) throws IOException {
    List<String> lines = Files.readAllLines(Path.of(System.getProperty("docs"), document));
    int at = lines.indexOf(heading);
    if (at < 0) {
      throw new IOException("no " + heading + " in " + document);
    }
    Map<String, List<String>> rows = new LinkedHashMap<>();
    for (String line : lines.subList(at + 1, lines.size())) {
      if (line.startsWith("#")) {
        break;
      }
      if (line.startsWith("| `")) {
        String[] cells = line.split("(?<!\\\\)\\|");
        List<String> row = new ArrayList<>();
        for (int i = 1; i < cells.length; i++) {
          row.add(cells[i].trim());
        }
        if (rows.put(codes(row.get(0)).get(0), row) != null) {
          throw new IOException("twice in " + document + ": " + row.get(0));
        }
      }
    }
    return rows;
  }

  /** What a cell has in backticks. */
  public static List<String> codes(String cell) {
    List<String> codes = new ArrayList<>();
    Matcher matcher = CODE.matcher(cell);
    while (matcher.find()) {
      codes.add(matcher.group(1));
    }
    return codes;
  }
}
