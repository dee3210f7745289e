package io.rustlsjvm.jsse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a handshake has settled, but for certificates: {@link EngineNatives#facts}, taken apart. */
final class HandshakeFacts {
  private static final int[] NO_SCHEMES = {};

  /** 0x0303 or 0x0304. RFC 8446 §4.2.1. */
  final int protocol;

  /** IANA code point. */
  final int cipherSuite;

  final boolean resumed;

  /**
   * A number for the session: engines with the same one share it. 0 when it cannot be resumed, and
   * before it is known.
   */
  final long session;

  /** JSSE name of the key exchange group, or null. */
  final String namedGroup;

  /** The session's id of TLS 1.2 (RFC 5246 §7.4.1.3), or null. */
  final byte[] sessionId;

  /** ALPN name that was agreed on, "" for none. */
  final String applicationProtocol;

  /** SNI that the client sent (server side), or null. */
  final String serverName;

  /**
   * IANA code points of the signatures that the peer can verify; empty where it has not said so.
   */
  final int[] peerSignatureSchemes;

  /**
   * @param bytes null where the connection has none any more: nothing is known then
   */
  HandshakeFacts(byte[] bytes) {
    if (bytes == null) {
      protocol = 0;
      cipherSuite = 0;
      resumed = false;
      session = 0;
      namedGroup = null;
      sessionId = null;
      applicationProtocol = "";
      serverName = null;
      peerSignatureSchemes = NO_SCHEMES;
      return;
    }
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    protocol = rest.getShort() & 0xffff;
    cipherSuite = rest.getShort() & 0xffff;
    resumed = rest.get() != 0;
    session = rest.getLong();
    namedGroup = string(rest);
    sessionId = vector(rest);
    String agreed = string(rest);
    applicationProtocol = agreed == null ? "" : agreed;
    serverName = string(rest);
    int[] schemes = rest.hasRemaining() ? new int[rest.remaining() / 2] : NO_SCHEMES;
    for (int i = 0; i < schemes.length; i++) {
      schemes[i] = rest.getShort() & 0xffff;
    }
    peerSignatureSchemes = schemes;
  }

  /** Null for an empty one. */
  private static byte[] vector(ByteBuffer rest) {
    int length = rest.getShort() & 0xffff;
    if (length == 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    rest.get(bytes);
    return bytes;
  }

  /** Each byte a char of its own, as {@code SSLParameters} has ALPN names; the others are ASCII. */
  private static String string(ByteBuffer rest) {
    byte[] bytes = vector(rest);
    return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
