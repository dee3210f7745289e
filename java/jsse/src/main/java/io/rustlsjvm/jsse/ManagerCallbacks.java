package io.rustlsjvm.jsse;

import java.security.Principal;
import java.security.PrivateKey;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.security.auth.x500.X500Principal;

/**
 * Answers the native handshake out of Java managers, for one run of a delegated task. What they
 * throw is kept, to become the cause of the handshake's failure.
 */
final class ManagerCallbacks extends HandshakeCallbacks {
  private final RustlsEngine engine;
  private final SSLSocket socket;
  private final ContextCore core;
  private Throwable failure;

  /**
   * @param socket the socket that the engine works for, or null
   */
  ManagerCallbacks(RustlsEngine engine, SSLSocket socket, ContextCore core) {
    this.engine = engine;
    this.socket = socket;
    this.core = core;
  }

  /** What a manager has thrown, or null. */
  Throwable failure() {
    return failure;
  }

  @Override
  Credential chooseCredential(
      int protocol, int[] signatureSchemes, byte[][] issuers, String serverName) {
    try {
      boolean client = engine.getUseClientMode();
      if (!client && !engine.acceptsServerName(serverName)) {
        throw new SSLHandshakeException("Unrecognized server name: " + serverName);
      }
      ManagerKeys keys = core.keys();
      if (keys == null) {
        return null;
      }
      int[] schemes = signatureSchemes == null ? new int[0] : signatureSchemes;
      engine.showHandshake(
          SessionDetails.duringHandshake(
              protocol, 0, null, SignatureScheme.algorithms(schemes), serverName, null));
      return keys.choose(
          client, engine, socket, SignatureScheme.keyTypes(schemes), principals(issuers));
    } catch (Throwable t) {
      failure = t;
      return null;
    }
  }

  private static Principal[] principals(byte[][] issuers) {
    if (issuers == null || issuers.length == 0) {
      return null;
    }
    Principal[] principals = new Principal[issuers.length];
    for (int i = 0; i < issuers.length; i++) {
      principals[i] = new X500Principal(issuers[i]);
    }
    return principals;
  }

  @Override
  byte[] sign(Object key, int scheme, byte[] message) {
    try {
      SignatureScheme known = SignatureScheme.of(scheme);
      if (known == null) {
        throw new SignatureException("Unknown signature scheme " + Integer.toHexString(scheme));
      }
      return known.sign((PrivateKey) key, message);
    } catch (Throwable t) {
      failure = t;
      return null;
    }
  }

  @Override
  int checkPeer(
      byte[][] chain, String authType, int protocol, int cipherSuite, byte[] ocspResponse) {
    X509Certificate[] certificates;
    try {
      certificates = Certificates.parse(chain);
      if (certificates.length == 0) {
        throw new CertificateException("The peer showed an empty chain");
      }
    } catch (Throwable t) {
      failure = t;
      return t instanceof CertificateException ? Alerts.BAD_CERTIFICATE : Alerts.INTERNAL_ERROR;
    }
    try {
      engine.showHandshake(
          SessionDetails.duringHandshake(protocol, cipherSuite, chain, null, null, ocspResponse));
      ask(certificates, authType);
      return 0;
    } catch (Throwable t) {
      failure = t;
      return Alerts.of(t);
    }
  }

  private void ask(X509Certificate[] chain, String authType) throws CertificateException {
    ManagerTrust trust = core.trust();
    if (trust == null) {
      throw new CertificateException("The context has no trust manager");
    }
    if (engine.getUseClientMode()) {
      trust.checkServer(chain, authType, engine, socket);
    } else {
      trust.checkClient(chain, authType, engine, socket);
    }
    if (!trust.checksEndpoint() && engine.checksEndpoint()) {
      HostNames.check(engine.identity(), chain[0]);
    }
  }
}
