package io.rustlsjvm.jsse;

import javax.net.ssl.SSLException;

/** Natives of a Java key manager's key, parsed once for all handshakes that show it. */
final class KeyNatives {
  private KeyNatives() {}

  /**
   * Parses a key; both arguments are copied.
   *
   * @param chain DER, leaf first, not empty
   * @param pkcs8 the key, which the caller wipes
   * @return an owning address that {@link #free} takes back exactly once
   * @throws SSLException for a key of a kind that cannot be used
   */
  static native long parse(byte[][] chain, byte[] pkcs8) throws SSLException;

  static native void free(long key);
}
