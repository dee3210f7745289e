package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.net.SSLUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a heap dump of a Flink process gives away: no key, and of the passwords only the strings in
 * Flink's own configuration, which are there whoever does the TLS.
 */
@Timeout(120)
class HeapSecretsTest {
  /** Shorter than any number of the key, too long for chance. */
  private static final int PIECE = 16;

  @TempDir Path folder;

  /** Dumps the heap before and after channels are made and used. Knows no secret itself. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws Exception {
      Path folder = Path.of(System.getProperty("folder"));
      String store = folder.resolve("pair.p12").toString();
      Configuration config = new Configuration();
      config.setString("security.ssl.provider", "RUSTLS");
      byte[] bytes = Files.readAllBytes(folder.resolve("password"));
      String password = new String(bytes, StandardCharsets.ISO_8859_1);
      Arrays.fill(bytes, (byte) 0);
      for (String scope : List.of("security.ssl.internal.", "security.ssl.rest.")) {
        config.setString(scope + "enabled", "true");
        for (String which : List.of("keystore", "truststore")) {
          config.setString(scope + which, store);
          config.setString(scope + which + "-password", password);
        }
        config.setString(scope + "key-password", password);
      }
      System.gc();
      dump(folder.resolve("before.hprof"));
      SSLUtils.createSSLServerSocketFactory(config);
      SSLUtils.createSSLClientSocketFactory(config);
      SSLUtils.createInternalServerSSLEngineFactory(config);
      SSLUtils.createInternalClientSSLEngineFactory(config);
      SSLUtils.createRestServerSSLEngineFactory(config);
      SSLUtils.createRestClientSSLEngineFactory(config);
      ChannelSettings settings =
          ChannelSettings.internal(new FlinkOptions(config), Channel.DATA_SERVER);
      SSLContext context = ChannelContexts.get(settings);
      EngineTalk.between(context, context);
      dump(folder.resolve("after.hprof"));
    }

    /** With garbage. */
    private static void dump(Path file) throws IOException {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpHeap(file.toString(), false);
    }
  }

  @Test
  void holdsNoKeyAndNoCopyOfAPassword() throws Exception {
    String password = Long.toHexString(new SecureRandom().nextLong()) + "-opens";
    Files.writeString(folder.resolve("password"), password);
    Path store = folder.resolve("pair.p12");
    TestStores.keytool(
        "-genkeypair",
        "-alias",
        "pair",
        "-keyalg",
        "RSA",
        "-keysize",
        "2048",
        "-dname",
        "CN=pair",
        "-storetype",
        "PKCS12",
        "-keystore",
        store.toString(),
        "-storepass",
        password);
    run();

    byte[] before = Files.readAllBytes(folder.resolve("before.hprof"));
    byte[] after = Files.readAllBytes(folder.resolve("after.hprof"));
    byte[] asBytes = password.getBytes(StandardCharsets.ISO_8859_1);
    assertThat(count(before, asBytes)).as("in Flink's configuration").isPositive();
    assertThat(count(after, asBytes)).isEqualTo(count(before, asBytes));
    assertThat(count(after, password.getBytes(StandardCharsets.UTF_16BE))).isZero();
    assertThat(count(after, password.getBytes(StandardCharsets.UTF_16LE))).isZero();
    RSAPrivateCrtKey key = key(store, password);
    for (BigInteger number : List.of(key.getPrimeP(), key.getPrimeQ(), key.getPrivateExponent())) {
      byte[] octets = number.toByteArray();
      assertThat(count(after, Arrays.copyOfRange(octets, 1, 1 + PIECE))).isZero();
      assertThat(count(after, Arrays.copyOfRange(octets, octets.length - PIECE, octets.length)))
          .isZero();
    }
  }

  private void run() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-Dfolder=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private static RSAPrivateCrtKey key(Path file, String password) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password.toCharArray());
    }
    return (RSAPrivateCrtKey) store.getKey("pair", password.toCharArray());
  }

  private static int count(byte[] memory, byte[] piece) {
    int found = 0;
    for (int i = 0; i + piece.length <= memory.length; i++) {
      if (memory[i] == piece[0]
          && Arrays.equals(memory, i, i + piece.length, piece, 0, piece.length)) {
        found++;
      }
    }
    return found;
  }
}
