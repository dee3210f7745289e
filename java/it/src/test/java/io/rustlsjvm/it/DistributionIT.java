package io.rustlsjvm.it;

import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.Command;
import io.rustlsjvm.demo.report.TlsObservation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The jar in {@code lib} of a real distribution, whose own scripts start everything and put the
 * class path together.
 */
class DistributionIT {
  @Test
  void scriptsStartEverything() throws IOException {
    Path folder = Setup.folder("distribution");
    Path home = install(distribution(), folder.resolve("flink"));
    TlsObservation tls = new TlsObservation(folder.resolve("tls"));
    try (Cluster cluster =
        Clusters.describe(folder, tls, Stores.internalOptions("RUSTLS", Stores.get().internal()))
            .scripts(home)
            .jvmOptions((any, role) -> tls.countersOfRustls(role))
            .build()
            .start()) {
      Clusters.runJob(cluster);
      cluster.stop();

      Clusters.assertProvider(
          tls.of(cluster), "RUSTLS", "rpc", "data", "blob", "rest-server", "rest-client");
    }
  }

  /** The one that FLINK_HOME names, or else one of the version that the tests run on. */
  private static Path distribution() throws IOException {
    String home = System.getenv("FLINK_HOME");
    if (home != null && !home.isEmpty()) {
      return Path.of(home);
    }
    Command script =
        Command.run(
            Duration.ofMinutes(10),
            List.of(Setup.distributionScript().toString(), Setup.flinkVersion()));
    String[] lines = script.output().trim().split("\n");
    if (script.exitCode() != 0) {
      throw new IOException("No distribution could be had:\n" + script.output());
    }
    return Path.of(lines[lines.length - 1]);
  }

  /** A distribution of one's own to put jars into; its own jars are linked, not copied. */
  private static Path install(Path distribution, Path home) throws IOException {
    for (String name : List.of("bin", "conf", "lib", "plugins", "log")) {
      Files.createDirectories(home.resolve(name));
    }
    for (String name : List.of("bin", "conf")) {
      for (Path file : files(distribution.resolve(name))) {
        Files.copy(
            file,
            home.resolve(name).resolve(file.getFileName()),
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    for (Path jar : files(distribution.resolve("lib"))) {
      Files.createSymbolicLink(home.resolve("lib").resolve(jar.getFileName()), jar);
    }
    Files.copy(Setup.plugin(), home.resolve("lib").resolve(Setup.plugin().getFileName()));
    return home;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).collect(Collectors.toList());
    }
  }
}
