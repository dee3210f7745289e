package io.rustlsjvm.flink;

import java.util.Optional;

/** Where options are read from: Flink's configuration, or the files that it is made of. */
public interface Options {
  /** An option's value as text; empty where it is not set. */
  Optional<String> text(String key);

  /** What the Flink at hand does where an option is not set. */
  FlinkDefaults defaults();
}
