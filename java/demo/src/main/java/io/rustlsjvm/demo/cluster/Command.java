package io.rustlsjvm.demo.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command that has run to its end: its exit code and everything that it wrote. */
public final class Command {
  private final List<String> line;
  private final int exitCode;
  private final String output;

  private Command(List<String> line, int exitCode, String output) {
    this.line = line;
    this.exitCode = exitCode;
    this.output = output;
  }

  /**
   * Runs a command, without input, and waits for it.
   *
   * @param limit how long it may take
   * @param line the program and its arguments
   * @return what came of it, whatever the exit code
   * @throws IOException when it cannot be started or takes longer than the limit (it is ended then)
   */
  public static Command run(Duration limit, List<String> line) throws IOException {
    Path output = Files.createTempFile("command", ".out");
    try {
      Process process =
          Children.start(
              new ProcessBuilder(line)
                  .redirectErrorStream(true)
                  .redirectOutput(output.toFile())
                  .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())));
      try {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new IOException(line.get(0) + " took longer than " + limit.toSeconds() + " s");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while " + line.get(0) + " ran", e);
      } finally {
        process.destroyForcibly();
      }
      String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
      return new Command(List.copyOf(line), process.exitValue(), text);
    } finally {
      Files.deleteIfExists(output);
    }
  }

  /**
   * Runs a command that is expected to succeed within some minutes: a busy machine takes its time
   * to find large primes.
   *
   * @param line the program and its arguments
   * @return everything that it wrote
   * @throws IOException when it cannot be started, takes too long, or fails
   */
  public static String succeed(String... line) throws IOException {
    Command command = run(Duration.ofMinutes(5), List.of(line));
    if (command.exitCode != 0) {
      throw new IOException(
          line[0] + " failed with exit code " + command.exitCode + ":\n" + command.output);
    }
    return command.output;
  }

  /** The exit code; 0 means success. */
  public int exitCode() {
    return exitCode;
  }

  /** What it wrote to its output and its error output, in the order of writing. */
  public String output() {
    return output;
  }

  @Override
  public String toString() {
    return line.get(0) + " → " + exitCode + "\n" + output;
  }
}
