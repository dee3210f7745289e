package io.rustlsjvm.jsse;

/**
 * Natives that read key stores and trust stores.
 *
 * <p>Every {@code long} named {@code store} is an owning address that {@link #free} takes back
 * exactly once; {@link NativeHandle} sees to that.
 */
final class StoreNatives {
  private StoreNatives() {}

  /**
   * Reads the private key and its chain from a PKCS12, JKS or PEM file or a PEM folder.
   *
   * @param file path as the operator wrote it; relative paths resolve against the working directory
   * @param type the configured store type, or null: then, or where it does not fit, the content
   *     tells
   * @param storePassword UTF-8, or null; the native side wipes its copies
   * @param keyPassword UTF-8, or null for the store's password
   * @throws StoreException naming the file and what is wrong with it
   */
  static native long readKeystore(
      String file, String type, byte[] storePassword, byte[] keyPassword) throws StoreException;

  /** Reads the trusted certificates of a store; a key entry counts by its leaf. */
  static native long readTruststore(String file, String type, byte[] password)
      throws StoreException;

  /** Makes a trust store from DER certificates. */
  static native long ofCertificates(byte[][] certificates) throws StoreException;

  /** Makes a key store from a DER chain, leaf first, and its PKCS#8 key; both are copied. */
  static native long ofKey(byte[][] chain, byte[] pkcs8) throws StoreException;

  /** The key's chain in DER, leaf first; empty where the store holds no key. */
  static native byte[][] keyChain(long store);

  /** The trusted certificates in DER, in the store's order. */
  static native byte[][] trusted(long store);

  /** {@code PKCS12}, {@code JKS}, {@code PEM} or {@code JAVA}. */
  static native String format(long store);

  static native void free(long store);
}
