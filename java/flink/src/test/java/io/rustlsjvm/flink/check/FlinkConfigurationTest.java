package io.rustlsjvm.flink.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files are read as Flink reads them. */
class FlinkConfigurationTest {
  @TempDir Path folder;

  @Test
  void readsConfigYamlAsFlinkDoes() throws Exception {
    Files.writeString(
        folder.resolve("config.yaml"),
        String.join(
            "\n",
            "# a comment",
            "security:",
            "  ssl:",
            "    provider: RUSTLS",
            "    internal:",
            "      enabled: true",
            "      keystore: 'it''s/here.p12'   # another",
            "      keystore-password: \"tab\\tquote\\\" # is no comment \\u00e9\"",
            "      key-password: 0123",
            "      session-timeout: 90_000",
            "      session-cache-size: 1e3",
            "    protocol: TLSv1.2,TLSv1.3",
            "    algorithms: >-",
            "      TLS_AES_128_GCM_SHA256,",
            "      TLS_AES_256_GCM_SHA384",
            "security.ssl.rest.enabled: True",
            "security.ssl.rest: {keystore: a/b, keystore-type: PEM}",
            "anchor: &a value",
            "alias: *a",
            "yes-or-no: yes",
            "number: 0x1F",
            "float: 12.50",
            "date: 2026-01-01",
            "empty: ''",
            "multi: |",
            "  line one",
            "  line two",
            "---".substring(3)));
    assertSame(new Configuration(GlobalConfiguration.loadConfiguration(folder.toString())));
  }

  @Test
  void readsAnEmptyFileAsFlinkDoes() throws Exception {
    Files.writeString(folder.resolve("config.yaml"), "# nothing\n");
    assertSame(GlobalConfiguration.loadConfiguration(folder.toString()));
  }

  @Test
  void refusesWhatFlinkRefuses() throws Exception {
    for (String bad :
        List.of("a: b: c", "a: [", "- a\n- b", "a: 1\na: 2", "a: *b", "a:\n\tb: c", "a: null")) {
      Files.writeString(folder.resolve("config.yaml"), bad);
      assertThat(flinkRefuses()).as(bad).isTrue();
      Findings findings = new Findings(List.of());
      FlinkConfiguration.read(folder, null, Map.of(), findings);
      assertThat(findings.of(Finding.Severity.ERROR))
          .as(bad)
          .extracting(Finding::rule)
          .containsExactly(Rule.CONFIGURATION_UNREADABLE);
    }
  }

  private boolean flinkRefuses() {
    try {
      GlobalConfiguration.loadConfiguration(folder.toString());
      return false;
    } catch (RuntimeException e) {
      return true;
    }
  }

  @Test
  void readsFlinkConfYamlAsFlink1Does() throws Exception {
    List<String> lines = new ArrayList<>();
    lines.add("# a comment");
    lines.add("security.ssl.enabled: true");
    lines.add("  security.ssl.keystore:   /a: b/c.jks   # the store");
    lines.add("security.ssl.keystore-password: half#of-it");
    lines.add("security.ssl.truststore: \"quoted\"");
    lines.add("security.ssl.algorithms: A,B");
    lines.add("security.ssl.protocol: TLSv1.2");
    lines.add("security.ssl.protocol: TLSv1.3");
    lines.add("no.space:value");
    lines.add("empty: ");
    lines.add(": no key");
    lines.add("just words");
    Files.write(folder.resolve("flink-conf.yaml"), lines);

    Map<String, String> flinks = new TreeMap<>();
    List<URL> jars = new ArrayList<>();
    jars.add(Path.of(System.getProperty("other.flinks"), "flink-core-1.20.5.jar").toUri().toURL());
    for (String path : System.getProperty("java.class.path").split(":")) {
      jars.add(Path.of(path).toUri().toURL());
    }
    try (URLClassLoader flink1 =
        new URLClassLoader(jars.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
      Object loaded =
          flink1
              .loadClass(GlobalConfiguration.class.getName())
              .getMethod("loadConfiguration", String.class)
              .invoke(null, folder.toString());
      Map<?, ?> map = (Map<?, ?>) loaded.getClass().getMethod("toMap").invoke(loaded);
      map.forEach((key, value) -> flinks.put((String) key, (String) value));
    }
    assertThat(flinks).containsEntry("security.ssl.keystore", "/a: b/c.jks");

    Findings findings = new Findings(List.of());
    FlinkConfiguration ours = FlinkConfiguration.read(folder, null, Map.of(), findings);
    Map<String, String> read = new TreeMap<>();
    ours.keys().forEach(key -> read.put(key, ours.text(key).orElseThrow()));
    assertThat(read).isEqualTo(flinks);
    assertThat(findings.of(Finding.Severity.WARNING))
        .extracting(Finding::rule)
        .containsOnly(Rule.VALUE_CUT, Rule.CONFIGURATION_UNREADABLE)
        .hasSize(5);
  }

  @Test
  void putsOverridesFirst() throws Exception {
    Files.writeString(folder.resolve("config.yaml"), "a: file\nb: file\n");
    FlinkConfiguration read =
        FlinkConfiguration.read(
            folder, null, Map.of("a", "override", "c", "override"), new Findings(List.of()));
    assertThat(read.text("a")).isEqualTo(Optional.of("override"));
    assertThat(read.text("b")).isEqualTo(Optional.of("file"));
    assertThat(read.text("c")).isEqualTo(Optional.of("override"));
    assertThat(read.text("d")).isEmpty();
  }

  private void assertSame(Configuration flinks) throws Exception {
    Findings findings = new Findings(List.of());
    FlinkConfiguration ours = FlinkConfiguration.read(folder, null, Map.of(), findings);
    assertThat(findings.of(Finding.Severity.ERROR)).isEmpty();
    assertThat(ours.keys()).isEqualTo(flinks.keySet());
    for (String key : ours.keys()) {
      assertThat(ours.text(key))
          .as(key)
          .isEqualTo(flinks.getOptional(ConfigOptions.key(key).stringType().noDefaultValue()));
    }
  }
}
