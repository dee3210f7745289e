package io.rustlsjvm.jsse;

import javax.net.ssl.SSLException;

/** Natives of a context: whose key, whom to trust, and the sessions to resume. */
final class ContextNatives {
  /** The key is chosen and used through {@link HandshakeCallbacks}. */
  static final int KEY_FROM_JAVA = 1;

  /** The peer is judged through {@link HandshakeCallbacks}. */
  static final int TRUST_FROM_JAVA = 2;

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

  /** Forgets a session by its {@link EngineNatives#session}: it is not resumed any more. */
  static native void invalidateSession(long context, long session);

  /**
   * Makes a list of issuers for a server to tell its clients.
   *
   * @param names DER of distinguished names; a list that is too long to send becomes an empty one
   */
  static native long issuers(byte[][] names);

  static native void freeIssuers(long issuers);

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
