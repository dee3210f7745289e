package io.rustlsjvm.jsse;

import javax.net.ssl.SSLException;

/** Natives of a context: whose key, whom to trust, and the sessions to resume. */
final class ContextNatives {
  /** The key is chosen and used through {@link HandshakeCallbacks}. */
  static final int KEY_FROM_JAVA = 1;

  /** The peer is judged through {@link HandshakeCallbacks}. */
  static final int TRUST_FROM_JAVA = 2;

  static final int CLIENT_AUTH_NONE = 0;
  static final int CLIENT_AUTH_WANT = 1;
  static final int CLIENT_AUTH_NEED = 2;

  /**
   * The peer's certificate is to be checked against the peer's host (clients only): natively with
   * stores, by the managers otherwise; sessions with and without the check are kept apart.
   */
  static final int VERIFY_HOSTNAME = 1;

  /** A server takes its own order of suites, not the client's. */
  static final int SERVER_ORDER = 2;

  private ContextNatives() {}

  /**
   * Makes a context. The stores are shared, not taken: they may be freed afterwards.
   *
   * @param keyStore address of a store with a key, or 0 for none
   * @param trustStore address of a store with trusted certificates, or 0 for none
   * @param fingerprints the leaf's SHA-1, SHA-256 or SHA-512, comma-separated hexadecimal with or
   *     without colons, or null; where given, these alone decide whom to trust
   * @param flags {@link #KEY_FROM_JAVA}, {@link #TRUST_FROM_JAVA}
   * @throws SSLException naming what is wrong with a fingerprint or the key
   */
  static native long create(long keyStore, long trustStore, String fingerprints, int flags)
      throws SSLException;

  /**
   * Sets how many sessions are kept in one role, and for how long; those that fit stay.
   *
   * @param size sessions kept at most; 0 means no limit of its own, -1 the default (20480)
   * @param timeoutSeconds a session's life; 0 means the protocol's limit, -1 the default (86400)
   */
  static native void limitSessions(long context, boolean client, int size, int timeoutSeconds);

  /** Forgets a session by its {@link HandshakeFacts#session}: it is not resumed any more. */
  static native void invalidateSession(long context, long session);

  /**
   * Makes a list of issuers for a server to tell its clients.
   *
   * @param names DER of distinguished names; a list that is too long to send becomes an empty one
   */
  static native long issuers(byte[][] names);

  static native void freeIssuers(long issuers);

  /**
   * Works out what connections ask for, and keeps it for {@link EngineNatives#create}. The last 64
   * different ones are kept, for as long as the context.
   *
   * @param protocols JSSE names, not empty
   * @param cipherSuites JSSE names in order of preference; unknown to rustls are left out
   * @param namedGroups JSSE names in order of preference; unknown to rustls are left out; null for
   *     the default
   * @param signatureSchemes IANA code points in order of preference; null for the default
   * @param applicationProtocols ALPN names in order of preference; may be empty
   * @param clientAuth one of the {@code CLIENT_AUTH} constants
   * @param maximumFragmentSize bytes of a record of the handshake with its header, before it is
   *     encrypted; 0 for the protocol's limit
   * @param flags {@link #VERIFY_HOSTNAME}, {@link #SERVER_ORDER}
   * @return a number that stands for them, never 0; equal ones have the same
   */
  static native long terms(
      long context,
      String[] protocols,
      String[] cipherSuites,
      String[] namedGroups,
      int[] signatureSchemes,
      String[] applicationProtocols,
      int clientAuth,
      int maximumFragmentSize,
      int flags);

  /** What the operator should know of the trusted certificates; mostly nothing. */
  static native String[] remarks(long context);

  /** JSSE names of the suites that can be used, in order of preference. */
  static native String[] cipherSuites();

  /** JSSE names of the groups that can be used, in order of preference. */
  static native String[] namedGroups();

  /** Those of them that are offered unless others are asked for. */
  static native String[] defaultNamedGroups();

  static native void free(long context);
}
