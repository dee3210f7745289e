package io.rustlsjvm.jsse;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Shows a chain, by the JDK's engine, to one who judges it, in a whole handshake. */
enum TrustVerdicts {
  /** The JDK's engine and its PKIX trust manager. */
  JDK {
    @Override
    SSLContext judge(TrustCase judged, TestKeys self) throws Exception {
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX", "SunJSSE");
      factory.init(truststore(judged));
      return context(self == null ? null : self.keyManagers(), factory.getTrustManagers());
    }
  },
  /** Ours, with stores that are read natively. */
  RUSTLS {
    @Override
    SSLContext judge(TrustCase judged, TestKeys self) throws Exception {
      try (NativeStore keystore = self == null ? null : self.keystore();
          NativeStore truststore = NativeStore.ofCertificates(judged.trusted)) {
        return new RustlsContextBuilder()
            .keystore(keystore)
            .truststore(truststore)
            .verifyHostname(judged.host != null)
            .build();
      }
    }
  },
  /** Believes whatever is shown: proves that it was. */
  ANYBODY {
    @Override
    SSLContext judge(TrustCase judged, TestKeys self) throws Exception {
      return context(
          self == null ? null : self.keyManagers(), new TrustManager[] {new Credulous()});
    }
  };

  abstract SSLContext judge(TrustCase judged, TestKeys self) throws Exception;

  /**
   * Whether the chain is believed as a server's.
   *
   * @return null if it is, else what the judge said
   */
  String ofServer(TrustCase judged, String protocol) throws Exception {
    SSLContext server = context(new KeyManager[] {new Shower(judged)}, null);
    SSLEngine client =
        judge(judged, null)
            .createSSLEngine(judged.host == null ? "node.example.org" : judged.host, 4711);
    if (judged.host != null && this == JDK) {
      SSLParameters parameters = client.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      client.setSSLParameters(parameters);
    }
    return verdict(new EnginePair(client, server.createSSLEngine()), protocol);
  }

  /** Whether the chain is believed as a client's; as {@link #ofServer}. */
  String ofClient(TrustCase judged, String protocol) throws Exception {
    SSLContext client =
        context(new KeyManager[] {new Shower(judged)}, new TrustManager[] {new Credulous()});
    SSLContext server = judge(judged, TestKeys.SERVER);
    return verdict(EnginePair.of(client, server).mutual(), protocol);
  }

  private static String verdict(EnginePair pair, String protocol) {
    try {
      pair.protocols(protocol).handshake().exchange();
      return null;
    } catch (SSLException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static SSLContext context(KeyManager[] keys, TrustManager[] trust)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
    context.init(keys, trust, null);
    return context;
  }

  private static KeyStore truststore(TrustCase judged)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int alias = 0;
    for (X509Certificate trusted : judged.trusted) {
      store.setCertificateEntry("trusted" + alias++, trusted);
    }
    return store;
  }

  /** Shows the chain, whatever is asked for. */
  private static final class Shower extends X509ExtendedKeyManager {
    private final TrustCase shown;

    Shower(TrustCase shown) {
      this.shown = shown;
    }

    private String alias(String... types) {
      String own = shown.key.getAlgorithm();
      for (String type : types) {
        if (type.equals(own)) {
          return "shown";
        }
      }
      return null;
    }

    @Override
    public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
      return alias(types);
    }

    @Override
    public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
      return alias(type);
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[] {"shown"};
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return alias(types);
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return new String[] {"shown"};
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return alias(type);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return shown.shown.clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return shown.key;
    }
  }

  private static final class Credulous extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
