package io.rustlsjvm.jsse;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/** Certificates as Java parses them, version 1 and odd ones too. */
final class Certificates {
  private Certificates() {}

  /**
   * @param der leaf first; null counts as empty
   * @throws CertificateException whose message begins with the number of the certificate
   */
  static X509Certificate[] parse(byte[][] der) throws CertificateException {
    if (der == null || der.length == 0) {
      return new X509Certificate[0];
    }
    // A factory is not safe for threads; the JDK's keeps parsed certificates for all its instances.
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    X509Certificate[] parsed = new X509Certificate[der.length];
    for (int i = 0; i < der.length; i++) {
      try {
        parsed[i] = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der[i]));
      } catch (CertificateException e) {
        throw new CertificateException("certificate " + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    return parsed;
  }
}
