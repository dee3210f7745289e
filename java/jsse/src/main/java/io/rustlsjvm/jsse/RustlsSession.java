package io.rustlsjvm.jsse;

import java.security.Principal;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionBindingEvent;
import javax.net.ssl.SSLSessionBindingListener;
import javax.net.ssl.SSLSessionContext;

/**
 * A session as JSSE shows it. Certificates are parsed when someone asks for them.
 *
 * <p>A resumed session has identity, creation time and values of the one that it resumes.
 */
final class RustlsSession extends ExtendedSSLSession implements NamedGroupSession {
  /** RFC 8446 §5.1, RFC 5246 §6.2.1: plaintext of a record. */
  static final int MAX_PLAINTEXT = 16_384;

  /** RFC 5246 §6.2.3: header, and ciphertext at most 2048 longer than the plaintext. */
  static final int MAX_RECORD = 5 + MAX_PLAINTEXT + 2_048;

  private static final SecureRandom RANDOM = new SecureRandom();

  /** What a session, those that resume it, and the one during its handshake have in common. */
  static final class Identity {
    /** Null until someone asks for it. */
    private byte[] id;

    /** {@link HandshakeFacts#session}; 0 until the handshake is finished. */
    private volatile long nativeSession;

    final long creationTime = System.currentTimeMillis();

    /** Null until something is put there. */
    private volatile Map<String, Object> values;

    volatile boolean valid = true;

    /** Of a handshake that has begun; the id is made when someone asks for it. */
    Identity() {}

    private Identity(byte[] id) {
      this.id = id;
    }

    private synchronized Identity established(byte[] sessionId, long session) {
      if (sessionId != null && sessionId.length != 0) {
        id = sessionId;
      }
      nativeSession = session;
      return this;
    }

    synchronized byte[] id() {
      if (id == null) {
        id = new byte[32];
        RANDOM.nextBytes(id);
      }
      return id;
    }

    Map<String, Object> values() {
      Map<String, Object> there = values;
      return there == null ? Map.of() : there;
    }

    synchronized Map<String, Object> writableValues() {
      if (values == null) {
        values = new ConcurrentHashMap<>();
      }
      return values;
    }
  }

  private final RustlsSessionContext context;
  private final Identity identity;
  private final SessionDetails details;

  /** Null: the client's of the details; where there is none, what the peer's host gives. */
  private final List<SNIServerName> requestedNames;

  private final String peerHost;
  private final int peerPort;
  private final boolean established;
  private final long lastAccessed;

  private RustlsSession(
      RustlsSessionContext context,
      Identity identity,
      SessionDetails details,
      List<SNIServerName> requestedNames,
      String peerHost,
      int peerPort,
      boolean established,
      long lastAccessed) {
    this.context = context;
    this.identity = identity;
    this.details = details;
    this.requestedNames = requestedNames;
    this.peerHost = peerHost;
    this.peerPort = peerPort;
    this.established = established;
    this.lastAccessed = lastAccessed;
  }

  /** The session before a handshake: {@code SSL_NULL_WITH_NULL_NULL}, not valid. */
  static RustlsSession none(String peerHost, int peerPort) {
    Identity identity = new Identity(new byte[0]);
    identity.valid = false;
    return new RustlsSession(
        null,
        identity,
        SessionDetails.NONE,
        List.of(),
        peerHost,
        peerPort,
        false,
        identity.creationTime);
  }

  /**
   * The session that {@code getHandshakeSession} shows.
   *
   * @param requestedNames null for what the details or else the peer's host give
   */
  static RustlsSession handshaking(
      Identity identity,
      SessionDetails details,
      List<SNIServerName> requestedNames,
      String peerHost,
      int peerPort) {
    return new RustlsSession(
        null, identity, details, requestedNames, peerHost, peerPort, false, identity.creationTime);
  }

  /**
   * The session of a finished handshake.
   *
   * @param begun what managers have seen during the handshake, or null
   * @param requestedNames null for what the details or else the peer's host give
   * @param id as the peers have agreed on it, or null where they have none in common
   * @param nativeSession {@link HandshakeFacts#session}
   * @param resumes the session that was resumed, where it is known, or null
   */
  static RustlsSession established(
      RustlsSessionContext context,
      Identity begun,
      SessionDetails details,
      List<SNIServerName> requestedNames,
      String peerHost,
      int peerPort,
      byte[] id,
      long nativeSession,
      RustlsSession resumes) {
    Identity identity =
        resumes != null
            ? resumes.identity
            : (begun != null ? begun : new Identity()).established(id, nativeSession);
    return new RustlsSession(
        context,
        identity,
        details,
        requestedNames,
        peerHost,
        peerPort,
        true,
        resumes != null ? System.currentTimeMillis() : identity.creationTime);
  }

  SessionDetails details() {
    return details;
  }

  /** {@link HandshakeFacts#session}. */
  long nativeSession() {
    return identity.nativeSession;
  }

  @Override
  public byte[] getId() {
    return identity.id().clone();
  }

  /** The id itself, to look at. */
  byte[] sharedId() {
    return identity.id();
  }

  @Override
  public SSLSessionContext getSessionContext() {
    return identity.valid ? context : null;
  }

  @Override
  public long getCreationTime() {
    return identity.creationTime;
  }

  @Override
  public long getLastAccessedTime() {
    return lastAccessed;
  }

  /** Takes it out of its context: nobody resumes it any more; live connections go on. */
  @Override
  public void invalidate() {
    identity.valid = false;
    if (context != null) {
      context.remove(this);
    }
  }

  @Override
  public boolean isValid() {
    return identity.valid;
  }

  @Override
  public void putValue(String name, Object value) {
    if (name == null || value == null) {
      throw new IllegalArgumentException("name and value must not be null");
    }
    unbound(name, identity.writableValues().put(name, value));
    if (value instanceof SSLSessionBindingListener) {
      ((SSLSessionBindingListener) value).valueBound(new SSLSessionBindingEvent(this, name));
    }
  }

  @Override
  public Object getValue(String name) {
    requireName(name);
    return identity.values().get(name);
  }

  @Override
  public void removeValue(String name) {
    requireName(name);
    if (identity.values().containsKey(name)) {
      unbound(name, identity.writableValues().remove(name));
    }
  }

  private static void requireName(String name) {
    if (name == null) {
      throw new IllegalArgumentException("name must not be null");
    }
  }

  private void unbound(String name, Object value) {
    if (value instanceof SSLSessionBindingListener) {
      ((SSLSessionBindingListener) value).valueUnbound(new SSLSessionBindingEvent(this, name));
    }
  }

  @Override
  public String[] getValueNames() {
    return identity.values().keySet().toArray(new String[0]);
  }

  @Override
  public Certificate[] getPeerCertificates() throws SSLPeerUnverifiedException {
    X509Certificate[] parsed;
    try {
      parsed = details.peerCertificates();
    } catch (CertificateException e) {
      throw unreadable(e);
    }
    if (parsed.length == 0) {
      throw new SSLPeerUnverifiedException("peer not authenticated");
    }
    return parsed;
  }

  private static SSLPeerUnverifiedException unreadable(Exception cause) {
    SSLPeerUnverifiedException failure =
        new SSLPeerUnverifiedException("The JDK cannot read the peer's certificate");
    failure.initCause(cause);
    return failure;
  }

  @Override
  public Certificate[] getLocalCertificates() {
    try {
      X509Certificate[] parsed = details.localCertificates();
      return parsed.length == 0 ? null : parsed;
    } catch (CertificateException e) {
      throw new IllegalStateException("The JDK cannot read our own certificate", e);
    }
  }

  /**
   * As in the JDK that runs: since 15 it no longer supports the type, which is deprecated for
   * removal.
   *
   * @throws SSLPeerUnverifiedException when the peer has shown none
   * @throws UnsupportedOperationException on Java 15 and later
   */
  @Override
  @SuppressWarnings({"deprecation", "removal"})
  public javax.security.cert.X509Certificate[] getPeerCertificateChain()
      throws SSLPeerUnverifiedException {
    if (Runtime.version().feature() >= 15) {
      throw new UnsupportedOperationException("Use getPeerCertificates");
    }
    Certificate[] chain = getPeerCertificates();
    javax.security.cert.X509Certificate[] old =
        new javax.security.cert.X509Certificate[chain.length];
    try {
      for (int i = 0; i < chain.length; i++) {
        old[i] = javax.security.cert.X509Certificate.getInstance(chain[i].getEncoded());
      }
    } catch (CertificateException | javax.security.cert.CertificateException e) {
      throw unreadable(e);
    }
    return old;
  }

  @Override
  public Principal getPeerPrincipal() throws SSLPeerUnverifiedException {
    return ((X509Certificate) getPeerCertificates()[0]).getSubjectX500Principal();
  }

  @Override
  public Principal getLocalPrincipal() {
    Certificate[] chain = getLocalCertificates();
    return chain == null ? null : ((X509Certificate) chain[0]).getSubjectX500Principal();
  }

  @Override
  public String getCipherSuite() {
    return CipherSuites.name(details.cipherSuite);
  }

  @Override
  public String getProtocol() {
    return Protocols.name(details.protocol);
  }

  @Override
  public String getNamedGroup() {
    return details.namedGroup;
  }

  @Override
  public String getPeerHost() {
    return peerHost;
  }

  @Override
  public int getPeerPort() {
    return peerPort;
  }

  @Override
  public int getPacketBufferSize() {
    return MAX_RECORD;
  }

  @Override
  public int getApplicationBufferSize() {
    return MAX_PLAINTEXT;
  }

  @Override
  public String[] getLocalSupportedSignatureAlgorithms() {
    return details.localSignatureAlgorithms == null
        ? SignatureScheme.localAlgorithms()
        : details.localSignatureAlgorithms.clone();
  }

  @Override
  public String[] getPeerSupportedSignatureAlgorithms() {
    return details.peerSignatureAlgorithms();
  }

  @Override
  public List<SNIServerName> getRequestedServerNames() {
    if (requestedNames != null) {
      return requestedNames;
    }
    return details.serverName != null
        ? details.requestedServerNames()
        : ServerNames.ofHost(peerHost);
  }

  @Override
  public List<byte[]> getStatusResponses() {
    byte[] response = details.ocspResponse;
    return response == null || response.length == 0 ? List.of() : List.of(response.clone());
  }

  /** The same session, as two connections may show it. */
  @Override
  public boolean equals(Object other) {
    return this == other
        || established
            && other instanceof RustlsSession
            && ((RustlsSession) other).identity == identity;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(identity);
  }

  @Override
  public String toString() {
    return "Session(" + getProtocol() + "|" + getCipherSuite() + ")";
  }

  /** Type check helper for callers that hold a JSSE session. */
  static boolean isEstablished(SSLSession session) {
    return session instanceof RustlsSession && ((RustlsSession) session).established;
  }
}
