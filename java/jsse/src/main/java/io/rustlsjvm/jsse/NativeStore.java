package io.rustlsjvm.jsse;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A key store or trust store that was read by the native side; its private key never is a Java
 * object. Only where the key cannot leave its provider ({@link #ofKeyStore}) it stays in Java and
 * signs there.
 *
 * <p>Contexts that were made from a store share its content: it may be closed as soon as they are
 * built. A store that is not closed is freed when it becomes garbage.
 */
public final class NativeStore implements AutoCloseable {
  private final NativeHandle handle;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final String description;
  private final ManagerKeys keys;
  private final List<X509Certificate> chain;
  private final List<X509Certificate> trusted;

  private NativeStore(long address, String description, String source) throws StoreException {
    this.handle = new NativeHandle(address, StoreNatives::free);
    this.description = description;
    this.keys = null;
    try {
      this.chain = parse(StoreNatives.keyChain(address), source);
      this.trusted = parse(StoreNatives.trusted(address), source);
    } catch (StoreException e) {
      handle.close();
      throw e;
    }
  }

  /** Of what Java has parsed itself, where the native side has no key. */
  private NativeStore(
      long address, String description, ManagerKeys keys, List<X509Certificate> trusted) {
    this.handle = new NativeHandle(address, StoreNatives::free);
    this.description = description;
    this.keys = keys;
    this.chain = keys == null ? List.of() : keys.certificateChain();
    this.trusted = trusted;
  }

  /**
   * As Java sees certificates. One that it cannot read makes its own stores unusable, and so it
   * does here.
   *
   * @param source what to call the store in the message
   */
  private static List<X509Certificate> parse(byte[][] certificates, String source)
      throws StoreException {
    try {
      return List.of(Certificates.parse(certificates));
    } catch (CertificateException e) {
      StoreException failure =
          new StoreException(
              StoreException.Kind.CONTENT,
              source
                  + ": Java cannot read "
                  + e.getMessage()
                  + "; take that certificate out of it, or put a sound one in its place");
      failure.initCause(e);
      throw failure;
    }
  }

  /**
   * Reads the private key and its chain from a PKCS12, JKS or PEM file, or from a folder with
   * {@code tls.crt} and {@code tls.key}.
   *
   * @param file its path; relative ones resolve against the working directory
   * @param type the configured store type, or null; where it does not fit, the content decides
   * @param storePassword null for none; not changed
   * @param keyPassword null for the store's password; not changed
   * @throws StoreException naming the file and what is wrong with it
   */
  public static NativeStore readKeystore(
      String file, String type, char[] storePassword, char[] keyPassword) throws StoreException {
    RustlsLibrary.ensureLoaded();
    byte[] store = utf8(storePassword);
    byte[] key = utf8(keyPassword);
    try {
      return new NativeStore(
          StoreNatives.readKeystore(requireFile(file), type, store, key), "keystore " + file, file);
    } finally {
      wipe(store);
      wipe(key);
    }
  }

  /**
   * Reads the trusted certificates of a PKCS12, JKS or PEM file, or of a folder with {@code
   * ca.crt}; a key entry counts by its leaf certificate.
   *
   * @param file its path; relative ones resolve against the working directory
   * @param type the configured store type, or null; where it does not fit, the content decides
   * @param password null for none; not changed
   * @throws StoreException naming the file and what is wrong with it; also where Java cannot read
   *     one of the certificates, as its own stores do
   */
  public static NativeStore readTruststore(String file, String type, char[] password)
      throws StoreException {
    RustlsLibrary.ensureLoaded();
    byte[] bytes = utf8(password);
    try {
      return new NativeStore(
          StoreNatives.readTruststore(requireFile(file), type, bytes), "truststore " + file, file);
    } finally {
      wipe(bytes);
    }
  }

  /** Makes a trust store of certificates that Java has. */
  public static NativeStore ofCertificates(Collection<X509Certificate> certificates)
      throws StoreException {
    RustlsLibrary.ensureLoaded();
    byte[][] encoded = encode(certificates);
    return new NativeStore(
        StoreNatives.ofCertificates(encoded),
        encoded.length + " trusted certificates",
        null,
        List.copyOf(certificates));
  }

  /**
   * Makes a key store of a key that Java has, for store types that only {@code java.security} can
   * read.
   *
   * @param chain leaf first
   * @throws StoreException when the key cannot be exported, or does not fit the chain
   */
  public static NativeStore ofKey(List<X509Certificate> chain, PrivateKey key)
      throws StoreException {
    RustlsLibrary.ensureLoaded();
    byte[] pkcs8 = ExportedKey.of(key);
    if (pkcs8 == null) {
      throw new StoreException(
          StoreException.Kind.UNSUPPORTED,
          "The private key (" + key.getAlgorithm() + ") cannot be exported from its store");
    }
    try {
      return new NativeStore(
          StoreNatives.ofKey(encode(chain), pkcs8), "key of the application", "the key's chain");
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
  }

  /**
   * Makes a key store of one that Java has loaded, for store types that only {@code java.security}
   * can read.
   *
   * <p>A single key that can be exported goes to the native side. Otherwise the JDK's key manager
   * keeps the keys, chooses among them for each handshake, and {@link java.security.Signature}
   * signs; that is tried here once, so that a key that cannot sign is told now.
   *
   * @param keyPassword null for none; not changed
   * @throws StoreException when there is no key that TLS can use, or it does not fit its chain
   * @throws GeneralSecurityException when the store does not hand out its keys
   */
  public static NativeStore ofKeyStore(KeyStore store, char[] keyPassword)
      throws StoreException, GeneralSecurityException {
    RustlsLibrary.ensureLoaded();
    List<String> aliases = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      if (store.isKeyEntry(alias) && store.getCertificateChain(alias) != null) {
        aliases.add(alias);
      }
    }
    if (aliases.size() == 1) {
      Key key = store.getKey(aliases.get(0), keyPassword);
      if (key instanceof PrivateKey && "PKCS#8".equals(key.getFormat())) {
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate certificate : store.getCertificateChain(aliases.get(0))) {
          chain.add((X509Certificate) certificate);
        }
        return ofKey(chain, (PrivateKey) key);
      }
    }
    ManagerKeys keys = ManagerKeys.ofKeyStore(store, keyPassword);
    keys.requireSigner();
    return new NativeStore(
        StoreNatives.ofCertificates(new byte[0][]), "key of " + store.getType(), keys, List.of());
  }

  /** The chain of the store's key, leaf first; empty when it holds no key. */
  public List<X509Certificate> certificateChain() {
    requireOpen();
    return chain;
  }

  /** The trusted certificates, in the store's order. */
  public List<X509Certificate> trustedCertificates() {
    requireOpen();
    return trusted;
  }

  /** {@code PKCS12}, {@code JKS}, {@code PEM} or {@code JAVA}. */
  public String format() {
    requireOpen();
    long address = handle.acquire();
    try {
      return StoreNatives.format(address);
    } finally {
      handle.release();
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      handle.close();
    }
  }

  @Override
  public String toString() {
    return "NativeStore[" + description + (closed.get() ? ", closed]" : "]");
  }

  /** The keys that stay in Java, or null where the handle has them. */
  ManagerKeys keys() {
    requireOpen();
    return keys;
  }

  /** The handle, for contexts. */
  NativeHandle handle() {
    return handle;
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("The " + description + " has been closed");
    }
  }

  private static String requireFile(String file) throws StoreException {
    if (file == null || file.isEmpty()) {
      throw new StoreException(StoreException.Kind.FILE, "No file is given for the store");
    }
    return file;
  }

  private static byte[][] encode(Collection<X509Certificate> certificates) throws StoreException {
    byte[][] encoded = new byte[certificates.size()][];
    int i = 0;
    for (X509Certificate certificate : certificates) {
      try {
        encoded[i++] = certificate.getEncoded();
      } catch (CertificateEncodingException e) {
        throw new StoreException(
            StoreException.Kind.FORMAT,
            "The certificate of "
                + certificate.getSubjectX500Principal()
                + " cannot be encoded: "
                + e.getMessage());
      }
    }
    return encoded;
  }

  private static byte[] utf8(char[] password) {
    if (password == null) {
      return null;
    }
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    wipe(encoded.array());
    return bytes;
  }

  private static void wipe(byte[] secret) {
    if (secret != null) {
      Arrays.fill(secret, (byte) 0);
    }
  }
}
