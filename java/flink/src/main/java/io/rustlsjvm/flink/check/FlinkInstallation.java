package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.FlinkDefaults;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Flink on this machine, told by the flink-dist in its lib folder. */
final class FlinkInstallation {
  private static final Pattern DIST = Pattern.compile("flink-dist(?:_[\\d.]+)?-(\\d.*)\\.jar");
  private static final String OURS = "io/rustlsjvm/flink/RustlsRpcSystemLoader.class";

  private final Path home;
  private final String version;
  private final FlinkDefaults defaults;
  private final List<Path> plugins;

  private FlinkInstallation(Path home, String version, FlinkDefaults defaults, List<Path> plugins) {
    this.home = home;
    this.version = version;
    this.defaults = defaults;
    this.plugins = plugins;
  }

  /** The Flink of a folder; empty where the folder is none. */
  static Optional<FlinkInstallation> at(Path home) throws IOException {
    Path lib = home.resolve("lib");
    if (!Files.isDirectory(lib)) {
      return Optional.empty();
    }
    List<Path> jars;
    try (Stream<Path> files = Files.walk(lib)) {
      jars =
          files
              .filter(file -> file.getFileName().toString().endsWith(".jar"))
              .sorted()
              .collect(Collectors.toList());
    }
    for (Path jar : jars) {
      Matcher dist = DIST.matcher(jar.getFileName().toString());
      if (dist.matches()) {
        return Optional.of(
            new FlinkInstallation(home, dist.group(1), defaults(jar), plugins(jars)));
      }
    }
    return Optional.empty();
  }

  private static FlinkDefaults defaults(Path dist) throws IOException {
    try (URLClassLoader flink =
        new URLClassLoader(
            new URL[] {dist.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      return FlinkDefaults.of(flink);
    } catch (ClassNotFoundException e) {
      throw new IOException(dist + " has no options of Flink's: is it damaged?", e);
    }
  }

  /** The jars with this plugin in them, whatever they are called. */
  private static List<Path> plugins(List<Path> jars) throws IOException {
    List<Path> plugins = new ArrayList<>();
    for (Path jar : jars) {
      try (JarFile open = new JarFile(jar.toFile())) {
        if (open.getEntry(OURS) != null) {
          plugins.add(jar);
        }
      }
    }
    return plugins;
  }

  Path home() {
    return home;
  }

  /** As the name of its jar says. */
  String version() {
    return version;
  }

  FlinkDefaults defaults() {
    return defaults;
  }

  /** The jars of this plugin in its lib folder. */
  List<Path> plugins() {
    return plugins;
  }
}
