package io.rustlsjvm.it;

import io.rustlsjvm.demo.cluster.Command;
import io.rustlsjvm.demo.cluster.Role;
import io.rustlsjvm.demo.stores.CertificateAuthority;
import io.rustlsjvm.demo.stores.KeystoreFile;
import io.rustlsjvm.demo.stores.TlsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Ways to set TLS up that operators' guides describe. */
final class Scenarios {
  /** Their names. */
  static final List<String> ALL = List.of("self-signed", "old-keys", "cert-manager", "recipe");

  private Scenarios() {}

  /**
   * One of them.
   *
   * @param name one of {@link #ALL}
   * @param folder where its stores go
   * @param version of Flink
   * @throws IOException when a tool fails
   */
  static Scenario of(String name, Path folder, String version) throws IOException {
    switch (name) {
      case "self-signed":
        return selfSigned(folder);
      case "old-keys":
        return oldKeys(folder, version);
      case "cert-manager":
        return certManager(folder);
      case "recipe":
        return recipe(folder);
      default:
        throw new IllegalArgumentException(name);
    }
  }

  /**
   * One self-signed pair inside, as both stores (S1); REST with certificates of an authority at
   * both ends (S6).
   */
  private static Scenario selfSigned(Path folder) throws IOException {
    Stores stores = Stores.get();
    Map<String, String> options = Stores.internalOptions("RUSTLS", stores.internal());
    options.putAll(TlsOptions.rest(stores.server(), stores.trusted(), true));
    Map<String, String> client = TlsOptions.rest(stores.client(), stores.trusted(), true);
    return new Scenario(
            options,
            stores.authority().certificatePem(),
            stores.trusted(),
            stores.client().exportPem(folder.resolve("client.pem")),
            stores.client())
        .options(Role.CLIENT, client)
        .options(Programs.SQL_CLIENT, client);
  }

  /**
   * The options without {@code internal} and {@code rest}, JKS stores, a keystore for each node
   * under one authority, and a key's password that is not its store's (S9). Flink 1 has one switch
   * for everything, and its RPC an older name.
   */
  static Scenario oldKeys(Path folder, String version) throws IOException {
    CertificateAuthority authority =
        CertificateAuthority.create(folder.resolve("stores"), "old-authority", Stores.RSA_BITS);
    KeystoreFile trusted = authority.truststore("-storetype", "JKS");
    Map<String, String> options = new TreeMap<>();
    options.put("security.ssl.provider", "RUSTLS");
    if (version.startsWith("1.")) {
      options.put("security.ssl.enabled", "true");
      options.put("akka.ssl.enabled", "true");
      options.put("taskmanager.data.ssl.enabled", "true");
      options.put("blob.service.ssl.enabled", "true");
      options.put("jobmanager.web.ssl.enabled", "true");
    } else {
      options.put("security.ssl.internal.enabled", "true");
      options.put("security.ssl.rest.enabled", "true");
    }
    TlsOptions.key("security.ssl", node(authority, "node1"), options);
    TlsOptions.trust("security.ssl", trusted, options);
    Map<String, String> second = new TreeMap<>();
    TlsOptions.key("security.ssl", node(authority, "node2"), second);
    return new Scenario(options, authority.certificatePem(), trusted, null, null)
        .options(Role.taskManager(2), second);
  }

  private static KeystoreFile node(CertificateAuthority authority, String name) throws IOException {
    return authority
        .request(name)
        .storeType("JKS")
        .keyPassword(name + "_key_password")
        .names("dns:" + name + ".example.org," + Stores.HERE)
        .sign(Stores.RSA_BITS);
  }

  /** One pair of stores from a Secret for everything (S8). */
  private static Scenario certManager(Path folder) throws IOException {
    CertManagerSecret secret =
        CertManagerSecret.create(folder.resolve("certs"), CertManagerSecret.Profile.LEGACY);
    Map<String, String> options = new TreeMap<>();
    options.put("security.ssl.provider", "RUSTLS");
    for (String scope : new String[] {"internal", "rest"}) {
      String prefix = "security.ssl." + scope;
      options.put(prefix + ".enabled", "true");
      TlsOptions.key(prefix, secret.keystore(), options);
      TlsOptions.trust(prefix, secret.truststore(), options);
      options.put(prefix + ".keystore-type", "PKCS12");
      options.put(prefix + ".truststore-type", "PKCS12");
    }
    return new Scenario(options, secret.file("ca.crt"), secret.truststore(), null, null);
  }

  /** What {@code docs/deploy/standalone.md} says: its very commands, and its options. */
  private static Scenario recipe(Path folder) throws IOException {
    Recipe recipe = new Recipe("deploy/standalone.md");
    Command.succeed("sh", "-ec", "cd '" + folder + "'\n" + recipe.block("sh", "openssl"));
    Path tls = folder.resolve("tls");
    Map<String, String> options = new TreeMap<>();
    Recipe.options(recipe.block("yaml", "security.ssl.provider"))
        .forEach((key, value) -> options.put(key, value.replace("/opt/flink/tls", tls.toString())));
    Path both = folder.resolve("client.pem");
    Files.write(both, Files.readAllBytes(tls.resolve("tls.crt")));
    Files.write(both, Files.readAllBytes(tls.resolve("tls.key")), StandardOpenOption.APPEND);
    PemStores peer = new PemStores(tls, folder);
    return new Scenario(options, tls.resolve("ca.crt"), peer.trusted(), both, peer.key());
  }
}
