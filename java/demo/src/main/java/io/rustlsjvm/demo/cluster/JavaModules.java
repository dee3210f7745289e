package io.rustlsjvm.demo.cluster;

import java.util.ArrayList;
import java.util.List;

/** The JVM options that Flink's own configuration gives to open the JDK's modules to it. */
final class JavaModules {
  static final List<String> OPTIONS = options();

  private JavaModules() {}

  private static List<String> options() {
    List<String> options = new ArrayList<>();
    for (String name :
        List.of("java.rmi/sun.rmi.registry", "java.security.jgss/sun.security.krb5")) {
      options.add("--add-exports=" + name + "=ALL-UNNAMED");
    }
    for (String name :
        List.of(
            "lang",
            "net",
            "io",
            "nio",
            "lang.reflect",
            "text",
            "time",
            "util",
            "util.concurrent",
            "util.concurrent.atomic",
            "util.concurrent.locks")) {
      options.add("--add-opens=java.base/java." + name + "=ALL-UNNAMED");
    }
    options.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
    return List.copyOf(options);
  }
}
