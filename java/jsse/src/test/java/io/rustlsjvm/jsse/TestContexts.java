package io.rustlsjvm.jsse;

import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/** Contexts of each kind, all for the same two parties. */
enum TestContexts {
  /** Stores that are read natively. */
  STORES {
    @Override
    SSLContext of(TestKeys key, TestKeys... believed) {
      try (NativeStore keystore = key == null ? null : key.keystore();
          NativeStore truststore = TestKeys.truststore(believed)) {
        return new RustlsContextBuilder().keystore(keystore).truststore(truststore).build();
      } catch (StoreException | SSLException e) {
        throw new IllegalStateException(e);
      }
    }
  },
  /** The provider, with the JDK's managers. */
  MANAGERS {
    @Override
    SSLContext of(TestKeys key, TestKeys... believed) {
      return ofManagers(key == null ? null : key.keyManagers(), TestKeys.trusting(believed));
    }
  },
  /** The JDK's own. */
  JDK {
    @Override
    SSLContext of(TestKeys key, TestKeys... believed) {
      try {
        SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
        context.init(key == null ? null : key.keyManagers(), TestKeys.trusting(believed), null);
        return context;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  };

  static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

  /**
   * @param key whom to be, or null
   */
  abstract SSLContext of(TestKeys key, TestKeys... believed);

  /** The server of most tests: believes the client. */
  SSLContext server() {
    return of(TestKeys.SERVER, TestKeys.CLIENT);
  }

  /** The client of most tests: believes the server. */
  SSLContext client() {
    return of(TestKeys.CLIENT, TestKeys.SERVER);
  }

  static SSLContext ofManagers(KeyManager[] keys, TrustManager[] trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS", new RustlsProvider());
      context.init(keys, trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A context of natively read stores whose connections are counted under a label. */
  static SSLContext labelled(String label, TestKeys key, TestKeys believed) throws Exception {
    return new RustlsContextBuilder()
        .label(label)
        .keystore(key.keystore())
        .truststore(TestKeys.truststore(believed))
        .build();
  }
}
