package io.rustlsjvm.bench;

import io.rustlsjvm.jsse.ClientAuthentication;
import io.rustlsjvm.jsse.NativeStore;
import io.rustlsjvm.jsse.RustlsContextBuilder;
import io.rustlsjvm.jsse.RustlsProvider;
import io.rustlsjvm.jsse.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Who meets whom in {@link Soak}: mutual certificates with P-256 keys, and strangers that believe
 * another authority.
 */
final class SoakContexts {
  /** Few enough for the caches of sessions to be full, and to throw out sessions, early on. */
  private static final int SESSIONS = 1_000;

  final SSLContext client;
  final SSLContext server;

  /** Believes none of the others' certificates. */
  final SSLContext strangeClient;

  /** Believes none of the others' certificates. */
  final SSLContext strangeServer;

  /** With the JDK's managers of keys and trust, as both ends. */
  final SSLContext managers;

  /** The same that believes none of the others' certificates. */
  final SSLContext strangeManagers;

  SoakContexts() throws IOException, GeneralSecurityException {
    KeyFiles own = KeyFiles.of(KeyType.P_256);
    KeyFiles other = KeyFiles.of(KeyType.RSA_2048);
    client = stores("soak-client", own.keystore, own.truststore);
    server = stores("soak-server", own.keystore, own.truststore);
    strangeClient = stores("soak-strange-client", own.keystore, other.truststore);
    strangeServer = stores("soak-strange-server", own.keystore, other.truststore);
    managers = managers(own.keystore, own.truststore);
    strangeManagers = managers(own.keystore, other.truststore);
  }

  private static SSLContext stores(String label, Path keystore, Path truststore)
      throws IOException {
    char[] password = KeyFiles.PASSWORD.toCharArray();
    try (NativeStore key = NativeStore.readKeystore(keystore.toString(), null, password, password);
        NativeStore trusted = NativeStore.readTruststore(truststore.toString(), null, password)) {
      return new RustlsContextBuilder()
          .label(label)
          .keystore(key)
          .truststore(trusted)
          .clientAuthentication(ClientAuthentication.NEED)
          .sessionCacheSize(SESSIONS)
          .build();
    } catch (StoreException e) {
      throw new IOException(e);
    }
  }

  private static SSLContext managers(Path keystore, Path truststore)
      throws IOException, GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(KeyFiles.open(keystore), KeyFiles.PASSWORD.toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore believed = KeyFiles.open(truststore);
    trust.init(believed);
    SSLContext context = SSLContext.getInstance("TLS", new RustlsProvider());
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    context.getClientSessionContext().setSessionCacheSize(SESSIONS);
    context.getServerSessionContext().setSessionCacheSize(SESSIONS);
    return context;
  }
}
