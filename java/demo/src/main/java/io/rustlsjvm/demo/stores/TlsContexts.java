package io.rustlsjvm.demo.stores;

import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The JDK's own TLS with given stores: a peer that has nothing of ours. */
public final class TlsContexts {
  private TlsContexts() {}

  /**
   * Makes a context.
   *
   * @param trusted whom to trust
   * @param key what to show; null for nothing
   * @throws IOException when a store cannot be read
   */
  public static SSLContext of(KeystoreFile trusted, KeystoreFile key) throws IOException {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted.open());
      KeyManager[] keys = null;
      if (key != null) {
        KeyManagerFactory factory =
            KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(key.open(), key.keyPassword().toCharArray());
        keys = factory.getKeyManagers();
      }
      SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
      context.init(keys, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("The JDK refuses the stores: " + e.getMessage(), e);
    }
  }
}
