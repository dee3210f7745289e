package io.rustlsjvm.flink.check;

import java.util.Iterator;
import java.util.List;

/** Arguments, one after the other. */
final class CommandLine {
  private final Iterator<String> arguments;
  private String current;

  CommandLine(List<String> arguments) {
    this.arguments = arguments.iterator();
  }

  boolean hasNext() {
    return arguments.hasNext();
  }

  String next() {
    current = arguments.next();
    return current;
  }

  /** The value of the option that was taken last. */
  String value(String option) throws UsageException {
    if (!arguments.hasNext()) {
      throw new UsageException(option + " needs a value.");
    }
    return next();
  }

  /** For the argument that was taken last. Not by its text: it may hold a secret. */
  UsageException unexpected() {
    return new UsageException(
        current.startsWith("-") && !current.contains("=")
            ? "There is no option " + current + "."
            : "There is an argument too many, or one that is none.");
  }
}
