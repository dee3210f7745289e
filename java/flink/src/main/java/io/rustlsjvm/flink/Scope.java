package io.rustlsjvm.flink;

import java.util.Optional;

/** The two families of Flink's TLS options, both of which fall back to a common one. */
public enum Scope {
  INTERNAL("security.ssl.internal."),
  REST("security.ssl.rest.");

  private static final String COMMON = "security.ssl.";

  private final String prefix;

  Scope(String prefix) {
    this.prefix = prefix;
  }

  /** The key of an option of this family. */
  public String key(String name) {
    return prefix + name;
  }

  /** The key of the option that both families fall back to. */
  static String common(String name) {
    return COMMON + name;
  }

  /** An option that Flink has in this family only. */
  Optional<Setting> own(Options options, String name) {
    return read(options, key(name));
  }

  /** An option that falls back to the common one. */
  Optional<Setting> find(Options options, String name) {
    return own(options, name).or(() -> read(options, common(name)));
  }

  /** Both keys of an option that falls back, for error messages, in Flink's words. */
  String missing(String name) {
    return "The config option " + key(name) + " or " + common(name) + " is missing.";
  }

  private static Optional<Setting> read(Options options, String key) {
    return options.text(key).map(value -> new Setting(key, value));
  }
}
