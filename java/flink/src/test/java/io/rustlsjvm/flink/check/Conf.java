package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.TestStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A folder with a configuration. */
final class Conf {
  private final Path folder;
  private final Map<String, String> options = new TreeMap<>();

  private Conf(Path folder) {
    this.folder = folder;
  }

  /** With nothing in it. */
  static Conf empty(Path folder) throws IOException {
    return new Conf(Files.createTempDirectory(folder, "conf"));
  }

  /** TLS everywhere, and nothing to find fault with. */
  static Conf fine(Path folder, Path store) throws IOException {
    return empty(folder)
        .with("security.ssl.provider", "RUSTLS")
        .with("security.ssl.internal.enabled", "true")
        .with("security.ssl.rest.enabled", "true")
        .with("security.ssl.rest.authentication-enabled", "true")
        .stores("security.ssl.", store, store);
  }

  Conf with(String key, String value) {
    options.put(key, value);
    return this;
  }

  Conf without(String key) {
    options.remove(key);
    return this;
  }

  /** With passwords, whether the stores need them or not. */
  Conf stores(String prefix, Path keystore, Path truststore) {
    return with(prefix + "keystore", keystore.toString())
        .with(prefix + "keystore-password", TestStores.PASSWORD)
        .with(prefix + "truststore", truststore.toString())
        .with(prefix + "truststore-password", TestStores.PASSWORD);
  }

  /** As config.yaml that its owner alone may read. */
  String write() throws IOException {
    return write("config.yaml", "\"", "\"");
  }

  /** As flink-conf.yaml of Flink 1. */
  String writeLegacy() throws IOException {
    return write("flink-conf.yaml", "", "");
  }

  private String write(String name, String before, String after) throws IOException {
    String lines =
        options.entrySet().stream()
            .map(option -> option.getKey() + ": " + before + option.getValue() + after)
            .collect(Collectors.joining("\n", "", "\n"));
    Pki.secret(Files.writeString(folder.resolve(name), lines));
    return folder.toString();
  }

  Path folder() {
    return folder;
  }
}
