package io.rustlsjvm.flink.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.flink.TestStores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/** The packed jar, started as users start it: without a Flink. */
final class JarProcess {
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> options = new ArrayList<>();
  private String input = "";
  private boolean ordinary;
  private Path directory;

  JarProcess env(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Adds an option of the JVM. */
  JarProcess jvm(String option) {
    options.add(option);
    return this;
  }

  /** Takes from root what other users do not have: to read files that nobody may read. */
  JarProcess asOrdinaryUser() {
    ordinary = System.getProperty("user.name").equals("root");
    return this;
  }

  JarProcess input(String text) {
    input = text;
    return this;
  }

  JarProcess in(Path workingDirectory) {
    directory = workingDirectory;
    return this;
  }

  /** Runs it to its end. */
  Outcome run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (ordinary) {
      command.addAll(List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.add("-jar");
    command.add(System.getProperty("flink.rustls.jar"));
    command.addAll(List.of(arguments));
    Path err = Files.createTempFile("check", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    builder.environment().keySet().removeAll(List.of("FLINK_CONF_DIR", "FLINK_HOME"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    Outcome outcome = new Outcome(exit, out, Files.readString(err));
    Files.delete(err);
    assertThat(out + outcome.err).doesNotContain(TestStores.PASSWORD);
    return outcome;
  }

  /** What a run has left. */
  static final class Outcome {
    final int exit;
    final String out;
    final String err;

    private Outcome(int exit, String out, String err) {
      this.exit = exit;
      this.out = out;
      this.err = err;
    }

    /** The whole output as one document. */
    JsonNode json() throws IOException {
      return new ObjectMapper().readTree(out);
    }

    /** The one finding of a rule. */
    JsonNode finding(Rule rule) throws IOException {
      List<JsonNode> found = new ArrayList<>();
      json()
          .get("findings")
          .forEach(
              finding -> {
                if (finding.get("rule").asText().equals(rule.id())) {
                  found.add(finding);
                }
              });
      assertThat(found).as(rule.id() + " in " + this).hasSize(1);
      return found.get(0);
    }

    /** The rules of all findings, in their order, each once. */
    List<String> rules() throws IOException {
      List<String> rules = new ArrayList<>();
      json()
          .get("findings")
          .forEach(
              finding -> {
                String rule = finding.get("rule").asText();
                if (!rules.contains(rule)) {
                  rules.add(rule);
                }
              });
      return rules;
    }

    @Override
    public String toString() {
      return "exit " + exit + "\n" + out + err;
    }
  }
}
