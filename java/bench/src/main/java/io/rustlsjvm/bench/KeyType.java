package io.rustlsjvm.bench;

/** What both ends sign their handshakes with. */
enum KeyType {
  RSA_2048("RSA", "-keysize", "2048"),
  RSA_4096("RSA", "-keysize", "4096"),
  P_256("ECDSA", "-groupname", "secp256r1");

  /** As TLS 1.2 names it in its cipher suites. */
  final String inSuites;

  private final String option;
  private final String size;

  KeyType(String inSuites, String option, String size) {
    this.inSuites = inSuites;
    this.option = option;
    this.size = size;
  }

  /** The options of {@code keytool -genkeypair}. */
  String[] keytoolOptions() {
    return new String[] {"-keyalg", inSuites.equals("RSA") ? "RSA" : "EC", option, size};
  }
}
