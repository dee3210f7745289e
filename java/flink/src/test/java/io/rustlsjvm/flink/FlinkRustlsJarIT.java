package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is in the jar that goes into Flink's lib folder. */
class FlinkRustlsJarIT {
  private static final int JAVA_11 = 55;
  private static final int CLASS_MAGIC = 0xCAFEBABE;
  private static final String RELOCATED = "org/apache/flink/shaded/netty4/";

  private static JarFile jar;
  private static List<String> files;

  @BeforeAll
  static void open() throws IOException {
    jar = new JarFile(System.getProperty("flink.rustls.jar"));
    files =
        Collections.list(jar.entries()).stream()
            .filter(entry -> !entry.isDirectory())
            .map(JarEntry::getName)
            .collect(Collectors.toList());
  }

  @AfterAll
  static void close() throws IOException {
    jar.close();
  }

  @Test
  void holdsNothingOfOthers() {
    assertThat(files)
        .allMatch(
            name ->
                name.startsWith("META-INF/")
                    || name.startsWith("io/rustlsjvm/")
                    || name.equals("org/apache/flink/runtime/net/SSLUtils.class"));
    assertThat(files).doesNotHaveDuplicates();
  }

  @Test
  void holdsWhatItNeeds() {
    assertThat(files)
        .contains(
            "org/apache/flink/runtime/net/SSLUtils.class",
            "io/rustlsjvm/flink/RustlsRpcSystemLoader.class",
            "io/rustlsjvm/netty/RustlsSslContext.class",
            "io/rustlsjvm/jsse/RustlsProvider.class",
            "io/rustlsjvm/native/linux-x86_64/librustls_jvm.so");
  }

  @Test
  void carriesTheLicencesOfWhatIsInIt() throws IOException {
    assertThat(text("META-INF/LICENSE")).contains("Apache License", "Version 2.0");
    assertThat(text("META-INF/licenses/native-library.txt"))
        .contains("rustls 0.", "aws-lc-sys", "rustls-webpki", "ISC");
    assertThat(text("META-INF/licenses/snakeyaml-engine.txt"))
        .contains("snakeyaml-engine " + System.getProperty("snakeyaml.version"), "Apache License");
  }

  @Test
  void announcesItsServices() throws IOException {
    assertThat(text("META-INF/services/org.apache.flink.runtime.rpc.RpcSystemLoader"))
        .isEqualTo(RustlsRpcSystemLoader.class.getName());
    assertThat(text("META-INF/services/org.apache.flink.client.deployment.ClusterClientFactory"))
        .isEqualTo(RustlsClusterClientFactory.class.getName());
    assertThat(text("META-INF/services/org.apache.flink.core.execution.PipelineExecutorFactory"))
        .isEqualTo(RustlsExecutorFactory.class.getName());
    assertThat(text("META-INF/services/org.apache.flink.core.fs.FileSystemFactory"))
        .isEqualTo(RustlsFileSystemFactory.class.getName());
  }

  @Test
  void saysItsVersion() throws IOException {
    assertThat(jar.getManifest().getMainAttributes().getValue("Implementation-Version"))
        .isNotBlank()
        .isEqualTo(System.getProperty("flink.rustls.version"));
  }

  /** Flink has that parser, too, perhaps of another version. */
  @Test
  void hasAParserOfItsOwn() throws IOException {
    assertThat(files).anyMatch(name -> name.startsWith("io/rustlsjvm/shaded/snakeyaml/"));
    for (String name : files) {
      if (name.endsWith(".class")) {
        assertThat(new String(bytes(name), StandardCharsets.ISO_8859_1))
            .as(name)
            .doesNotContain("org/snakeyaml")
            .doesNotContain("org.snakeyaml");
      }
    }
  }

  /** As a class it would be found by the wrong loader, and without Pekko. */
  @Test
  void hidesTheClassForPekkosLoader() throws IOException {
    byte[] hidden = bytes("io/rustlsjvm/flink/CustomSSLEngineProvider.bytes");
    assertThat(new DataInputStream(new ByteArrayInputStream(hidden)).readInt())
        .isEqualTo(CLASS_MAGIC);
    assertThat(new String(hidden, StandardCharsets.ISO_8859_1))
        .contains("org/apache/flink/runtime/rpc/pekko/CustomSSLEngineProvider")
        .contains("org/apache/pekko/remote/transport/netty/SSLEngineProvider")
        .doesNotContain("io/rustlsjvm");
    assertThat(files).noneMatch(name -> name.endsWith("CustomSSLEngineProvider.class"));
  }

  @Test
  void speaksToFlinksNettyOnly() throws IOException {
    boolean any = false;
    for (String name : files) {
      if (name.endsWith(".class")) {
        String constants = new String(bytes(name), StandardCharsets.ISO_8859_1);
        assertThat(constants.replace(RELOCATED + "io/netty/", ""))
            .as(name)
            .doesNotContain("io/netty/")
            .doesNotContain("io.netty.");
        any |= constants.contains(RELOCATED);
      }
    }
    assertThat(any).isTrue();
  }

  @Test
  void runsOnJava11() throws IOException {
    for (String name : files) {
      if (name.endsWith(".class") || name.endsWith(".bytes")) {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes(name)));
        assertThat(in.readInt()).as(name).isEqualTo(CLASS_MAGIC);
        in.readUnsignedShort();
        assertThat(in.readUnsignedShort()).as(name).isLessThanOrEqualTo(JAVA_11);
      }
    }
  }

  private static byte[] bytes(String name) throws IOException {
    return jar.getInputStream(jar.getEntry(name)).readAllBytes();
  }

  private static String text(String name) throws IOException {
    return new String(bytes(name), StandardCharsets.UTF_8).trim();
  }
}
