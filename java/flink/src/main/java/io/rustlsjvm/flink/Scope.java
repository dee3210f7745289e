package io.rustlsjvm.flink;

import java.util.Optional;
import org.apache.flink.configuration.Configuration;

/** The two families of Flink's TLS options, both of which fall back to a common one. */
enum Scope {
  INTERNAL("security.ssl.internal."),
  REST("security.ssl.rest.");

  private static final String COMMON = "security.ssl.";

  private final String prefix;

  Scope(String prefix) {
    this.prefix = prefix;
  }

  /** The key of an option of this family. */
  String key(String name) {
    return prefix + name;
  }

  /** An option that Flink has in this family only. */
  Optional<Setting> own(Configuration config, String name) {
    return read(config, key(name));
  }

  /** An option that falls back to the common one. */
  Optional<Setting> find(Configuration config, String name) {
    return own(config, name).or(() -> read(config, COMMON + name));
  }

  /** Both keys of an option that falls back, for error messages, in Flink's words. */
  String missing(String name) {
    return "The config option " + key(name) + " or " + COMMON + name + " is missing.";
  }

  private static Optional<Setting> read(Configuration config, String key) {
    return SslOptions.text(config, key).map(value -> new Setting(key, value));
  }
}
