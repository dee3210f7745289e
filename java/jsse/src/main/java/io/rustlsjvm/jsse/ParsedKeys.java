package io.rustlsjvm.jsse;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLException;

/**
 * What handshakes need of a key manager's keys, worked out once for each: the certificates' DER,
 * and the key as the native side has it, or what it can sign where it stays in Java.
 *
 * <p>Keys are told apart as objects, and held weakly: what the key manager drops is dropped here,
 * and its native copy wiped.
 */
final class ParsedKeys {
  /** A key manager that makes a new key object for each handshake gains nothing here. */
  private static final int LIMIT = 64;

  private final Map<Identity, Parsed> keys = new HashMap<>();
  private final ReferenceQueue<PrivateKey> dropped = new ReferenceQueue<>();

  /** Which object it is. */
  private static final class Identity extends WeakReference<PrivateKey> {
    private final int hash;

    Identity(PrivateKey key, ReferenceQueue<PrivateKey> queue) {
      super(key, queue);
      this.hash = System.identityHashCode(key);
    }

    @Override
    public boolean equals(Object other) {
      if (this == other) {
        return true;
      }
      PrivateKey key = get();
      return key != null && other instanceof Identity && ((Identity) other).get() == key;
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /** Must not refer to the key. */
  private static final class Parsed {
    final X509Certificate[] chain;
    final byte[][] encoded;

    /** Null where the key cannot be exported. */
    final NativeHandle nativeKey;

    /** What such a key can sign, by IANA code points; asking a token takes its time. */
    final int[] schemes;

    Parsed(X509Certificate[] chain, byte[][] encoded, NativeHandle nativeKey, int[] schemes) {
      this.chain = chain;
      this.encoded = encoded;
      this.nativeKey = nativeKey;
      this.schemes = schemes;
    }
  }

  /**
   * The key and its chain as the native handshake takes them.
   *
   * @param chain leaf first, not empty
   * @throws SSLException for a key that can be exported but not be used
   */
  HandshakeCallbacks.Credential credential(PrivateKey key, X509Certificate[] chain)
      throws CertificateEncodingException, SSLException {
    Parsed parsed = parsed(key, chain);
    return new HandshakeCallbacks.Credential(parsed.encoded, parsed.nativeKey, key, parsed.schemes);
  }

  private synchronized Parsed parsed(PrivateKey key, X509Certificate[] chain)
      throws CertificateEncodingException, SSLException {
    forgetDropped();
    Identity identity = new Identity(key, dropped);
    Parsed known = keys.get(identity);
    if (known != null && Arrays.equals(known.chain, chain)) {
      return known;
    }
    Parsed parsed = parse(key, chain.clone());
    if (keys.size() >= LIMIT) {
      keys.clear();
    }
    // The old entry's identity would stay in the map, and is as good.
    keys.put(identity, parsed);
    return parsed;
  }

  private static Parsed parse(PrivateKey key, X509Certificate[] chain)
      throws CertificateEncodingException, SSLException {
    byte[][] encoded = new byte[chain.length][];
    for (int i = 0; i < chain.length; i++) {
      encoded[i] = chain[i].getEncoded();
    }
    byte[] pkcs8 = ExportedKey.of(key);
    if (pkcs8 == null) {
      return new Parsed(chain, encoded, null, SignatureScheme.usableWith(key));
    }
    try {
      long address = KeyNatives.parse(encoded, pkcs8);
      return new Parsed(chain, encoded, new NativeHandle(address, KeyNatives::free), null);
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
  }

  private void forgetDropped() {
    for (Reference<?> gone; (gone = dropped.poll()) != null; ) {
      Parsed parsed = keys.remove(gone);
      if (parsed != null && parsed.nativeKey != null) {
        // Nobody uses it: who does holds the key as well.
        parsed.nativeKey.close();
      }
    }
  }
}
