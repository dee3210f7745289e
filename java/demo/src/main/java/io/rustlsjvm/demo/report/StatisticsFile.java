package io.rustlsjvm.demo.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the counters that a JVM with our engines leaves behind when it ends. */
public final class StatisticsFile {
  private StatisticsFile() {}

  /**
   * Reads one file.
   *
   * @param file tab-separated, with a header
   * @return a row for each line; none when there is no file, because no engine of ours was used
   * @throws IOException when it cannot be read or is not of that form
   */
  public static List<ChannelRow> read(Path file) throws IOException {
    List<ChannelRow> rows = new ArrayList<>();
    if (!Files.exists(file)) {
      return rows;
    }
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    if (lines.isEmpty()) {
      throw new IOException(file + " is empty");
    }
    List<String> header = Arrays.asList(lines.get(0).split("\t"));
    for (String line : lines.subList(1, lines.size())) {
      String[] values = line.split("\t", -1);
      rows.add(
          new ChannelRow(
              value(header, values, "label"),
              "RUSTLS",
              value(header, values, "protocol"),
              value(header, values, "cipherSuite"),
              value(header, values, "peer"),
              number(header, values, "handshakes"),
              number(header, values, "failures"),
              number(header, values, "bytesIn") + number(header, values, "bytesOut")));
    }
    return rows;
  }

  private static long number(List<String> header, String[] values, String name) throws IOException {
    try {
      return Long.parseLong(value(header, values, name));
    } catch (NumberFormatException e) {
      throw new IOException("the column " + name + " holds no number", e);
    }
  }

  private static String value(List<String> header, String[] values, String name)
      throws IOException {
    int column = header.indexOf(name);
    if (column < 0 || column >= values.length) {
      throw new IOException("there is no column " + name + " among " + header);
    }
    return values[column];
  }
}
