package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.Fingerprints;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What there is to know about a certificate. */
final class CertificateFacts {
  private static final int DNS = 2;
  private static final int URI = 6;
  private static final int IP = 7;

  private CertificateFacts() {}

  /** For people: subject first, indented by {@code indent}. */
  static String describe(X509Certificate certificate, Instant now, String indent) {
    return subject(certificate)
        + "\n"
        + indent
        + key(certificate)
        + ", issued by "
        + issuer(certificate)
        + "\n"
        + indent
        + "valid from "
        + start(certificate)
        + " until "
        + end(certificate)
        + " ("
        + days(certificate, now)
        + ")\n"
        + indent
        + "names: "
        + (names(certificate).isEmpty() ? "none" : String.join(", ", names(certificate)))
        + "\n"
        + indent
        + "SHA-1 "
        + Fingerprints.sha1(certificate)
        + "\n"
        + indent
        + "SHA-256 "
        + Fingerprints.sha256(certificate)
        + "\n";
  }

  /** In two lines, for one of many. */
  static String summary(X509Certificate certificate, Instant now, String indent) {
    return subject(certificate)
        + ", "
        + key(certificate)
        + ", until "
        + end(certificate)
        + " ("
        + days(certificate, now)
        + ")\n"
        + indent
        + "SHA-256 "
        + Fingerprints.sha256(certificate);
  }

  /** For programs. */
  static Map<String, Object> json(X509Certificate certificate) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("subject", subject(certificate));
    json.put("issuer", issuer(certificate));
    json.put("names", names(certificate));
    json.put("key", key(certificate));
    json.put("notBefore", start(certificate));
    json.put("notAfter", end(certificate));
    json.put("sha1", Fingerprints.sha1(certificate));
    json.put("sha256", Fingerprints.sha256(certificate));
    return json;
  }

  static List<Object> json(Collection<X509Certificate> certificates) {
    List<Object> json = new ArrayList<>();
    certificates.forEach(certificate -> json.add(json(certificate)));
    return json;
  }

  static String subject(X509Certificate certificate) {
    return printable(certificate.getSubjectX500Principal().toString());
  }

  static String issuer(X509Certificate certificate) {
    return printable(certificate.getIssuerX500Principal().toString());
  }

  /** Algorithm and size, for example {@code RSA 2048} or {@code EC 256}. */
  static String key(X509Certificate certificate) {
    PublicKey key = certificate.getPublicKey();
    if (key instanceof RSAPublicKey) {
      return "RSA " + ((RSAPublicKey) key).getModulus().bitLength();
    }
    if (key instanceof ECPublicKey) {
      return "EC " + ((ECPublicKey) key).getParams().getCurve().getField().getFieldSize();
    }
    return key.getAlgorithm();
  }

  /** The subject's alternative names that TLS looks at, {@code DNS:name}, {@code IP:address}. */
  static List<String> names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> alternative : alternatives) {
          String prefix = prefix((Integer) alternative.get(0));
          if (prefix != null) {
            names.add(printable(prefix + alternative.get(1)));
          }
        }
      }
    } catch (CertificateParsingException e) {
      names.add("unreadable: " + e.getMessage());
    }
    return names;
  }

  /** Without what would move about on a terminal: a peer may put anything into these. */
  static String printable(String text) {
    return text.replaceAll("\\p{C}", "?");
  }

  private static String prefix(int type) {
    switch (type) {
      case DNS:
        return "DNS:";
      case URI:
        return "URI:";
      case IP:
        return "IP:";
      default:
        return null;
    }
  }

  static String start(X509Certificate certificate) {
    return certificate.getNotBefore().toInstant().toString();
  }

  static String end(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant().toString();
  }

  private static String days(X509Certificate certificate, Instant now) {
    long days = ChronoUnit.DAYS.between(now, certificate.getNotAfter().toInstant());
    if (certificate.getNotAfter().toInstant().isBefore(now)) {
      return "expired " + -days + " days ago";
    }
    return certificate.getNotBefore().toInstant().isAfter(now)
        ? "not valid yet"
        : days + " days left";
  }
}
