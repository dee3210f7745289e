package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That the tests are there which {@code docs/security.md} names. */
class SecurityDocumentTest {
  private static final Path PROJECT = Path.of(System.getProperty("basedir", "."), "..", "..");

  private static Set<String> named(String document, String pattern) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = Pattern.compile(pattern).matcher(document);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  @Test
  void namesTestsThatAreThere() throws Exception {
    String document = Files.readString(PROJECT.resolve("docs/security.md"));
    String promises = document.substring(0, document.indexOf("## Who is believed"));

    Set<String> classes = named(promises, "`(\\w+(?:Test|IT))`");
    assertThat(classes).hasSizeGreaterThan(20);
    try (Stream<Path> files = Files.walk(PROJECT.resolve("java"))) {
      Set<String> sources =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".java"))
              .map(name -> name.substring(0, name.length() - ".java".length()))
              .collect(Collectors.toSet());
      assertThat(sources).containsAll(classes);
    }

    Set<String> files = named(promises, "`((?:tests|src|docs|dist)/[\\w./-]*)`");
    assertThat(files).hasSizeGreaterThan(5);
    assertThat(files).allSatisfy(file -> assertThat(PROJECT.resolve(file)).exists());

    Set<String> targets = new TreeSet<>();
    for (String row : named(promises, "fuzz targets? ((?:`\\w+`(?:, )?)+)")) {
      targets.addAll(named(row, "`(\\w+)`"));
    }
    try (Stream<Path> programs = Files.list(PROJECT.resolve("fuzz/fuzz_targets"))) {
      assertThat(programs.map(file -> file.getFileName().toString().replace(".rs", "")))
          .as("fuzz targets: those that are there, and those that the document names")
          .containsAll(targets)
          .hasSizeGreaterThanOrEqualTo(targets.size());
    }
    assertThat(targets).contains("record", "handshake", "store");
  }
}
