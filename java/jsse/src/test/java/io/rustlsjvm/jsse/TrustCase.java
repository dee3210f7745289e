package io.rustlsjvm.jsse;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A chain that a peer shows, and what the judging side has in its trust store. */
final class TrustCase {
  final String name;
  final X509Certificate[] shown;
  final PrivateKey key;
  final List<X509Certificate> trusted;

  /** The host that the client asks for and checks; null where host names are not checked. */
  final String host;

  private TrustCase(
      String name,
      X509Certificate[] shown,
      PrivateKey key,
      List<X509Certificate> trusted,
      String host) {
    this.name = name;
    this.shown = shown;
    this.key = key;
    this.trusted = trusted;
    this.host = host;
  }

  /**
   * @param shown leaf first
   */
  static TrustCase of(String name, TestCertificate trusted, TestCertificate... shown) {
    return of(name, List.of(trusted), shown);
  }

  static TrustCase of(String name, List<TestCertificate> trusted, TestCertificate... shown) {
    return new TrustCase(
        name,
        Stream.of(shown).map(one -> one.certificate).toArray(X509Certificate[]::new),
        shown[0].key(),
        trusted.stream().map(one -> one.certificate).collect(Collectors.toList()),
        null);
  }

  /** The same, by a client that asked for this host and minds. */
  TrustCase askedFor(String wanted) {
    return new TrustCase(name, shown, key, trusted, wanted);
  }

  @Override
  public String toString() {
    return name + " " + Arrays.asList(shown);
  }
}
