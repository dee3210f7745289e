package io.rustlsjvm.jsse;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/** Asks a Java trust manager whether to believe a peer. */
final class ManagerTrust {
  private final X509TrustManager manager;

  /** The issuers as the manager told them last, and what was made of them; under this lock. */
  private X509Certificate[] accepted = {};

  private NativeHandle issuers;

  private ManagerTrust(X509TrustManager manager) {
    this.manager = manager;
  }

  /** The JVM's default: {@code javax.net.ssl.trustStore}, else {@code jssecacerts}, cacerts. */
  static ManagerTrust ofJavaDefault() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    return of(factory.getTrustManagers());
  }

  /**
   * The first X.509 trust manager counts, as {@code SSLContext.init} says; when there is none,
   * nobody is believed.
   */
  static ManagerTrust of(TrustManager[] managers) {
    for (TrustManager manager : managers) {
      if (manager instanceof X509TrustManager) {
        return new ManagerTrust((X509TrustManager) manager);
      }
    }
    return new ManagerTrust(new Nobody());
  }

  /**
   * Whether the manager itself looks at the engine's parameters, host names among them: {@code
   * X509ExtendedTrustManager} is documented to, the plain kind never sees the engine.
   */
  boolean checksEndpoint() {
    return manager instanceof X509ExtendedTrustManager;
  }

  /**
   * Whom the manager accepts as issuers, for a server to tell its clients (RFC 8446 §4.2.4, RFC
   * 5246 §7.4.4). Asked anew each time, as the manager's list may change.
   *
   * @return null for none
   */
  NativeHandle issuers() {
    X509Certificate[] told = manager.getAcceptedIssuers();
    if (told == null || told.length == 0) {
      return null;
    }
    synchronized (this) {
      if (!Arrays.equals(accepted, told)) {
        accepted = told.clone();
        byte[][] names =
            Stream.of(told)
                .filter(Objects::nonNull)
                .map(issuer -> issuer.getSubjectX500Principal().getEncoded())
                .toArray(byte[][]::new);
        issuers = new NativeHandle(ContextNatives.issuers(names), ContextNatives::freeIssuers);
      }
      return issuers;
    }
  }

  /**
   * @param socket the socket that the engine works for, or null
   * @throws CertificateException when the manager refuses
   */
  void checkServer(X509Certificate[] chain, String authType, SSLEngine engine, SSLSocket socket)
      throws CertificateException {
    if (!checksEndpoint()) {
      manager.checkServerTrusted(chain, authType);
    } else if (socket != null) {
      ((X509ExtendedTrustManager) manager).checkServerTrusted(chain, authType, (Socket) socket);
    } else {
      ((X509ExtendedTrustManager) manager).checkServerTrusted(chain, authType, engine);
    }
  }

  /** As {@link #checkServer}, for a server that judges its client. */
  void checkClient(X509Certificate[] chain, String authType, SSLEngine engine, SSLSocket socket)
      throws CertificateException {
    if (!checksEndpoint()) {
      manager.checkClientTrusted(chain, authType);
    } else if (socket != null) {
      ((X509ExtendedTrustManager) manager).checkClientTrusted(chain, authType, (Socket) socket);
    } else {
      ((X509ExtendedTrustManager) manager).checkClientTrusted(chain, authType, engine);
    }
  }

  private static final class Nobody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("No X509TrustManager was given to SSLContext.init");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("No X509TrustManager was given to SSLContext.init");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
