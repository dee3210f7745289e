package io.rustlsjvm.demo.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A process that we started, and that never outlives us. */
public final class JvmProcess implements AutoCloseable {
  private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

  private final String name;
  private final Process process;
  private final List<Path> logs;

  private JvmProcess(String name, Process process, List<Path> logs) {
    this.name = name;
    this.process = process;
    this.logs = logs;
  }

  /**
   * Starts a JVM of the same JDK as this one.
   *
   * @param name what to call it in messages
   * @param output the file that takes what it writes to its outputs
   * @param log the file that its logger writes, for {@link #log}
   * @param options the JVM's options
   * @param classPath jars, in order
   * @param mainAndArguments the main class and its arguments
   * @param environment variables to set in addition to ours
   * @return the running process
   * @throws IOException when it cannot be started
   */
  public static JvmProcess start(
      String name,
      Path output,
      Path log,
      List<String> options,
      List<Path> classPath,
      List<String> mainAndArguments,
      Map<String, String> environment)
      throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(options);
    line.add("-cp");
    line.add(
        classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    line.addAll(mainAndArguments);
    return start(name, output, log, line, environment, Path.of("").toAbsolutePath());
  }

  /**
   * Starts any program.
   *
   * @param name what to call it in messages
   * @param output the file that takes what it writes to its outputs
   * @param log another file that it writes
   * @param line the program and its arguments
   * @param environment variables to set in addition to ours
   * @param workingFolder where relative paths start
   * @return the running process
   * @throws IOException when it cannot be started
   */
  public static JvmProcess start(
      String name,
      Path output,
      Path log,
      List<String> line,
      Map<String, String> environment,
      Path workingFolder)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(workingFolder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    // Options of the JVM that we run in are not meant for those that we start.
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    builder.environment().putAll(environment);
    return new JvmProcess(name, Children.start(builder), List.of(output, log));
  }

  /** What it is called in messages. */
  public String name() {
    return name;
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it still runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Its exit code. Fails while it runs. */
  public int exitCode() {
    return process.exitValue();
  }

  /**
   * Everything that it has written: its outputs first, then its log.
   *
   * @throws IOException when a file cannot be read
   */
  public String log() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Path file : logs) {
      if (Files.exists(file)) {
        text.append(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      }
    }
    return text.toString();
  }

  /**
   * Waits for its end.
   *
   * @param limit how long
   * @return the exit code
   * @throws IOException when it still runs then; the message ends with what it logged last
   */
  public int awaitExit(Duration limit) throws IOException {
    try {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + name, e);
    }
    throw new IOException(name + " still runs after " + limit.toSeconds() + " s\n" + lastLines());
  }

  /**
   * The last lines of its log, for messages.
   *
   * @throws IOException when the log cannot be read
   */
  public String lastLines() throws IOException {
    String[] lines = log().split("\n");
    int from = Math.max(0, lines.length - 40);
    for (int i = 0; i < from; i++) {
      // Flink's thread dumps come after the error that matters.
      if (lines[i].contains(" ERROR ")) {
        from = i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = from; i < Math.min(lines.length, from + 60); i++) {
      text.append("  ").append(name).append(" | ").append(lines[i]).append('\n');
    }
    return text.toString();
  }

  /**
   * Ends it as an operator would, with SIGTERM, so that its shutdown hooks run; by force after a
   * while.
   */
  @Override
  public void close() {
    Children.stop(process);
  }

  /**
   * Ends it by SIGKILL: no shutdown hooks run.
   *
   * @throws IOException when it does not end
   */
  void kill() throws IOException {
    process.destroyForcibly();
    awaitExit(KILL_LIMIT);
  }

  /** Asks it to end, and does not wait. */
  public void terminate() {
    process.destroy();
  }
}
