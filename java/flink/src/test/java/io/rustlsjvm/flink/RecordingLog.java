package io.rustlsjvm.flink;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

/** A logger that keeps what it is told, as {@code LEVEL message}. */
final class RecordingLog {
  private final List<String> lines = new ArrayList<>();

  Logger logger() {
    return (Logger)
        Proxy.newProxyInstance(
            RecordingLog.class.getClassLoader(),
            new Class<?>[] {Logger.class},
            (proxy, method, arguments) -> {
              String level = method.getName().toUpperCase(Locale.ROOT);
              if (!level.equals("DEBUG")) {
                lines.add(level + " " + format(arguments));
              }
              return null;
            });
  }

  private static String format(Object[] arguments) {
    List<Object> values = new ArrayList<>();
    for (Object argument : Arrays.copyOfRange(arguments, 1, arguments.length)) {
      values.addAll(
          argument instanceof Object[] ? Arrays.asList((Object[]) argument) : List.of(argument));
    }
    return MessageFormatter.arrayFormat((String) arguments[0], values.toArray()).getMessage();
  }

  /** What has been logged since the last call. */
  List<String> take() {
    List<String> taken = List.copyOf(lines);
    lines.clear();
    return taken;
  }
}
