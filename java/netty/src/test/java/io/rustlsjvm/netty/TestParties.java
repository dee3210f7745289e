package io.rustlsjvm.netty;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Provider;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A server, {@code localhost}, and a client; each believes both. */
final class TestParties {
  final Path server;
  final Path client;

  /** Certificates of both, without keys. */
  final Path trusted;

  TestParties(Path folder) throws Exception {
    server = Keytool.selfSigned(folder, "server", "-ext", "san=dns:localhost");
    client = Keytool.selfSigned(folder, "client");
    trusted = folder.resolve("trusted.p12");
    KeyStore both = KeyStore.getInstance("PKCS12");
    both.load(null, null);
    both.setCertificateEntry("server", open(server).getCertificate("server"));
    both.setCertificateEntry("client", open(client).getCertificate("client"));
    try (var out = Files.newOutputStream(trusted)) {
      both.store(out, Keytool.PASSWORD.toCharArray());
    }
  }

  private static KeyStore open(Path file) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, Keytool.PASSWORD.toCharArray());
    }
    return store;
  }

  KeyManagerFactory keys(Path file) throws Exception {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(open(file), Keytool.PASSWORD.toCharArray());
    return factory;
  }

  TrustManagerFactory trust() throws Exception {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(open(trusted));
    return factory;
  }

  SSLContext context(Path key, Provider provider) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS", provider);
    context.init(keys(key).getKeyManagers(), trust().getTrustManagers(), null);
    return context;
  }
}
