package io.rustlsjvm.jsse;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;

/**
 * What a handshake has brought about, as far as it got. Immutable; arrays are not shared out. Equal
 * ones are shared by a context's connections; certificates are parsed when someone asks for them.
 */
final class SessionDetails {
  static final SessionDetails NONE =
      new SessionDetails(0, 0, null, null, null, new int[0], null, null, null);

  final int protocol;
  final int cipherSuite;

  /** JSSE name of the key exchange's group, or null. */
  final String namedGroup;

  final byte[][] peerChain;
  final byte[][] localChain;

  /** IANA code points; empty where the peer has not said so. */
  final int[] peerSignatureSchemes;

  final String serverName;
  final byte[] ocspResponse;

  /** Null: all that there are. */
  final String[] localSignatureAlgorithms;

  private volatile X509Certificate[] peerCertificates;
  private volatile X509Certificate[] localCertificates;

  /** Null until someone asks for it. */
  private volatile String peerSubject;

  private SessionDetails(
      int protocol,
      int cipherSuite,
      String namedGroup,
      byte[][] peerChain,
      byte[][] localChain,
      int[] peerSignatureSchemes,
      String serverName,
      byte[] ocspResponse,
      String[] localSignatureAlgorithms) {
    this.protocol = protocol;
    this.cipherSuite = cipherSuite;
    this.namedGroup = namedGroup;
    this.peerChain = peerChain;
    this.localChain = localChain;
    this.peerSignatureSchemes = peerSignatureSchemes;
    this.serverName = serverName;
    this.ocspResponse = ocspResponse;
    this.localSignatureAlgorithms = localSignatureAlgorithms;
  }

  /** What managers may see while they are asked; null and 0 for what is not known yet. */
  static SessionDetails duringHandshake(
      int protocol,
      int cipherSuite,
      byte[][] peerChain,
      int[] peerSignatureSchemes,
      String serverName,
      byte[] ocspResponse) {
    return new SessionDetails(
        protocol,
        cipherSuite,
        null,
        peerChain,
        null,
        peerSignatureSchemes == null ? NONE.peerSignatureSchemes : peerSignatureSchemes,
        serverName,
        ocspResponse,
        null);
  }

  /**
   * What is known before the handshake: the signatures that may be made and taken.
   *
   * @param schemes IANA code points, or null for all that there are
   */
  static SessionDetails limitedTo(int[] schemes) {
    return schemes == null
        ? NONE
        : new SessionDetails(
            0,
            0,
            null,
            null,
            null,
            NONE.peerSignatureSchemes,
            null,
            null,
            SignatureScheme.algorithms(schemes));
  }

  /** What a server shows, for whoever judges its client. */
  static SessionDetails shown(byte[][] chain) {
    return new SessionDetails(0, 0, null, null, chain, NONE.peerSignatureSchemes, null, null, null);
  }

  /**
   * What stands when a handshake is finished.
   *
   * @param during what was known before
   */
  static SessionDetails established(
      HandshakeFacts facts, byte[][] peerChain, byte[][] localChain, SessionDetails during) {
    SessionDetails found =
        new SessionDetails(
            facts.protocol,
            facts.cipherSuite,
            facts.namedGroup,
            peerChain,
            localChain,
            facts.peerSignatureSchemes,
            facts.serverName,
            null,
            null);
    return found.over(during);
  }

  /** This, and what was known before, where this knows nothing. */
  SessionDetails over(SessionDetails before) {
    return new SessionDetails(
        protocol != 0 ? protocol : before.protocol,
        cipherSuite != 0 ? cipherSuite : before.cipherSuite,
        namedGroup != null ? namedGroup : before.namedGroup,
        peerChain != null ? peerChain : before.peerChain,
        localChain != null ? localChain : before.localChain,
        peerSignatureSchemes.length != 0 ? peerSignatureSchemes : before.peerSignatureSchemes,
        serverName != null ? serverName : before.serverName,
        ocspResponse != null ? ocspResponse : before.ocspResponse,
        localSignatureAlgorithms != null
            ? localSignatureAlgorithms
            : before.localSignatureAlgorithms);
  }

  /** The JCA's names of the signatures that the peer can verify. */
  String[] peerSignatureAlgorithms() {
    return SignatureScheme.algorithms(peerSignatureSchemes);
  }

  /** Subject of the peer's leaf certificate in the form of RFC 2253, or null for none. */
  String peerSubject() {
    String known = peerSubject;
    if (known == null && peerChain != null) {
      known = Subjects.of(peerChain);
      peerSubject = known;
    }
    return known;
  }

  /** This, but for the protocol. */
  SessionDetails withoutProtocol() {
    return new SessionDetails(
        0,
        cipherSuite,
        namedGroup,
        peerChain,
        localChain,
        peerSignatureSchemes,
        serverName,
        ocspResponse,
        localSignatureAlgorithms);
  }

  /** The peer's chain, leaf first; empty for none. */
  X509Certificate[] peerCertificates() throws CertificateException {
    X509Certificate[] parsed = peerCertificates;
    if (parsed == null) {
      parsed = Certificates.parse(peerChain);
      peerCertificates = parsed;
    }
    return parsed.clone();
  }

  /** Our chain, leaf first; empty for none. */
  X509Certificate[] localCertificates() throws CertificateException {
    X509Certificate[] parsed = localCertificates;
    if (parsed == null) {
      parsed = Certificates.parse(localChain);
      localCertificates = parsed;
    }
    return parsed.clone();
  }

  @Override
  public boolean equals(Object object) {
    if (this == object) {
      return true;
    }
    if (!(object instanceof SessionDetails)) {
      return false;
    }
    SessionDetails other = (SessionDetails) object;
    return protocol == other.protocol
        && cipherSuite == other.cipherSuite
        && Objects.equals(namedGroup, other.namedGroup)
        && Arrays.deepEquals(peerChain, other.peerChain)
        && Arrays.deepEquals(localChain, other.localChain)
        && Arrays.equals(peerSignatureSchemes, other.peerSignatureSchemes)
        && Objects.equals(serverName, other.serverName)
        && Arrays.equals(ocspResponse, other.ocspResponse)
        && Arrays.equals(localSignatureAlgorithms, other.localSignatureAlgorithms);
  }

  @Override
  public int hashCode() {
    return Objects.hash(protocol, cipherSuite, Arrays.deepHashCode(peerChain), serverName);
  }

  /** The client's SNI in JSSE's type; empty when there is none. */
  List<SNIServerName> requestedServerNames() {
    if (serverName == null) {
      return List.of();
    }
    try {
      return List.of(new SNIHostName(serverName));
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }
}
