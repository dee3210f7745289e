package io.rustlsjvm.it;

import io.rustlsjvm.demo.cluster.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whole distributions of Flink, as users unpack them, and Javas to run them on. */
final class Distributions {
  private static final Duration DOWNLOAD = Duration.ofMinutes(10);

  private Distributions() {}

  /**
   * A distribution of one's own to put jars into; its own jars are linked, not copied.
   *
   * @param version such as 2.3.0
   * @param home where it is to be
   * @throws IOException when it cannot be had
   */
  static Path install(String version, Path home) throws IOException {
    Path distribution = lastLine("it.distribution", version);
    for (String name : List.of("bin", "conf", "lib", "opt", "plugins", "log", "usrlib")) {
      Files.createDirectories(home.resolve(name));
    }
    for (String name : List.of("bin", "conf")) {
      for (Path file : files(distribution.resolve(name))) {
        Files.copy(
            file,
            home.resolve(name).resolve(file.getFileName()),
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    for (String name : List.of("lib", "opt")) {
      for (Path jar : files(distribution.resolve(name))) {
        Files.createSymbolicLink(home.resolve(name).resolve(jar.getFileName()), jar);
      }
    }
    Files.copy(Setup.plugin(), home.resolve("lib").resolve(Setup.plugin().getFileName()));
    return home;
  }

  /**
   * Where Python finds the package {@code pyflink}.
   *
   * @param version such as 2.3.0
   * @throws IOException when it cannot be had
   */
  static Path python(String version) throws IOException {
    return lastLine("it.distribution", version).getParent();
  }

  /**
   * A Java to run Flink on.
   *
   * @param feature such as 21; {@code own} for the one that we run on
   * @throws IOException when it cannot be had
   */
  static Path java(String feature) throws IOException {
    return feature.equals("own")
        ? Path.of(System.getProperty("java.home"))
        : lastLine("it.java", feature);
  }

  /** What one of our scripts says at its end: a folder. */
  private static Path lastLine(String script, String argument) throws IOException {
    Command command = Command.run(DOWNLOAD, List.of(Setup.script(script).toString(), argument));
    String[] lines = command.output().trim().split("\n");
    if (command.exitCode() != 0) {
      throw new IOException(argument + " could not be had:\n" + command.output());
    }
    return Path.of(lines[lines.length - 1]);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).collect(Collectors.toList());
    }
  }
}
