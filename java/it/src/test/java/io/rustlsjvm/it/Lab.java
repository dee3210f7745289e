package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import io.rustlsjvm.demo.cluster.JvmProcess;
import io.rustlsjvm.it.lab.ChannelLab;
import io.rustlsjvm.it.lab.Experiment;
import io.rustlsjvm.it.lab.Observation;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Has experiments done in a JVM of their own, and keeps what came of them. */
final class Lab {
  private final List<Experiment> experiments = new ArrayList<>();
  private final Path folder;
  private final Map<String, Observation> observations = new LinkedHashMap<>();
  private String log;

  /**
   * Starts a list of experiments.
   *
   * @param name of the folder with its files
   * @throws IOException when the folder cannot be made
   */
  Lab(String name) throws IOException {
    folder = Setup.folder(name);
  }

  /** The folder with its files. */
  Path folder() {
    return folder;
  }

  /**
   * Adds one that opens a channel.
   *
   * @param name what to call it
   * @param channel {@code rpc}, {@code data}, {@code blob} or {@code rest}
   * @param server Flink's options at the server's end
   * @param client Flink's options at the client's end
   */
  Lab talk(String name, String channel, Map<String, String> server, Map<String, String> client) {
    experiments.add(new Experiment(name, channel, server, client));
    return this;
  }

  /**
   * Adds one that only makes the server's end, as a process does when it starts.
   *
   * @param name what to call it
   * @param channel {@code rpc}, {@code data}, {@code blob} or {@code rest}
   * @param server Flink's options
   */
  Lab start(String name, String channel, Map<String, String> server) {
    experiments.add(new Experiment(name, channel, server, null));
    return this;
  }

  /**
   * Does them all.
   *
   * @return this
   * @throws IOException when the process fails or takes too long
   */
  Lab run() throws IOException {
    Path request = folder.resolve("experiments.json");
    Path answer = folder.resolve("observations.json");
    Path conf = folder.resolve("log4j.properties");
    Files.write(request, new Gson().toJson(experiments).getBytes(StandardCharsets.UTF_8));
    Files.write(conf, Lab.class.getResourceAsStream("log4j.properties").readAllBytes());
    List<Path> classPath = new ArrayList<>(Setup.flink().classPath(List.of(Setup.plugin())));
    classPath.add(codeSource(ChannelLab.class));
    classPath.add(codeSource(Gson.class));
    try (JvmProcess process =
        JvmProcess.start(
            "lab",
            folder.resolve("lab.out"),
            folder.resolve("lab.log"),
            List.of(
                "-Xmx384m",
                "-Dlog.file=" + folder.resolve("lab.log"),
                "-Dlog4j.configurationFile=" + conf.toUri(),
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/java.util=ALL-UNNAMED"),
            classPath,
            List.of(ChannelLab.class.getName(), request.toString(), answer.toString()),
            Map.of())) {
      int exitCode = process.awaitExit(Duration.ofMinutes(4));
      log = process.log();
      if (exitCode != 0) {
        throw new IOException("The lab ended with " + exitCode + "\n" + process.lastLines());
      }
    }
    Observation[] all =
        new Gson()
            .fromJson(
                new String(Files.readAllBytes(answer), StandardCharsets.UTF_8),
                Observation[].class);
    for (Observation observation : all) {
      observations.put(observation.name, observation);
    }
    return this;
  }

  /** Everything that was logged. */
  String log() {
    return log;
  }

  /**
   * What came of an experiment.
   *
   * @param name the experiment's name
   */
  Observation seen(String name) {
    assertThat(observations).containsKey(name);
    return observations.get(name);
  }

  private static Path codeSource(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
