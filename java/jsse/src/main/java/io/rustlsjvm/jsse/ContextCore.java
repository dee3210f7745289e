package io.rustlsjvm.jsse;

import java.lang.ref.Reference;
import java.util.List;
import javax.net.ssl.SSLException;

/** What all engines and sockets of one context share. Immutable but for its sessions. */
final class ContextCore {
  /** How the channel is called in statistics and messages when nobody names it. */
  static final String NO_LABEL = "-";

  private final String label;
  private final List<String> protocols;
  private final List<String> clientCipherSuites;
  private final List<String> serverCipherSuites;
  private final List<String> namedGroups;
  private final ClientAuthentication clientAuthentication;
  private final boolean verifyHostname;
  private final int handshakeTimeoutMillis;
  private final ManagerKeys keys;
  private final ManagerTrust trust;
  private final NativeHandle keystore;
  private final NativeHandle truststore;
  private final String fingerprints;
  private final Shared<SessionDetails> details = new Shared<>();
  private final Shared<EngineSettings> sharedSettings = new Shared<>();
  private final EngineSettings clientDefaults;
  private final EngineSettings serverDefaults;
  private final RustlsSessionContext clientSessions;
  private final RustlsSessionContext serverSessions;

  /** Written under this object's lock, once. */
  private volatile NativeHandle nativeContext;

  /**
   * A context of Java managers, as {@code SSLContext.init} makes it.
   *
   * @param clientSessions served by this from now on, as are the server's
   */
  ContextCore(
      List<String> protocols,
      ManagerKeys keys,
      ManagerTrust trust,
      RustlsSessionContext clientSessions,
      RustlsSessionContext serverSessions) {
    this.label = NO_LABEL;
    this.protocols = protocols;
    // As in the JDK: a client of "TLSv1.2" needs more than the name of TLS 1.3 to speak it.
    this.clientCipherSuites = CipherSuites.of(protocols);
    this.serverCipherSuites = CipherSuites.supported();
    this.namedGroups = NamedGroups.ofSystemProperty();
    this.clientAuthentication = ClientAuthentication.NONE;
    this.verifyHostname = false;
    this.handshakeTimeoutMillis = 0;
    this.keys = keys;
    this.trust = trust;
    this.keystore = null;
    this.truststore = null;
    this.fingerprints = null;
    this.clientSessions = clientSessions;
    this.serverSessions = serverSessions;
    this.clientDefaults = newSettings(true);
    this.serverDefaults = newSettings(false);
    clientSessions.belongTo(this);
    serverSessions.belongTo(this);
  }

  /** A context of stores, as {@link RustlsContextBuilder} makes it. */
  ContextCore(RustlsContextBuilder from, ManagerTrust trust) {
    this.label = from.label;
    this.protocols = from.protocols;
    this.clientCipherSuites =
        from.cipherSuites != null ? from.cipherSuites : CipherSuites.supported();
    this.serverCipherSuites = clientCipherSuites;
    this.namedGroups = from.namedGroups != null ? from.namedGroups : NamedGroups.ofSystemProperty();
    this.clientAuthentication = from.clientAuthentication;
    this.verifyHostname = from.verifyHostname;
    this.handshakeTimeoutMillis = from.handshakeTimeoutMillis;
    this.keys = from.keystore == null ? null : from.keystore.keys();
    this.trust = trust;
    this.keystore = keys == null ? retain(from.keystore) : null;
    this.truststore = retain(from.truststore);
    this.fingerprints = from.fingerprints;
    this.clientSessions =
        new RustlsSessionContext(true, from.sessionCacheSize, from.sessionTimeoutSeconds);
    this.serverSessions =
        new RustlsSessionContext(false, from.sessionCacheSize, from.sessionTimeoutSeconds);
    this.clientDefaults = newSettings(true);
    this.serverDefaults = newSettings(false);
    clientSessions.belongTo(this);
    serverSessions.belongTo(this);
  }

  /**
   * A reference that is never given back: the store may be closed by its user, but stays for
   * contexts that are still to be made of it, until this object is garbage and the handle with it.
   */
  private static NativeHandle retain(NativeStore store) {
    if (store == null) {
      return null;
    }
    store.handle().acquire();
    return store.handle();
  }

  String label() {
    return label;
  }

  ManagerKeys keys() {
    return keys;
  }

  ManagerTrust trust() {
    return trust;
  }

  /** How long a blocking socket's handshake may take; zero for no limit. */
  int handshakeTimeoutMillis() {
    return handshakeTimeoutMillis;
  }

  /** Whether the peer is judged on the native side. */
  boolean nativeTrust() {
    return trust == null;
  }

  RustlsSessionContext sessions(boolean client) {
    return client ? clientSessions : serverSessions;
  }

  /** The details of finished handshakes, one for all that are equal. */
  Shared<SessionDetails> details() {
    return details;
  }

  /** What connections start with. */
  EngineSettings defaults(boolean client) {
    return client ? clientDefaults : serverDefaults;
  }

  private EngineSettings newSettings(boolean client) {
    EngineSettings settings =
        new EngineSettings(sharedSettings, protocols, clientCipherSuites, serverCipherSuites);
    settings.setClient(client);
    settings.setNamedGroups(namedGroups == null ? null : namedGroups.toArray(new String[0]));
    settings.setClientAuthentication(clientAuthentication);
    if (verifyHostname) {
      settings.setEndpointIdentification("HTTPS");
    }
    return settings.shared();
  }

  /** Everything that could be set. */
  EngineSettings supportedSettings() {
    EngineSettings settings =
        new EngineSettings(
            sharedSettings,
            Protocols.SUPPORTED,
            CipherSuites.supported(),
            CipherSuites.supported());
    settings.setNamedGroups(NamedGroups.supported().toArray(new String[0]));
    settings.setSignatureSchemes(SignatureScheme.supported());
    return settings;
  }

  /** The native context, made at its first use. */
  NativeHandle nativeContext() throws SSLException {
    NativeHandle made = nativeContext;
    return made != null ? made : makeNativeContext();
  }

  private synchronized NativeHandle makeNativeContext() throws SSLException {
    if (nativeContext == null) {
      NativeHandle made = newNativeContext();
      limit(made, clientSessions);
      limit(made, serverSessions);
      nativeContext = made;
    }
    return nativeContext;
  }

  private NativeHandle newNativeContext() throws SSLException {
    int flags =
        (keystore == null && keys != null ? ContextNatives.KEY_FROM_JAVA : 0)
            | (trust != null ? ContextNatives.TRUST_FROM_JAVA : 0);
    try {
      return new NativeHandle(
          ContextNatives.create(address(keystore), address(truststore), fingerprints, flags),
          ContextNatives::free);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Tells the native side of new limits. */
  synchronized void limitsChanged(RustlsSessionContext sessions) {
    if (nativeContext != null) {
      limit(nativeContext, sessions);
    }
  }

  private static void limit(NativeHandle context, RustlsSessionContext sessions) {
    ContextNatives.limitSessions(
        context.address(), sessions.isClient(), sessions.size(), sessions.timeoutSeconds());
    Reference.reachabilityFence(context);
  }

  /** Sees to it that a session, by its native number, is not resumed any more. */
  void invalidateSession(long session) {
    NativeHandle context = nativeContext;
    if (context != null && session != 0) {
      ContextNatives.invalidateSession(context.address(), session);
      Reference.reachabilityFence(context);
    }
  }

  private static long address(NativeHandle store) {
    return store == null ? 0 : store.address();
  }
}
