package io.rustlsjvm.demo.stores;

import io.rustlsjvm.demo.cluster.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The JDK's own keytool. */
final class Keytool {
  private Keytool() {}

  /**
   * Runs keytool.
   *
   * @param arguments its arguments
   * @throws IOException when it fails; the message is what it wrote
   */
  static void run(String... arguments) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    line.addAll(Arrays.asList(arguments));
    Command.succeed(line.toArray(new String[0]));
  }
}
