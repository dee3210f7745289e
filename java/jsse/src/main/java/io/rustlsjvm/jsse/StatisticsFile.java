package io.rustlsjvm.jsse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** The file that {@link ChannelStatistics#FILE_PROPERTY} names. */
final class StatisticsFile {
  static final String HEADER =
      "label\tprotocol\tcipherSuite\tpeer\thandshakes\tresumed\tfailures\tbytesIn\tbytesOut";

  private StatisticsFile() {}

  /** Sees to it that the file is written, where the property is set. */
  static void writeAtExit() {
    String file = System.getProperty(ChannelStatistics.FILE_PROPERTY, "");
    if (!file.isEmpty()) {
      Path path = Paths.get(file).toAbsolutePath();
      Thread writer = new Thread(() -> writeOrReport(path), "rustls-jvm-statistics");
      try {
        Runtime.getRuntime().addShutdownHook(writer);
      } catch (IllegalStateException e) {
        // The JVM is going down already, and nothing has been counted.
        return;
      }
    }
  }

  private static void writeOrReport(Path file) {
    try {
      write(file, ChannelStatistics.snapshot());
    } catch (IOException | RuntimeException e) {
      // The JVM is going down: there is no one left to throw at.
      System.err.println("rustls-jvm: the statistics could not be written to " + file + ": " + e);
    }
  }

  /** Readers see the old file or the new one, never half of it. */
  static void write(Path file, List<ChannelStatistics.Row> rows) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(HEADER);
    rows.forEach(row -> lines.add(row.toString()));
    Path folder = file.getParent();
    Path written = Files.createTempFile(folder, "rustls-jvm-statistics-", ".tmp");
    try {
      Files.write(written, lines, StandardCharsets.UTF_8);
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(written);
    }
  }
}
