package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/options.md says what the code reads, and nothing else. */
class OptionsDocumentTest {
  private static final String DOCUMENT = "options.md";
  private static final String NONE = "-";

  /** Whose options the plugin reads, and which of their keys begin so. */
  private static final Map<String, String> FLINKS =
      Map.of(
          "SecurityOptions", "security.ssl.",
          "NettyShuffleEnvironmentOptions", "taskmanager.data.ssl.",
          "BlobServerOptions", "blob.service.ssl.",
          "RpcOptions", "pekko.ssl.");

  private static Map<String, List<String>> flinks;
  private static Map<String, List<String>> ours;

  @BeforeAll
  static void readDocument() throws IOException {
    flinks = DocumentTable.rows(DOCUMENT, "## Flink's options");
    ours = DocumentTable.rows(DOCUMENT, "## Options of the plugin");
  }

  @Test
  void namesWhatIsReadAndNothingElse() {
    Set<String> documented = new TreeSet<>();
    for (Map<String, List<String>> table : List.of(flinks, ours)) {
      for (List<String> row : table.values()) {
        documented.addAll(DocumentTable.codes(row.get(0)));
        documented.addAll(DocumentTable.codes(row.get(1)));
      }
    }
    assertThat(new TreeSet<>(OptionKeys.all())).isEqualTo(documented);
    assertThat(new TreeSet<>(reads())).isEqualTo(documented);
  }

  /** A key that no reading here comes by would still be found in the source. */
  @Test
  void namesEveryKeyThatTheSourceNames() throws IOException {
    Set<String> named = literals("security\\.ssl\\.[a-z.-]*[a-z]", Path.of("src/main/java"));
    assertThat(named).contains("security.ssl.provider");
    assertThat(OptionKeys.all()).containsAll(named);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "flink-core-1.20.5.jar", "flink-core-2.2.0.jar"})
  void namesEveryOptionOfFlinks(String jar) throws Exception {
    try (URLClassLoader flink = jar.isEmpty() ? null : loader(jar)) {
      ClassLoader loader = flink == null ? Configuration.class.getClassLoader() : flink;
      List<FlinksOption> options = FlinksOption.of(loader);
      assertThat(options).hasSizeGreaterThan(25);
      for (FlinksOption option : options) {
        List<String> row = flinks.get(option.key);
        if (row == null) {
          assertThat(fallbacks()).as(option.key).contains(option.key);
          continue;
        }
        assertThat(DocumentTable.codes(row.get(1))).as(option.key).containsAll(option.olderKeys);
        if (jar.isEmpty()) {
          assertThat(row.get(2))
              .as(option.key)
              .isEqualTo(option.defaultValue == null ? NONE : "`" + option.defaultValue + "`");
        }
      }
    }
  }

  @Test
  void namesNoOptionThatNoFlinkHas() throws Exception {
    Set<String> known = new HashSet<>();
    for (String jar : List.of("flink-core-1.20.5.jar", "flink-core-2.2.0.jar")) {
      try (URLClassLoader flink = loader(jar)) {
        FlinksOption.of(flink).forEach(option -> known.addAll(option.allKeys()));
      }
    }
    FlinksOption.of(Configuration.class.getClassLoader())
        .forEach(option -> known.addAll(option.allKeys()));
    Set<String> documented = new HashSet<>(flinks.keySet());
    documented.addAll(fallbacks());
    assertThat(known).containsAll(documented);
  }

  @Test
  void honoursEveryFallback() {
    for (Map.Entry<String, List<String>> row : flinks.entrySet()) {
      for (String older : DocumentTable.codes(row.getValue().get(1))) {
        String value = valueFor(row.getKey());
        Set<String> readAlone = readWith(Map.of(row.getKey(), value), row.getKey());
        assertThat(readAlone).as(row.getKey() + " before " + older).doesNotContain(older);
        assertThat(readWith(Map.of(), row.getKey()))
            .as(older + " after " + row.getKey())
            .contains(older);
      }
    }
  }

  @Test
  void namesEverySystemProperty() throws IOException {
    Set<String> named = new TreeSet<>();
    for (String module : List.of("jsse", "netty", "flink")) {
      named.addAll(
          literals("rustlsjvm\\.[A-Za-z.-]*[a-z]", Path.of("..", module, "src/main/java")));
    }
    named.removeIf(name -> name.startsWith("rustlsjvm.flink") || name.startsWith("rustlsjvm.jsse"));
    assertThat(DocumentTable.rows(DOCUMENT, "## System properties").keySet())
        .containsExactlyInAnyOrderElementsOf(named);
  }

  // ---- What is read ----------------------------------------------------------------------------

  /** Everything that is read with all options set, and with none but those that must be. */
  private static Set<String> reads() {
    Map<String, String> all = new HashMap<>();
    flinks.keySet().forEach(key -> all.put(key, valueFor(key)));
    Set<String> reads = new HashSet<>(read(all));
    Map<String, String> fewest = new HashMap<>();
    fewest.put("security.ssl.keystore", "store");
    fewest.put("security.ssl.truststore", "store");
    fewest.put("security.ssl.enabled", "true");
    fewest.put("security.ssl.rest.authentication-enabled", "true");
    reads.addAll(read(fewest));
    return reads;
  }

  /** What is read where one key and its fallbacks are all that differs from a working set. */
  private static Set<String> readWith(Map<String, String> more, String key) {
    Map<String, String> options = new HashMap<>();
    flinks.keySet().forEach(other -> options.put(other, valueFor(other)));
    options.remove(key);
    // Needed, so there must be some.
    if (key.endsWith("store")) {
      options.put("security.ssl." + key.substring(key.lastIndexOf('.') + 1), "store");
    }
    if (key.endsWith(".enabled")) {
      options.put("security.ssl.enabled", "true");
    }
    options.putAll(more);
    return read(options);
  }

  private static Set<String> read(Map<String, String> values) {
    Set<String> reads = new HashSet<>();
    Options options =
        new Options() {
          @Override
          public Optional<String> text(String key) {
            reads.add(key);
            return Optional.ofNullable(values.get(key));
          }

          @Override
          public FlinkDefaults defaults() {
            return FlinkDefaults.flink1();
          }
        };
    SslOptions.isRustls(options);
    for (Channel channel : Channel.values()) {
      SslOptions.isEnabled(options, channel);
      if (channel.scope() == Scope.INTERNAL) {
        ChannelSettings.internal(options, channel);
      } else {
        ChannelSettings.rest(options, channel.isClient());
      }
    }
    SslOptions.handshakeTimeoutMillis(options);
    SslOptions.closeNotifyFlushTimeoutMillis(options);
    SslOptions.expiryWarning(options);
    return reads;
  }

  private static String valueFor(String key) {
    switch (key) {
      case "security.ssl.protocol":
        return "TLSv1.2";
      case "security.ssl.algorithms":
        return "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
      default:
        if (key.endsWith("enabled") || key.endsWith("verify-hostname")) {
          return "true";
        }
        return key.contains("session-") || key.endsWith("timeout") ? "1000" : "store";
    }
  }

  private static Set<String> fallbacks() {
    return flinks.values().stream()
        .flatMap(row -> DocumentTable.codes(row.get(1)).stream())
        .collect(Collectors.toSet());
  }

  /** String literals of a form, in the sources of a folder. */
  private static Set<String> literals(String form, Path folder) throws IOException {
    Pattern pattern = Pattern.compile("\"(" + form + ")\"");
    Set<String> literals = new TreeSet<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).collect(Collectors.toList())) {
        Matcher matcher = pattern.matcher(Files.readString(file));
        while (matcher.find()) {
          literals.add(matcher.group(1));
        }
      }
    }
    return literals;
  }

  private static URLClassLoader loader(String jar) throws IOException {
    URL url = Path.of(System.getProperty("other.flinks"), jar).toUri().toURL();
    return new URLClassLoader(new URL[] {url}, ClassLoader.getPlatformClassLoader());
  }

  /** A {@code ConfigOption}, of whatever version. */
  private static final class FlinksOption {
    final String key;
    final Object defaultValue;
    final List<String> olderKeys = new ArrayList<>();

    private FlinksOption(Object option) throws ReflectiveOperationException {
      this.key = (String) call(option, "key");
      this.defaultValue = call(option, "defaultValue");
      for (Object fallback : (Iterable<?>) call(option, "fallbackKeys")) {
        olderKeys.add((String) call(fallback, "getKey"));
      }
    }

    private static Object call(Object target, String method) throws ReflectiveOperationException {
      return target.getClass().getMethod(method).invoke(target);
    }

    List<String> allKeys() {
      List<String> keys = new ArrayList<>(olderKeys);
      keys.add(key);
      return keys;
    }

    /** All that have to do with TLS. */
    static List<FlinksOption> of(ClassLoader flink) throws ReflectiveOperationException {
      List<FlinksOption> options = new ArrayList<>();
      for (Map.Entry<String, String> entry : FLINKS.entrySet()) {
        Class<?> type = flink.loadClass("org.apache.flink.configuration." + entry.getKey());
        for (Field field : type.getFields()) {
          if (Modifier.isStatic(field.getModifiers())
              && field.getType().getSimpleName().equals("ConfigOption")) {
            FlinksOption option = new FlinksOption(field.get(null));
            if (option.key.startsWith(entry.getValue())) {
              options.add(option);
            }
          }
        }
      }
      return options;
    }
  }
}
