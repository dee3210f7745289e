package io.rustlsjvm.jsse;

import java.security.Principal;
import java.security.PrivateKey;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
  Welcome welcome(
      String serverName,
      String[] applicationProtocols,
      int[] signatureSchemes,
      int protocol,
      int cipherSuite) {
    try {
      EngineSettings settings = engine.settings();
      if (!settings.acceptsServerName(serverName)) {
        failure = new SSLHandshakeException("Unrecognized server name: " + serverName);
        return Welcome.refusal(Alerts.UNRECOGNIZED_NAME);
      }
      List<String> offered = List.of(applicationProtocols);
      engine.showHandshake(
          SessionDetails.duringHandshake(
              protocol, cipherSuite, null, signatureSchemes, serverName, null));
      String chosen = settings.hasSelector() ? select(settings, offered) : null;
      if (chosen == null && settings.hasSelector()) {
        failure =
            new SSLHandshakeException(
                "None of the client's application protocols was chosen: " + offered);
        return Welcome.refusal(Alerts.NO_APPLICATION_PROTOCOL);
      }
      engine.showApplicationProtocol(
          chosen != null ? chosen : firstCommon(settings.applicationProtocols(), offered));
      return Welcome.of(chosen, issuers(settings));
    } catch (Throwable t) {
      failure = t;
      return Welcome.refusal(Alerts.INTERNAL_ERROR);
    }
  }

  /** What the function chooses: "" for none, null where the client is to be refused. */
  private String select(EngineSettings settings, List<String> offered) {
    if (offered.isEmpty()) {
      return "";
    }
    String chosen = settings.selectProtocol(engine, socket, offered);
    return chosen == null || chosen.isEmpty() || offered.contains(chosen) ? chosen : null;
  }

  private static String firstCommon(List<String> own, List<String> offered) {
    return own.stream().filter(offered::contains).findFirst().orElse("");
  }

  private NativeHandle issuers(EngineSettings settings) {
    return core.trust() == null || settings.clientAuthentication() == ClientAuthentication.NONE
        ? null
        : core.trust().issuers();
  }

  @Override
  Credential chooseCredential(
      int protocol, int[] signatureSchemes, byte[][] issuers, String serverName) {
    try {
      boolean client = engine.getUseClientMode();
      ManagerKeys keys = core.keys();
      if (keys == null) {
        return null;
      }
      int[] schemes = signatureSchemes == null ? new int[0] : signatureSchemes;
      int[] named = client ? SignatureScheme.withCertificates(schemes) : schemes;
      engine.showHandshake(
          SessionDetails.duringHandshake(protocol, 0, null, named, serverName, null));
      List<String> types = SignatureScheme.keyTypes(schemes);
      Principal[] names = principals(issuers);
      Credential chosen = keys.choose(client, engine, socket, types, names);
      if (chosen == null && !Protocols.NONE.equals(engine.getHandshakeSession().getProtocol())) {
        // The JDK's managers leave out chains that hold a signature which the peer has not named, a
        // root's own too, which does not count. A server had better show any chain than none.
        engine.showHandshakeOfNoProtocol();
        chosen = keys.choose(client, engine, socket, types, names);
        if (client && chosen != null && !mayBeShown(chosen, named)) {
          chosen = null;
        }
      }
      if (!client && chosen != null) {
        // A client's is nothing to be seen while the server is judged.
        engine.showHandshake(SessionDetails.shown(chosen.chain));
      }
      return chosen;
    } catch (Throwable t) {
      failure = t;
      return null;
    }
  }

  /** RFC 8446 §4.4.2.3: each signature is one that the peer has named; those of roots are free. */
  private static boolean mayBeShown(Credential chosen, int[] schemes) throws CertificateException {
    Set<String> named = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    named.addAll(List.of(SignatureScheme.algorithms(schemes)));
    for (X509Certificate certificate : Certificates.parse(chosen.chain)) {
      if (!certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
          && !named.contains(certificate.getSigAlgName())) {
        return false;
      }
    }
    return true;
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
