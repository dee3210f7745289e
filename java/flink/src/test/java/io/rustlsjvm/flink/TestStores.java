package io.rustlsjvm.flink;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/** Stores as the guides make them, with the JDK's keytool, and configurations that name them. */
public final class TestStores {
  public static final String PASSWORD = "storepassword";

  private TestStores() {}

  /** A self-signed RSA pair without SAN. */
  public static Path pair(Path folder, String name, String... more) throws Exception {
    Path store = folder.resolve(name + ".p12");
    List<String> arguments =
        new ArrayList<>(List.of("-genkeypair", "-alias", name, "-keysize", "2048"));
    if (!List.of(more).contains("-keyalg")) {
      arguments.addAll(List.of("-keyalg", "RSA"));
    }
    arguments.addAll(List.of("-dname", "CN=" + name, "-keystore", store.toString()));
    arguments.addAll(List.of("-storepass", PASSWORD));
    if (!List.of(more).contains("-storetype")) {
      arguments.addAll(List.of("-storetype", "PKCS12"));
    }
    arguments.addAll(List.of(more));
    keytool(arguments.toArray(new String[0]));
    return store;
  }

  /** The PKCS12 as the JDK reads it. */
  static KeyStore load(Path file) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  /** One block of a PEM file. */
  static String pem(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  /** Runs keytool, which must succeed. */
  public static void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    // Without input: where an argument lacks, keytool must fail and not ask.
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(output);
    }
  }

  /** TLS on all internal channels, with one file as both stores. */
  static Configuration internal(Path store) {
    Configuration config = rustls();
    config.setString("security.ssl.internal.enabled", "true");
    return stores(config, "security.ssl.internal.", store);
  }

  /** TLS on REST, with one file as both stores. */
  static Configuration rest(Path store) {
    Configuration config = rustls();
    config.setString("security.ssl.rest.enabled", "true");
    return stores(config, "security.ssl.rest.", store);
  }

  static Configuration rustls() {
    Configuration config = new Configuration();
    config.setString("security.ssl.provider", "RUSTLS");
    return config;
  }

  static Configuration stores(Configuration config, String prefix, Path store) {
    config.setString(prefix + "keystore", store.toString());
    config.setString(prefix + "keystore-password", PASSWORD);
    config.setString(prefix + "key-password", PASSWORD);
    config.setString(prefix + "truststore", store.toString());
    config.setString(prefix + "truststore-password", PASSWORD);
    return config;
  }
}
