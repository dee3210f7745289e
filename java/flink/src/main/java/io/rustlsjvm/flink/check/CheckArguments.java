package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What {@code check} is asked for. */
final class CheckArguments {
  private Path folder;
  private Path flink;
  private Endpoint endpoint;
  private Scope scope = Scope.REST;
  private Role role = Role.ALL;
  private boolean json;
  private boolean strict;
  private final List<String> ignored = new ArrayList<>();
  private final Map<String, String> overrides = new LinkedHashMap<>();

  /** Names of environment variables, by the option that has their value. */
  private final Map<String, String> variables = new LinkedHashMap<>();

  private CheckArguments() {}

  static CheckArguments parse(CommandLine line) throws UsageException {
    CheckArguments arguments = new CheckArguments();
    while (line.hasNext()) {
      arguments.take(line);
    }
    return arguments;
  }

  private void take(CommandLine line) throws UsageException {
    String argument = line.next();
    switch (argument) {
      case "--json":
        json = true;
        break;
      case "--strict":
        strict = true;
        break;
      case "--flink":
        flink = Path.of(line.value(argument));
        break;
      case "--connect":
        endpoint = Endpoint.parse(line.value(argument));
        break;
      case "--channel":
        scope = constant(argument, line.value(argument), Scope.values());
        break;
      case "--role":
        role = constant(argument, line.value(argument), Role.values());
        break;
      case "--ignore":
        ignore(line.value(argument));
        break;
      case "--env":
        put(variables, line.value(argument));
        break;
      case "-D":
        override(line.value(argument));
        break;
      default:
        if (argument.startsWith("-D")) {
          override(argument.substring(2));
        } else if (argument.startsWith("-") || folder != null) {
          throw line.unexpected();
        } else {
          folder = Path.of(argument);
        }
    }
  }

  private void ignore(String list) throws UsageException {
    List<String> known = Arrays.stream(Rule.values()).map(Rule::id).collect(Collectors.toList());
    for (String rule : list.split(",")) {
      if (!known.contains(rule)) {
        throw new UsageException("There is no rule '" + rule + "' to ignore.");
      }
      ignored.add(rule);
    }
  }

  /** Who may list processes may read their arguments. */
  private void override(String pair) throws UsageException {
    put(overrides, pair);
    String key = pair.substring(0, pair.indexOf('='));
    if (key.endsWith("password")) {
      throw new UsageException(
          "Passwords are not taken from the command line. Put "
              + key
              + " into the configuration, or its value into an environment variable: --env "
              + key
              + "=VARIABLE.");
    }
  }

  private static void put(Map<String, String> values, String pair) throws UsageException {
    int equals = pair.indexOf('=');
    if (equals <= 0) {
      throw new UsageException("There is no KEY=VALUE after -D or --env.");
    }
    values.put(pair.substring(0, equals), pair.substring(equals + 1));
  }

  private static <T extends Enum<T>> T constant(String argument, String name, T[] values)
      throws UsageException {
    for (T value : values) {
      if (value.name().toLowerCase(Locale.ROOT).equals(name)) {
        return value;
      }
    }
    throw new UsageException(
        argument
            + " takes "
            + Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "))
            + ", not '"
            + name
            + "'.");
  }

  /** The folder of the configuration. */
  Optional<Path> folder() {
    return Optional.ofNullable(folder);
  }

  /** The Flink that the configuration is for. */
  Optional<Path> flink() {
    return Optional.ofNullable(flink);
  }

  /** What to connect to. */
  Optional<Endpoint> endpoint() {
    return Optional.ofNullable(endpoint);
  }

  /** Whose client connects. */
  Scope scope() {
    return scope;
  }

  Role role() {
    return role;
  }

  boolean isJson() {
    return json;
  }

  /** Whether warnings count as errors. */
  boolean isStrict() {
    return strict;
  }

  /** Ids of rules. */
  List<String> ignored() {
    return List.copyOf(ignored);
  }

  /** What goes before the values of the file. */
  Map<String, String> overrides(Map<String, String> environment) throws UsageException {
    Map<String, String> all = new LinkedHashMap<>(overrides);
    for (Map.Entry<String, String> entry : variables.entrySet()) {
      String value = environment.get(entry.getValue());
      if (value == null) {
        throw new UsageException(
            "The environment has no " + entry.getValue() + ", which --env names.");
      }
      all.put(entry.getKey(), value);
    }
    return all;
  }
}
