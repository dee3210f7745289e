package io.rustlsjvm.jsse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Key stores as {@code keytool} makes them, once for each test JVM. */
final class TestKeys {
  static final String PASSWORD = "storepass-1ab";

  private static final Path FOLDER = newFolder();

  /** RSA 2048, {@code CN=server}, SAN localhost and 127.0.0.1. */
  static final TestKeys SERVER;

  /** EC P-256, {@code CN=client}. */
  static final TestKeys CLIENT;

  /** EC P-256, {@code CN=stranger}, in nobody's trust store. */
  static final TestKeys STRANGER;

  /** RSA 2048, {@code CN=expired}, signed by nobody else, run out. */
  static final TestKeys EXPIRED;

  static {
    Map<String, Process> made =
        Map.of(
            "server",
            keytool("server", "RSA", "2048", "-ext", "san=dns:localhost,ip:127.0.0.1"),
            "client",
            keytool("client", "EC", "256"),
            "stranger",
            keytool("stranger", "EC", "256"),
            "expired",
            keytool("expired", "RSA", "2048", "-startdate", "-400d", "-validity", "30"));
    made.forEach(TestKeys::await);
    SERVER = new TestKeys("server");
    CLIENT = new TestKeys("client");
    STRANGER = new TestKeys("stranger");
    EXPIRED = new TestKeys("expired");
  }

  private final String name;
  private final KeyStore store;

  private TestKeys(String name) {
    this.name = name;
    this.store = load(file());
  }

  private static Path newFolder() {
    try {
      Path folder = Files.createTempDirectory("rustls-jvm-test-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process keytool(String name, String algorithm, String size, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Paths.get(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-keyalg",
                algorithm));
    command.addAll(
        algorithm.equals("EC") ? List.of("-groupname", "secp256r1") : List.of("-keysize", size));
    command.addAll(
        List.of(
            "-storetype",
            "PKCS12",
            "-keystore",
            FOLDER.resolve(name + ".p12").toString(),
            "-storepass",
            PASSWORD));
    command.addAll(List.of(more));
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(String name, Process keytool) {
    try (InputStream out = keytool.getInputStream()) {
      String said = new String(out.readAllBytes());
      if (keytool.waitFor() != 0) {
        throw new IllegalStateException("keytool failed for " + name + ": " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore load(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A folder that goes when the JVM does. */
  static Path folder() {
    return FOLDER;
  }

  Path file() {
    return FOLDER.resolve(name + ".p12");
  }

  String subject() {
    return "CN=" + name;
  }

  X509Certificate certificate() {
    try {
      return (X509Certificate) store.getCertificate(name);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  PrivateKey key() {
    try {
      return (PrivateKey) store.getKey(name, PASSWORD.toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  KeyManager[] keyManagers() {
    try {
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, PASSWORD.toCharArray());
      return factory.getKeyManagers();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  NativeStore keystore() throws StoreException {
    return NativeStore.readKeystore(
        file().toString(), "PKCS12", PASSWORD.toCharArray(), PASSWORD.toCharArray());
  }

  /** Trust managers that believe these alone. */
  static TrustManager[] trusting(TestKeys... believed) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (TestKeys keys : believed) {
        store.setCertificateEntry(keys.name, keys.certificate());
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static NativeStore truststore(TestKeys... believed) throws StoreException {
    return NativeStore.ofCertificates(
        Stream.of(believed).map(TestKeys::certificate).collect(Collectors.toList()));
  }

  /** A trust store file that holds these. */
  static Path truststoreFile(String fileName, TestKeys... believed) {
    Path file = FOLDER.resolve(fileName);
    try (OutputStream out = Files.newOutputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (TestKeys keys : believed) {
        store.setCertificateEntry(keys.name, keys.certificate());
      }
      store.store(out, PASSWORD.toCharArray());
      return file;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
