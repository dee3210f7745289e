package io.rustlsjvm.demo.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The jars of one Flink, and the order in which they stand on the class path. */
public final class FlinkLibraries {
  private static final Pattern VERSION =
      Pattern.compile("flink-(?:dist|runtime)-(\\d+\\.\\d+\\.\\d+)\\.jar");

  private final Path folder;
  private final List<Path> jars;
  private final String version;
  private final boolean isDistribution;

  private FlinkLibraries(Path folder, List<Path> jars, String version) {
    this.folder = folder;
    this.jars = jars;
    this.version = version;
    isDistribution =
        jars.stream().anyMatch(jar -> jar.getFileName().toString().startsWith("flink-dist"));
  }

  /**
   * Reads a folder of jars: the {@code lib} of a distribution, or Flink's modules as a build tool
   * copied them.
   *
   * @param folder the folder
   * @throws IOException when it holds no Flink
   */
  public static FlinkLibraries of(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException("There is no folder " + folder);
    }
    List<Path> jars;
    try (Stream<Path> files = Files.list(folder)) {
      jars =
          files
              .filter(file -> file.getFileName().toString().endsWith(".jar"))
              .sorted()
              .collect(Collectors.toList());
    }
    for (Path jar : jars) {
      Matcher matcher = VERSION.matcher(jar.getFileName().toString());
      if (matcher.matches()) {
        return new FlinkLibraries(folder, jars, matcher.group(1));
      }
    }
    throw new IOException("Neither flink-dist nor flink-runtime is in " + folder);
  }

  /** The folder that they are in. */
  public Path folder() {
    return folder;
  }

  /** Flink's version, such as 2.3.0. */
  public String version() {
    return version;
  }

  /**
   * The class path with other jars among Flink's own, in the order of Flink's scripts: by name, but
   * flink-dist last. Modules that a distribution has inside flink-dist are last, too.
   *
   * @param more jars that would have been put into {@code lib}
   */
  public List<Path> classPath(List<Path> more) {
    List<Path> first = new ArrayList<>(more);
    List<Path> last = new ArrayList<>();
    for (Path jar : jars) {
      (isPartOfDist(jar) ? last : first).add(jar);
    }
    first.sort((a, b) -> a.getFileName().compareTo(b.getFileName()));
    first.addAll(last);
    return first;
  }

  /**
   * The class path as programs have it that list {@code lib} in no particular order: Flink's own
   * jars first.
   *
   * @param more jars that would have been put into {@code lib}
   */
  public List<Path> classPathFlinkFirst(List<Path> more) {
    List<Path> all = new ArrayList<>(jars);
    all.addAll(more);
    return all;
  }

  private boolean isPartOfDist(Path jar) {
    String name = jar.getFileName().toString();
    return isDistribution ? name.startsWith("flink-dist") : !name.startsWith("log4j");
  }
}
