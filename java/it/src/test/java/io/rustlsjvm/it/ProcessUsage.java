package io.rustlsjvm.it;

import io.rustlsjvm.demo.cluster.JvmProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a process has of its machine at one moment, as Linux counts it. */
final class ProcessUsage {
  private final int files;
  private final int threads;
  private final long residentBytes;

  private ProcessUsage(int files, int threads, long residentBytes) {
    this.files = files;
    this.threads = threads;
    this.residentBytes = residentBytes;
  }

  /**
   * Looks at a process.
   *
   * @param process that runs
   * @throws IOException when it has ended
   */
  static ProcessUsage of(JvmProcess process) throws IOException {
    Path proc = Path.of("/proc", String.valueOf(process.pid()));
    int files = 0;
    try (DirectoryStream<Path> open = Files.newDirectoryStream(proc.resolve("fd"))) {
      for (Path ignored : open) {
        files++;
      }
    }
    return new ProcessUsage(files, (int) status(proc, "Threads:"), 1024 * status(proc, "VmRSS:"));
  }

  /** File descriptors. */
  int files() {
    return files;
  }

  /** Threads of the system, those of the JVM itself among them. */
  int threads() {
    return threads;
  }

  /** Resident memory. */
  long residentBytes() {
    return residentBytes;
  }

  @Override
  public String toString() {
    return files + " files, " + threads + " threads, " + (residentBytes >> 20) + " MiB";
  }

  private static long status(Path proc, String key) throws IOException {
    List<String> lines = Files.readAllLines(proc.resolve("status"), StandardCharsets.ISO_8859_1);
    for (String line : lines) {
      if (line.startsWith(key)) {
        return Long.parseLong(line.substring(key.length()).trim().split(" ")[0]);
      }
    }
    throw new IOException(proc + " has no " + key);
  }
}
