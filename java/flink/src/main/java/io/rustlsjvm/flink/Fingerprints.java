package io.rustlsjvm.flink;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.StringJoiner;

/** Digests of certificates, written as {@code cert.fingerprint} takes them. */
public final class Fingerprints {
  private Fingerprints() {}

  /** SHA-1 with colons, which is the one that Flink with other providers knows. */
  public static String sha1(X509Certificate certificate) {
    return of(certificate, "SHA-1");
  }

  /** SHA-256 with colons. */
  public static String sha256(X509Certificate certificate) {
    return of(certificate, "SHA-256");
  }

  /** SHA-512 with colons. */
  public static String sha512(X509Certificate certificate) {
    return of(certificate, "SHA-512");
  }

  /** Whether a list of pins, as an option has it, holds a certificate's SHA-1, 256 or 512. */
  public static boolean contains(String pins, X509Certificate certificate) {
    for (String pin : pins.split(",")) {
      String hex = bare(pin);
      if (hex.equals(bare(sha1(certificate)))
          || hex.equals(bare(sha256(certificate)))
          || hex.equals(bare(sha512(certificate)))) {
        return true;
      }
    }
    return false;
  }

  private static String bare(String pin) {
    return pin.trim().replace(":", "").toUpperCase(Locale.ROOT);
  }

  private static String of(X509Certificate certificate, String algorithm) {
    try {
      StringJoiner hex = new StringJoiner(":");
      for (byte b : MessageDigest.getInstance(algorithm).digest(certificate.getEncoded())) {
        hex.add(String.format("%02X", b));
      }
      return hex.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has " + algorithm, e);
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("A certificate that was parsed has its encoding", e);
    }
  }
}
