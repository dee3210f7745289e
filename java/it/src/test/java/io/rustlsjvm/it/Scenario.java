package io.rustlsjvm.it;

import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.ClusterBuilder;
import io.rustlsjvm.demo.cluster.Command;
import io.rustlsjvm.demo.cluster.FlinkLibraries;
import io.rustlsjvm.demo.cluster.Role;
import io.rustlsjvm.demo.stores.KeystoreFile;
import io.rustlsjvm.demo.stores.TlsContexts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the operators of a cluster have set TLS up, and what a client of its REST needs. */
final class Scenario {
  private final Map<String, String> options;
  private final Map<Role, Map<String, String>> roleOptions = new LinkedHashMap<>();
  private final Path authority;
  private final Path clientPem;
  private final KeystoreFile trusted;
  private final KeystoreFile client;

  /**
   * Describes one.
   *
   * @param options Flink's options, for all processes
   * @param authority whom clients of REST trust, PEM
   * @param trusted the same as a store
   * @param clientPem what they show, PEM; null for nothing
   * @param client the same as a store; null for nothing
   */
  Scenario(
      Map<String, String> options,
      Path authority,
      KeystoreFile trusted,
      Path clientPem,
      KeystoreFile client) {
    this.options = options;
    this.authority = authority;
    this.trusted = trusted;
    this.clientPem = clientPem;
    this.client = client;
  }

  /** Adds options of one process. */
  Scenario options(Role role, Map<String, String> more) {
    roleOptions.put(role, more);
    return this;
  }

  /**
   * Starts to describe a cluster that is set up like this.
   *
   * @param folder where its files go
   * @param flink the Flink to run
   * @throws IOException when the JDK cannot read the stores
   */
  ClusterBuilder cluster(Path folder, FlinkLibraries flink) throws IOException {
    ClusterBuilder builder =
        Cluster.builder(folder, flink)
            .options(options)
            .options(Map.of("execution.checkpointing.interval", "500 ms"))
            .restTls(TlsContexts.of(trusted, client));
    roleOptions.forEach(builder::options);
    return builder;
  }

  /** Whether clients of REST have to show a certificate. */
  boolean isMutual() {
    return clientPem != null;
  }

  /**
   * Asks by curl, as the guides do.
   *
   * @param url what for
   * @param more options of curl
   */
  Command curl(String url, String... more) throws IOException {
    List<String> line = line(more);
    if (isMutual()) {
      line.addAll(List.of("--cert", clientPem.toString()));
    }
    line.add(url);
    return Command.run(Duration.ofSeconds(30), line);
  }

  /**
   * Asks by curl and shows no certificate.
   *
   * @param url what for
   */
  Command curlWithoutCertificate(String url) throws IOException {
    List<String> line = line();
    line.add(url);
    return Command.run(Duration.ofSeconds(30), line);
  }

  private List<String> line(String... more) {
    List<String> line =
        new ArrayList<>(List.of("curl", "-sS", "--retry", "5", "--cacert", authority.toString()));
    line.addAll(Arrays.asList(more));
    return line;
  }
}
