package io.rustlsjvm.jsse;

import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Subjects of leaf certificates for the statistics; a peer's is parsed at its first handshake. */
final class Subjects {
  /** More than a cluster has; beyond that the oldest do not matter. */
  private static final int MAXIMUM = 1_024;

  private static final Map<ByteBuffer, String> KNOWN = new ConcurrentHashMap<>();

  private Subjects() {}

  /** In the form of RFC 2253, or null where there is no certificate. */
  static String of(byte[][] chain) {
    if (chain == null || chain.length == 0) {
      return null;
    }
    ByteBuffer leaf = ByteBuffer.wrap(chain[0]);
    String known = KNOWN.get(leaf);
    if (known == null) {
      known = parse(chain[0]);
      if (KNOWN.size() >= MAXIMUM) {
        KNOWN.clear();
      }
      KNOWN.put(leaf, known);
    }
    return known;
  }

  private static String parse(byte[] leaf) {
    try {
      return Certificates.parse(new byte[][] {leaf})[0].getSubjectX500Principal().getName();
    } catch (CertificateException e) {
      return "(unreadable)";
    }
  }
}
