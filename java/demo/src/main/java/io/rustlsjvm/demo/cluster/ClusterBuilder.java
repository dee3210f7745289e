package io.rustlsjvm.demo.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import javax.net.ssl.SSLContext;

/** Describes a cluster, before any of it is there. */
public final class ClusterBuilder {
  final Path folder;
  final FlinkLibraries flink;
  BiFunction<FlinkLibraries, Role, List<Path>> classPath =
      (libraries, role) -> libraries.classPath(List.of());
  BiFunction<Cluster, Role, List<String>> jvmOptions = (cluster, role) -> List.of();
  final Map<String, String> options = new TreeMap<>();
  final Map<Role, Map<String, String>> roleOptions = new LinkedHashMap<>();
  int taskManagers = 2;
  SSLContext restTls;
  Path scripts;
  Path javaHome = Path.of(System.getProperty("java.home"));
  Path workingFolder = Path.of("").toAbsolutePath();

  ClusterBuilder(Path folder, FlinkLibraries flink) {
    this.folder = folder;
    this.flink = flink;
  }

  /**
   * Puts jars into {@code lib} of every process.
   *
   * @param jars the jars
   */
  public ClusterBuilder jars(List<Path> jars) {
    return classPath((libraries, role) -> libraries.classPath(jars));
  }

  /**
   * Decides about the whole class path of each process.
   *
   * @param chooser gives the jars in order
   */
  public ClusterBuilder classPath(BiFunction<FlinkLibraries, Role, List<Path>> chooser) {
    this.classPath = chooser;
    return this;
  }

  /**
   * Adds options of the JVMs.
   *
   * @param chooser gives the options of each process
   */
  public ClusterBuilder jvmOptions(BiFunction<Cluster, Role, List<String>> chooser) {
    this.jvmOptions = chooser;
    return this;
  }

  /**
   * Sets options of Flink for all processes.
   *
   * @param values by key
   */
  public ClusterBuilder options(Map<String, String> values) {
    options.putAll(values);
    return this;
  }

  /**
   * Sets options of Flink for one process.
   *
   * @param role the process
   * @param values by key
   */
  public ClusterBuilder options(Role role, Map<String, String> values) {
    roleOptions.computeIfAbsent(role, key -> new TreeMap<>()).putAll(values);
    return this;
  }

  /**
   * How many TaskManagers there are.
   *
   * @param count 2 when not called
   */
  public ClusterBuilder taskManagers(int count) {
    taskManagers = count;
    return this;
  }

  /**
   * Starts the processes by a distribution's own scripts, which find its {@code lib} themselves.
   *
   * @param home the distribution
   */
  public ClusterBuilder scripts(Path home) {
    scripts = home;
    return this;
  }

  /**
   * The Java that the processes run on.
   *
   * @param home the folder with {@code bin/java} in it; our own when not called
   */
  public ClusterBuilder javaHome(Path home) {
    javaHome = home;
    return this;
  }

  /**
   * The working directory of the processes, which relative paths start from.
   *
   * @param value a folder; our own when not called
   */
  public ClusterBuilder workingFolder(Path value) {
    workingFolder = value.toAbsolutePath();
    return this;
  }

  /**
   * How the harness itself talks to the REST endpoint.
   *
   * @param context whom to trust and what to show
   */
  public ClusterBuilder restTls(SSLContext context) {
    restTls = context;
    return this;
  }

  /**
   * Chooses ports and makes the folders; starts nothing.
   *
   * @throws IOException when a folder cannot be made or no port is free
   */
  public Cluster build() throws IOException {
    return new Cluster(this);
  }
}
