package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.runtime.net.SSLUtils;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Flink with our jar in {@code lib/} on a platform that the jar has no library for. */
@Timeout(120)
class MissingLibraryTest {
  @TempDir Path folder;

  /** Does what a process of Flink does at its start. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws Exception {
      Path store = Path.of(System.getProperty("store"));
      Configuration config = FlinkTls.all(store);
      for (String provider : new String[] {"JDK", "RUSTLS"}) {
        config.setString("security.ssl.provider", provider);
        try {
          start(config);
          System.out.println(provider + " has started");
        } catch (Throwable e) {
          System.out.println(provider + " has failed: " + e.getMessage());
        }
      }
      System.exit(0);
    }

    private static void start(Configuration config) throws Exception {
      FileSystem.initialize(config, null);
      SSLUtils.createSSLServerSocketFactory(config);
      SSLUtils.createSSLClientSocketFactory(config);
      SSLUtils.createInternalServerSSLEngineFactory(config);
      SSLUtils.createInternalClientSSLEngineFactory(config);
      SSLUtils.createRestServerSSLEngineFactory(config);
      SSLUtils.createRestClientSSLEngineFactory(config);
      RpcSystem.load(config).close();
    }
  }

  @Test
  void flinkStartsWithTheJdksTlsAndSaysWhyNotWithOurs() throws Exception {
    Path store = TestStores.pair(folder, "pair");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dstore=" + store,
                "-Dos.arch=riscv64",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output)
        .contains("JDK has started")
        .contains("RUSTLS has failed: security.ssl.provider is RUSTLS")
        .contains("no library for this platform", "linux-riscv64")
        .contains("set security.ssl.provider: JDK.");
  }
}
