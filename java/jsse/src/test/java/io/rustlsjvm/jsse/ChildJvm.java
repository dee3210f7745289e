package io.rustlsjvm.jsse;

import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a main class of the tests in a JVM of its own. */
final class ChildJvm {
  final int exit;
  final String output;

  private ChildJvm(int exit, String output) {
    this.exit = exit;
    this.output = output;
  }

  static ChildJvm run(Class<?> main, String... options) throws Exception {
    return run(main, Map.of(), options);
  }

  /**
   * @param environment variables to set in addition to ours
   */
  static ChildJvm run(Class<?> main, Map<String, String> environment, String... options)
      throws Exception {
    return run(List.of(), "", main, environment, options);
  }

  /**
   * @param launcher a command that runs what follows it
   * @param before stands before our class path: folders and jars, each with a separator behind
   */
  static ChildJvm run(
      List<String> launcher,
      String before,
      Class<?> main,
      Map<String, String> environment,
      String... options)
      throws Exception {
    List<String> command = new ArrayList<>(launcher);
    command.add(Paths.get(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", before + System.getProperty("java.class.path"), main.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process child = builder.start();
    String output = new String(child.getInputStream().readAllBytes());
    if (!child.waitFor(20, TimeUnit.SECONDS)) {
      child.destroyForcibly();
      throw new IllegalStateException("the child hangs: " + output);
    }
    return new ChildJvm(child.exitValue(), output);
  }
}
