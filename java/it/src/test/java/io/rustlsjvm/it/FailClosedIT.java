package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.ClusterBuilder;
import io.rustlsjvm.demo.cluster.FreePorts;
import io.rustlsjvm.demo.cluster.JvmProcess;
import io.rustlsjvm.demo.cluster.Role;
import io.rustlsjvm.demo.report.TlsObservation;
import io.rustlsjvm.demo.stores.TlsContexts;
import io.rustlsjvm.demo.stores.TlsOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * When anything of ours fails, the process stops and says what to do; no channel comes up on
 * another provider.
 */
class FailClosedIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void libraryIsNotThere() throws IOException {
    Path folder = Setup.folder("fail-closed-no-library");
    Path missing = folder.resolve("no-such-library.so");

    assertAllStop(
        folder, Setup.plugin(), List.of("-Drustlsjvm.library.path=" + missing), missing.toString());
  }

  @Test
  void libraryIsNoLibrary() throws IOException {
    Path folder = Setup.folder("fail-closed-garbage-library");
    Path garbage = folder.resolve("garbage.so");
    Files.write(garbage, "This is no library.".getBytes(StandardCharsets.UTF_8));

    assertAllStop(
        folder, Setup.plugin(), List.of("-Drustlsjvm.library.path=" + garbage), garbage.toString());
  }

  @Test
  void jarHoldsNoLibraryForThisPlatform() throws IOException {
    Path folder = Setup.folder("fail-closed-other-platform");
    Path stripped = folder.resolve(Setup.plugin().getFileName());
    Files.copy(Setup.plugin(), stripped);
    try (FileSystem jar =
        FileSystems.newFileSystem(URI.create("jar:" + stripped.toUri()), Map.of())) {
      try (Stream<Path> files = Files.walk(jar.getPath("/"))) {
        List<Path> libraries =
            files.filter(file -> file.toString().endsWith(".so")).collect(Collectors.toList());
        assertThat(libraries).isNotEmpty();
        for (Path library : libraries) {
          Files.delete(library);
        }
      }
    }

    assertAllStop(folder, stripped, List.of(), "platform");
  }

  @Test
  void storesAreBroken() throws IOException {
    Path folder = Setup.folder("fail-closed-broken-stores");
    Path garbage = folder.resolve("garbage.keystore");
    Files.write(garbage, "This is no keystore.".getBytes(StandardCharsets.UTF_8));
    try (Cluster cluster =
        describe(folder, Setup.plugin(), List.of())
            .options(
                Map.of(
                    "security.ssl.internal.keystore",
                    garbage.toString(),
                    "security.ssl.rest.truststore",
                    garbage.toString()))
            .options(Role.CLIENT, Map.of("security.ssl.rest.truststore", garbage.toString()))
            .build()) {
      List<JvmProcess> processes =
          List.of(
              cluster.startJobManager(), cluster.startTaskManager(1), cluster.startClient("list"));
      watch(cluster, processes, allPorts(cluster));

      for (JvmProcess process : processes) {
        assertStopped(
            process,
            process.name().equals("client")
                ? "security.ssl.rest.truststore"
                : "security.ssl.internal.keystore",
            garbage.toString());
      }
    }
  }

  @Test
  void storeOfRestAloneIsBroken() throws IOException {
    Path folder = Setup.folder("fail-closed-broken-rest-store");
    Path garbage = folder.resolve("garbage.keystore");
    Files.write(garbage, "This is no keystore.".getBytes(StandardCharsets.UTF_8));
    try (Cluster cluster =
        describe(folder, Setup.plugin(), List.of())
            .options(Map.of("security.ssl.rest.keystore", garbage.toString()))
            .build()) {
      JvmProcess jobManager = cluster.startJobManager();
      watch(cluster, List.of(jobManager), List.of(cluster.port(Role.JOB_MANAGER, "rest.port")));

      assertStopped(jobManager, "security.ssl.rest.keystore", garbage.toString());
    }
  }

  /** JobManager, TaskManager and client, all with the same fault. */
  private static void assertAllStop(
      Path folder, Path plugin, List<String> jvmOptions, String message) throws IOException {
    try (Cluster cluster = describe(folder, plugin, jvmOptions).build()) {
      List<JvmProcess> processes =
          List.of(
              cluster.startJobManager(), cluster.startTaskManager(1), cluster.startClient("list"));
      watch(cluster, processes, allPorts(cluster));

      for (JvmProcess process : processes) {
        assertStopped(process, message, "rustls");
      }
    }
  }

  private static ClusterBuilder describe(Path folder, Path plugin, List<String> jvmOptions)
      throws IOException {
    Stores stores = Stores.get();
    return Clusters.describe(
            folder,
            new TlsObservation(folder.resolve("tls")),
            Stores.internalOptions("RUSTLS", stores.internalNamed()))
        .jars(List.of(plugin))
        .jvmOptions((cluster, role) -> jvmOptions)
        .options(Role.CLIENT, TlsOptions.rest(stores.client(), stores.trusted(), true))
        .restTls(TlsContexts.of(stores.trusted(), stores.client()));
  }

  private static List<Integer> allPorts(Cluster cluster) {
    List<Integer> ports = new ArrayList<>();
    cluster.ports().values().forEach(ofProcess -> ports.addAll(ofProcess.values()));
    return ports;
  }

  /** Waits until all processes have ended, and sees to it that nothing listens meanwhile. */
  private static void watch(Cluster cluster, List<JvmProcess> processes, List<Integer> ports)
      throws IOException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (processes.stream().anyMatch(JvmProcess::isAlive) && System.nanoTime() < end) {
      for (int port : ports) {
        assertThat(FreePorts.isOpen(port)).as("port in " + cluster.ports()).isFalse();
      }
      Processes.pause();
    }
  }

  private static void assertStopped(JvmProcess process, String... messages) throws IOException {
    assertThat(process.isAlive()).as(process.name() + " has ended").isFalse();
    assertThat(process.exitCode()).as(process.name()).isNotZero();
    assertThat(process.log()).as(process.name()).contains(messages);
  }
}
