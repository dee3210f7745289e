package io.rustlsjvm.jsse;

import java.net.IDN;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Whether a certificate names a host, for trust managers that do not look themselves.
 *
 * <p>RFC 6125 and RFC 2818: subject alternative names alone; the common name does not count. A
 * wildcard stands for the whole leftmost label.
 */
final class HostNames {
  private static final Set<String> ALGORITHMS = Set.of("HTTPS", "LDAPS");

  /** RFC 5280 §4.2.1.6, GeneralName. */
  private static final int DNS_NAME = 2;

  private static final int IP_ADDRESS = 7;

  private HostNames() {}

  /** Whether the name is one that {@code setEndpointIdentificationAlgorithm} takes; "" is none. */
  static boolean isKnownAlgorithm(String algorithm) {
    return algorithm.isEmpty() || ALGORITHMS.contains(algorithm.toUpperCase(Locale.ROOT));
  }

  /**
   * @param host DNS name or address literal, or null when unknown
   * @throws CertificateException when the certificate is for others
   */
  static void check(String host, X509Certificate leaf) throws CertificateException {
    if (host == null || host.isEmpty()) {
      throw new CertificateException("The peer's host name is unknown, so it cannot be checked");
    }
    byte[] address = IpLiteral.parse(host);
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    if (names != null) {
      for (List<?> name : names) {
        if (address != null ? isAddress(name, address) : isDnsName(name, host)) {
          return;
        }
      }
    }
    throw new CertificateException(
        "No subject alternative "
            + (address != null ? "address" : "DNS name")
            + " matches "
            + host);
  }

  private static boolean isAddress(List<?> name, byte[] address) {
    return Integer.valueOf(IP_ADDRESS).equals(name.get(0))
        && name.get(1) instanceof String
        && Arrays.equals(IpLiteral.parse((String) name.get(1)), address);
  }

  private static boolean isDnsName(List<?> name, String host) {
    return Integer.valueOf(DNS_NAME).equals(name.get(0))
        && name.get(1) instanceof String
        && matches(normal(host), normal((String) name.get(1)));
  }

  private static boolean matches(String host, String pattern) {
    if (host.isEmpty() || pattern.isEmpty()) {
      return false;
    }
    if (!pattern.startsWith("*.")) {
      return host.equals(pattern);
    }
    String rest = pattern.substring(1);
    int dot = host.indexOf('.');
    // "*.com" would stand for all there is.
    return dot > 0
        && rest.indexOf('.', 1) > 0
        && rest.indexOf('*') < 0
        && host.substring(dot).equals(rest);
  }

  /** Lower case, ASCII, without the root's dot; empty when it is no name. */
  private static String normal(String name) {
    String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    try {
      return IDN.toASCII(bare).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
