package io.rustlsjvm.it;

import io.rustlsjvm.demo.cluster.FlinkLibraries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the things are that the build hands to the tests. */
final class Setup {
  private Setup() {}

  /** The jar under test. */
  static Path plugin() {
    return path("it.plugin");
  }

  /** The job's jar. */
  static Path job() {
    return path("it.job");
  }

  /**
   * One of our scripts.
   *
   * @param property that names it
   */
  static Path script(String property) {
    return path(property);
  }

  /**
   * A document of the project.
   *
   * @param name below {@code docs}
   */
  static Path document(String name) {
    return path("it.docs").resolve(name);
  }

  /**
   * Flink's modules, as Maven has them.
   *
   * @throws IOException when they are not there
   */
  static FlinkLibraries flink() throws IOException {
    return FlinkLibraries.of(path("it.flink.lib"));
  }

  /**
   * An empty folder for a test's files, which stays after the test.
   *
   * @param name the test's name
   * @throws IOException when it cannot be made
   */
  static Path folder(String name) throws IOException {
    Path folder = work().resolve(name);
    delete(folder);
    return Files.createDirectories(folder);
  }

  private static Path work() {
    String value = System.getProperty("it.work");
    if (value == null) {
      throw new IllegalStateException("it.work is not set: run the tests by Maven");
    }
    return Path.of(value);
  }

  private static Path path(String property) {
    String value = System.getProperty(property);
    if (value == null || !Files.exists(Path.of(value))) {
      throw new IllegalStateException(property + " is missing: " + value);
    }
    return Path.of(value).toAbsolutePath().normalize();
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).collect(Collectors.toList());
    }
    for (Path file : all) {
      Files.delete(file);
    }
  }
}
