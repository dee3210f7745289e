package io.rustlsjvm.jsse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Locale;

/** The machine that this JVM runs on, as far as the choice of a library needs it. */
final class Platform {
  private Platform() {}

  /** For example {@code linux-x86_64}; also for platforms that there is no library for. */
  static String name() {
    return name(System.getProperty("os.name", "unknown"), System.getProperty("os.arch", "unknown"));
  }

  static String name(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT).replace(' ', '-');
    return (os.startsWith("linux") ? "linux" : os) + "-" + architecture(osArch);
  }

  /** For example {@code x86_64}. */
  static String architecture() {
    return architecture(System.getProperty("os.arch", "unknown"));
  }

  private static String architecture(String osArch) {
    switch (osArch) {
      case "amd64":
      case "x86_64":
        return "x86_64";
      case "aarch64":
      case "arm64":
        return "aarch64";
      default:
        return osArch;
    }
  }

  /** {@code musl}, {@code glibc} or {@code unknown libc}: what this very process has mapped. */
  static String libc() {
    return libc(Paths.get("/proc/self/maps"));
  }

  static String libc(Path maps) {
    try {
      String mapped = new String(Files.readAllBytes(maps), StandardCharsets.ISO_8859_1);
      if (mapped.contains("ld-musl") || mapped.contains("libc.musl")) {
        return "musl";
      }
      return mapped.contains("libc.so.6") || mapped.contains("/libc-2.") ? "glibc" : "unknown libc";
    } catch (IOException e) {
      return "unknown libc";
    }
  }
}
