package io.rustlsjvm.jsse;

/**
 * What the native handshake asks of Java key and trust managers, during {@link
 * EngineNatives#runTask} and on its thread.
 *
 * <p>No method may throw: failures are kept on the Java side and answered by an alert.
 */
abstract class HandshakeCallbacks {
  /** A chain and its key, which either is on the native side or signs through {@link #sign}. */
  static final class Credential {
    final byte[][] chain;
    final Object key;
    final int[] schemes;

    /** Address of a key of {@link KeyNatives}, or 0. */
    final long parsedKey;

    /** Keeps that key alive while somebody holds this. */
    private final NativeHandle owner;

    /**
     * @param chain DER, leaf first; read where there is no native key
     * @param nativeKey chain and key, or null where the key cannot be exported
     * @param key handed back to {@link #sign}
     * @param schemes what such a key can sign, by IANA code points
     */
    Credential(byte[][] chain, NativeHandle nativeKey, Object key, int[] schemes) {
      this.chain = chain;
      this.key = key;
      this.owner = nativeKey;
      this.parsedKey = nativeKey == null ? 0 : nativeKey.address();
      this.schemes = schemes;
    }
  }

  /** What a server makes of a client's first message. */
  static final class Welcome {
    final int alert;
    final String applicationProtocol;
    final long issuers;

    /** Keeps the list of issuers alive while somebody holds this. */
    private final NativeHandle owner;

    private Welcome(int alert, String applicationProtocol, NativeHandle issuers) {
      this.alert = alert;
      this.applicationProtocol = applicationProtocol;
      this.owner = issuers;
      this.issuers = issuers == null ? 0 : issuers.address();
    }

    /**
     * @param applicationProtocol empty for none, null to go by the list that is set
     * @param issuers what {@link ContextNatives#issuers} has made, or null for none
     */
    static Welcome of(String applicationProtocol, NativeHandle issuers) {
      return new Welcome(0, applicationProtocol, issuers);
    }

    /**
     * @param alert description of the alert to send (RFC 8446 §6.2)
     */
    static Welcome refusal(int alert) {
      return new Welcome(alert, null, null);
    }
  }

  /**
   * Looks at a client's first message, before anything of it is answered; asked where {@link
   * EngineNatives#FLAG_WELCOME} says so.
   *
   * @param serverName SNI that the client sent, or null
   * @param applicationProtocols ALPN names in the client's order; empty for none
   * @param signatureSchemes IANA code points that the client can verify (RFC 8446 §4.2.3)
   * @param protocol code point of the version that it will be, 0 for none
   * @param cipherSuite code point of the suite that it will be, 0 for none
   */
  abstract Welcome welcome(
      String serverName,
      String[] applicationProtocols,
      int[] signatureSchemes,
      int protocol,
      int cipherSuite);

  /**
   * Chooses whom to be.
   *
   * @param signatureSchemes IANA code points that the peer can verify (RFC 8446 §4.2.3)
   * @param issuers DER of the distinguished names that the peer trusts; empty for any
   * @param serverName SNI that the client sent, or null
   * @return null for no certificate
   */
  abstract Credential chooseCredential(
      int protocol, int[] signatureSchemes, byte[][] issuers, String serverName);

  /**
   * Signs with a key that cannot be exported.
   *
   * @param scheme IANA code point, RFC 8446 §4.2.3
   * @return null when it fails
   */
  abstract byte[] sign(Object key, int scheme, byte[] message);

  /**
   * Judges the peer.
   *
   * @param chain DER, leaf first, not empty
   * @param authType as {@code X509TrustManager} has it
   * @param protocol 0x0303 or 0x0304, or 0 while unknown
   * @param cipherSuite IANA code point, or 0 while unknown
   * @return 0 to accept, else the description of the alert to send (RFC 8446 §6.2)
   */
  abstract int checkPeer(
      byte[][] chain, String authType, int protocol, int cipherSuite, byte[] ocspResponse);
}
