package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.Command;
import io.rustlsjvm.demo.cluster.Role;
import io.rustlsjvm.demo.report.ChannelRow;
import io.rustlsjvm.demo.report.TlsObservation;
import io.rustlsjvm.demo.stores.TlsContexts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What {@code docs/deploy/kubernetes.md} tells operators, with a Secret as cert-manager fills it:
 * PEM files, and no password anywhere (S8).
 */
class KubernetesRecipeIT {
  private static Recipe recipe;
  private static String deployment;
  private static String certificate;

  @BeforeAll
  static void read() throws IOException {
    recipe = new Recipe("deploy/kubernetes.md");
    deployment = recipe.block("yaml", "kind: FlinkDeployment");
    certificate = recipe.block("yaml", "kind: Certificate");
  }

  @Test
  void clusterRunsAsTheRecipeSays() throws IOException {
    Path folder = Setup.folder("kubernetes-recipe");
    CertManagerSecret secret =
        CertManagerSecret.pem(
            folder.resolve("tls"),
            items("usages").stream()
                .map(KubernetesRecipeIT::asOpensslNamesIt)
                .collect(Collectors.joining(",")),
            items("dnsNames").stream().map(name -> "DNS:" + name).collect(Collectors.joining(",")));
    String mounted = Recipe.options(Recipe.below(deployment, "volumeMounts")).get("mountPath");
    Map<String, String> options = new TreeMap<>();
    Recipe.options(Recipe.below(deployment, "flinkConfiguration"))
        .forEach(
            (key, value) -> {
              if (key.startsWith("security.")) {
                options.put(key, value.replace(mounted, folder.resolve("tls").toString()));
              }
            });
    assertThat(options.keySet()).noneMatch(key -> key.contains("password"));
    assertThat(options).containsValue(folder.resolve("tls").toString());

    PemStores peer = new PemStores(folder.resolve("tls"), folder);
    TlsObservation tls = new TlsObservation(folder.resolve("tls-observed"));
    try (Cluster cluster =
        Cluster.builder(folder, Setup.flink())
            .jars(List.of(Setup.plugin()))
            .options(options)
            .options(Map.of("execution.checkpointing.interval", "500 ms"))
            .jvmOptions(
                (any, role) -> {
                  List<String> java = new ArrayList<>(tls.countersOfRustls(role));
                  java.addAll(tls.handshakesOfJdk(role));
                  return java;
                })
            .restTls(TlsContexts.of(peer.trusted(), peer.key()))
            .build()
            .start()) {
      Clusters.runJob(cluster);
      looksAsThePageSays(secret, cluster.port(Role.JOB_MANAGER, "rest.port"));
      cluster.stop();

      List<ChannelRow> rows = tls.of(cluster);
      Clusters.assertProvider(rows, "RUSTLS", "rpc", "data", "blob", "rest-server", "rest-client");
      assertThat(rows)
          .filteredOn(row -> row.handshakes() > 0)
          .extracting(ChannelRow::protocol)
          .containsOnly("TLSv1.3");
    }
  }

  /** What one part names, the others have. */
  @Test
  void partsFitTogether() {
    assertThat(Recipe.options(Recipe.below(deployment, "volumes")).get("secretName"))
        .isNotNull()
        .isEqualTo(Recipe.options(Recipe.below(certificate, "spec")).get("secretName"));
    String values = recipe.block("yaml", "operatorVolumeMounts");
    assertThat(Recipe.options(values).get("mountPath"))
        .isNotNull()
        .isEqualTo(Recipe.options(Recipe.below(deployment, "volumeMounts")).get("mountPath"));
    // What the jar looks for in the operator's default configuration.
    assertThat(Recipe.options(values)).containsEntry("security.ssl.provider", "RUSTLS");
    String jar = Setup.plugin().getFileName().toString();
    assertThat(recipe.block("dockerfile", "FROM flink:")).contains(jar + " /opt/flink/lib/");
    assertThat(recipe.block("dockerfile", "flink-kubernetes-operator")).contains(jar);
  }

  /** The commands of the page's end. */
  private static void looksAsThePageSays(CertManagerSecret secret, int port) throws IOException {
    String[] files = {"ca.crt", "tls.crt", "tls.key"};
    for (String line : recipe.block("sh", "openssl s_client").split("\n")) {
      if (!line.startsWith("openssl") && !line.startsWith("curl")) {
        continue;
      }
      String command = line.replace("localhost:8081", "localhost:" + port);
      for (String file : files) {
        command = command.replace(" " + file, " " + secret.file(file));
      }
      Command done = Command.run(Duration.ofSeconds(30), Arrays.asList("sh", "-c", command));
      assertThat(done.output())
          .as(command)
          .contains(line.startsWith("curl") ? "\"taskmanagers\":2" : "Verify return code: 0 (ok)");
    }
  }

  private static List<String> items(String key) {
    return Arrays.stream(Recipe.below(certificate, key).split("\n"))
        .map(line -> line.replaceFirst("^ *- *", ""))
        .collect(Collectors.toList());
  }

  private static String asOpensslNamesIt(String usage) {
    switch (usage) {
      case "server auth":
        return "serverAuth";
      case "client auth":
        return "clientAuth";
      default:
        throw new AssertionError(usage);
    }
  }
}
