package io.rustlsjvm.jsse;

import java.security.PrivateKey;
import java.util.Arrays;

/** A private key in PKCS#8, where it may leave its provider. */
final class ExportedKey {
  private ExportedKey() {}

  /**
   * The key's encoding in an array that the caller may wipe, or null where there is none.
   *
   * <p>{@code Key.getEncoded} does not say whether it hands out a copy. Two calls tell: if they
   * give the same array, that belongs to the key and must stay as it is.
   */
  static byte[] of(PrivateKey key) {
    if (!"PKCS#8".equals(key.getFormat())) {
      return null;
    }
    byte[] first = key.getEncoded();
    if (first == null) {
      return null;
    }
    byte[] second = key.getEncoded();
    if (first == second) {
      return first.clone();
    }
    if (second != null) {
      Arrays.fill(second, (byte) 0);
    }
    return first;
  }
}
