package io.rustlsjvm.demo;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The demo's command line: pairs of a name and a value. */
final class DemoArguments {
  private static final Set<String> NAMES =
      Set.of("--provider", "--protocol", "--gigabytes", "--flink", "--plugin", "--job", "--work");

  private final Map<String, String> values = new HashMap<>();

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException when it makes no sense; the message says what is wrong
   */
  DemoArguments(String[] args) {
    if (args.length % 2 != 0) {
      throw new IllegalArgumentException("Every option takes a value. Options: " + NAMES);
    }
    for (int i = 0; i < args.length; i += 2) {
      if (!NAMES.contains(args[i])) {
        throw new IllegalArgumentException(args[i] + " is unknown. Options: " + NAMES);
      }
      values.put(args[i], args[i + 1]);
    }
    if (!Set.of("RUSTLS", "JDK").contains(provider())) {
      throw new IllegalArgumentException("The provider is RUSTLS or JDK, not " + provider() + ".");
    }
    if (!Set.of("TLSv1.2", "TLSv1.3").contains(protocol())) {
      throw new IllegalArgumentException(
          "The protocol is TLSv1.2 or TLSv1.3, not " + protocol() + ".");
    }
    if (!(gigabytes() > 0)) {
      throw new IllegalArgumentException("The number of gigabytes has to be above zero.");
    }
  }

  String provider() {
    return values.getOrDefault("--provider", "RUSTLS");
  }

  boolean isRustls() {
    return provider().equals("RUSTLS");
  }

  String protocol() {
    return values.getOrDefault("--protocol", "TLSv1.2");
  }

  double gigabytes() {
    try {
      return Double.parseDouble(values.getOrDefault("--gigabytes", "5"));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "The number of gigabytes is no number: " + values.get("--gigabytes"), e);
    }
  }

  Path path(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing.");
    }
    return Path.of(value).toAbsolutePath();
  }
}
