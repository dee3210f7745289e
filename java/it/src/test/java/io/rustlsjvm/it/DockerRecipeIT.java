package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.cluster.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What can be said of {@code docs/deploy/docker.md} without Docker: that the image gets this jar,
 * and that the options pass through what the entry point of Flink's image does with them.
 */
class DockerRecipeIT {
  @Test
  void imageGetsThisJar() throws IOException {
    String dockerfile =
        new String(Files.readAllBytes(Setup.document("deploy/Dockerfile")), StandardCharsets.UTF_8);

    assertThat(dockerfile)
        .contains("FLINK=" + Setup.flink().version(), "FROM flink:${FLINK}")
        .contains(" " + Setup.plugin().getFileName() + " /opt/flink/lib/");
  }

  /** The entry point hands each line to a script of the distribution, without its white space. */
  @Test
  void optionsReachTheConfiguration() throws IOException {
    Recipe recipe = new Recipe("deploy/docker.md");
    Map<String, String> options =
        Recipe.options(Recipe.below(recipe.block("yaml", "services:"), "FLINK_PROPERTIES"));
    assertThat(options).containsEntry("security.ssl.provider", "RUSTLS").hasSizeGreaterThan(5);
    Path home =
        Distributions.install(
            Setup.flink().version(), Setup.folder("docker-recipe").resolve("opt/flink"));
    List<String> line = new ArrayList<>();
    line.add(home.resolve("bin").resolve("config-parser-utils.sh").toString());
    for (String folder : List.of("conf", "bin", "lib")) {
      line.add(home.resolve(folder).toString());
    }
    options.forEach((key, value) -> line.add("-D" + key + "=" + value.replaceAll("\\s", "")));

    Command script = Command.run(Duration.ofMinutes(1), line);

    assertThat(script.exitCode()).as(script.output()).isZero();
    assertThat(home.resolve("lib").resolve(Setup.plugin().getFileName())).exists();
    List<String> written = new ArrayList<>();
    for (String text : Files.readAllLines(home.resolve("conf").resolve("config.yaml"))) {
      written.add(text.trim().replace("'", ""));
    }
    options.forEach(
        (key, value) -> assertThat(written).contains(key.replaceFirst(".*\\.", "") + ": " + value));
  }
}
