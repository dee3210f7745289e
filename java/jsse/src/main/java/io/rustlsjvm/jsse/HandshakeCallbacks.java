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
