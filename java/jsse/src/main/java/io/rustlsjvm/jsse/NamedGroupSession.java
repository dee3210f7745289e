package io.rustlsjvm.jsse;

/**
 * What sessions of {@link RustlsProvider} tell beyond {@code SSLSession}. Made for this project's
 * own tools; may change with any version.
 */
public interface NamedGroupSession {
  /**
   * The group of the key exchange, by its JSSE name such as {@code x25519}; null before the
   * handshake has finished, and where a TLS 1.2 session was resumed, which exchanges no keys.
   */
  String getNamedGroup();
}
