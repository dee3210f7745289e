package io.rustlsjvm.demo.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lays rows out for a terminal. */
public final class ChannelTable {
  private static final String[] HEADER = {
    "channel", "provider", "protocol", "suite", "peer", "handshakes", "bytes"
  };

  private ChannelTable() {}

  /**
   * Lays out rows.
   *
   * @param rows in the order to show them
   * @return lines, the header first
   */
  public static String format(List<ChannelRow> rows) {
    List<String[]> cells = new ArrayList<>();
    cells.add(HEADER);
    for (ChannelRow row : rows) {
      cells.add(
          new String[] {
            row.channel(),
            row.provider(),
            row.protocol(),
            row.cipherSuite(),
            row.peer(),
            row.handshakes() + (row.failures() == 0 ? "" : " (+" + row.failures() + " failed)"),
            bytes(row.bytes())
          });
    }
    int[] widths = new int[HEADER.length];
    for (String[] line : cells) {
      for (int column = 0; column < line.length; column++) {
        widths[column] = Math.max(widths[column], line[column].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < cells.size(); line++) {
      append(text, cells.get(line), widths);
      if (line == 0) {
        for (int width : widths) {
          text.append("  ").append("-".repeat(width));
        }
        text.append('\n');
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String[] line, int[] widths) {
    StringBuilder built = new StringBuilder();
    for (int column = 0; column < line.length; column++) {
      built.append("  ").append(line[column]);
      built.append(" ".repeat(widths[column] - line[column].length()));
    }
    text.append(built.toString().stripTrailing()).append('\n');
  }

  private static String bytes(long bytes) {
    if (bytes == ChannelRow.UNKNOWN) {
      return "n/a";
    }
    if (bytes < 1_000_000) {
      return String.format(Locale.ROOT, "%,d", bytes);
    }
    return bytes < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
  }
}
