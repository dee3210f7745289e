package io.rustlsjvm.bench;

/** What both ends of a connection agree upon. */
final class TlsSetup {
  /** What all peers have, and most prefer. */
  static final String X25519 = "x25519";

  /** {@code TLSv1.2} or {@code TLSv1.3}. */
  final String protocol;

  /** The one cipher suite, by its JSSE name. */
  final String suite;

  /** Key and certificate of both ends. */
  final KeyType key;

  /** JSSE name of the group that keys are exchanged by. */
  final String group;

  /** With X25519. */
  TlsSetup(String protocol, String cipher, KeyType key) {
    this(protocol, cipher, key, X25519);
  }

  /**
   * @param protocol {@code TLSv1.2} or {@code TLSv1.3}
   * @param cipher {@code AES_128_GCM}, {@code AES_256_GCM} or {@code CHACHA20_POLY1305}
   * @param key key and certificate of both ends
   * @param group JSSE name of the group that keys are exchanged by
   */
  TlsSetup(String protocol, String cipher, KeyType key, String group) {
    this.protocol = protocol;
    this.key = key;
    this.group = group;
    String hash = cipher.equals("AES_256_GCM") ? "_SHA384" : "_SHA256";
    this.suite =
        protocol.equals("TLSv1.3")
            ? "TLS_" + cipher + hash
            : "TLS_ECDHE_" + key.inSuites + "_WITH_" + cipher + hash;
  }

  String[] protocols() {
    return new String[] {protocol};
  }

  /** With one of TLS 1.2 behind it: that is where Conscrypt reads off which keys it may show. */
  String[] suites() {
    return protocol.equals("TLSv1.3")
        ? new String[] {suite, "TLS_ECDHE_" + key.inSuites + "_WITH_AES_128_GCM_SHA256"}
        : new String[] {suite};
  }
}
