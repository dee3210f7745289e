package io.rustlsjvm.flink.check;

import javax.net.ssl.SSLSession;

/** What a handshake has come to. */
final class Negotiated {
  private final String protocol;
  private final String cipherSuite;

  Negotiated(SSLSession session) {
    this.protocol = session.getProtocol();
    this.cipherSuite = session.getCipherSuite();
  }

  String protocol() {
    return protocol;
  }

  String cipherSuite() {
    return cipherSuite;
  }
}
