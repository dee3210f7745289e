package io.rustlsjvm.flink.check;

import io.rustlsjvm.jsse.NamedGroupSession;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/** What a handshake has come to. */
final class Negotiated {
  private final String protocol;
  private final String cipherSuite;
  private final String namedGroup;

  Negotiated(SSLSession session) {
    this.protocol = session.getProtocol();
    this.cipherSuite = session.getCipherSuite();
    this.namedGroup =
        session instanceof NamedGroupSession ? ((NamedGroupSession) session).getNamedGroup() : null;
  }

  String protocol() {
    return protocol;
  }

  String cipherSuite() {
    return cipherSuite;
  }

  /** JSSE name of the key exchange's group. */
  Optional<String> namedGroup() {
    return Optional.ofNullable(namedGroup);
  }

  /** For people. */
  @Override
  public String toString() {
    return protocol + ", " + cipherSuite + namedGroup().map(group -> ", " + group).orElse("");
  }
}
