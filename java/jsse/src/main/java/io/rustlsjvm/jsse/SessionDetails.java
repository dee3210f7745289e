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
      new SessionDetails(0, 0, null, null, null, new String[0], null, null, null);

  final int protocol;
  final int cipherSuite;

  /** JSSE name of the key exchange's group, or null. */
  final String namedGroup;

  final byte[][] peerChain;
  final byte[][] localChain;
  final String[] peerSignatureAlgorithms;
  final String serverName;
  final byte[] ocspResponse;

  /** Null: all that there are. */
  final String[] localSignatureAlgorithms;

  private volatile X509Certificate[] peerCertificates;
  private volatile X509Certificate[] localCertificates;

  private SessionDetails(
      int protocol,
      int cipherSuite,
      String namedGroup,
      byte[][] peerChain,
      byte[][] localChain,
      String[] peerSignatureAlgorithms,
      String serverName,
      byte[] ocspResponse,
      String[] localSignatureAlgorithms) {
    this.protocol = protocol;
    this.cipherSuite = cipherSuite;
    this.namedGroup = namedGroup;
    this.peerChain = peerChain;
    this.localChain = localChain;
    this.peerSignatureAlgorithms = peerSignatureAlgorithms;
    this.serverName = serverName;
    this.ocspResponse = ocspResponse;
    this.localSignatureAlgorithms = localSignatureAlgorithms;
  }

  /** What managers may see while they are asked; null and 0 for what is not known yet. */
  static SessionDetails duringHandshake(
      int protocol,
      int cipherSuite,
      byte[][] peerChain,
      String[] peerSignatureAlgorithms,
      String serverName,
      byte[] ocspResponse) {
    return new SessionDetails(
        protocol,
        cipherSuite,
        null,
        peerChain,
        null,
        peerSignatureAlgorithms == null ? new String[0] : peerSignatureAlgorithms,
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
            0, 0, null, null, null, new String[0], null, null, SignatureScheme.algorithms(schemes));
  }

  /** What a server shows, for whoever judges its client. */
  static SessionDetails shown(byte[][] chain) {
    return new SessionDetails(0, 0, null, null, chain, new String[0], null, null, null);
  }

  /** Reads what stands when a handshake is finished. */
  static SessionDetails established(long engine, SessionDetails during) {
    return new SessionDetails(
        EngineNatives.protocol(engine),
        EngineNatives.cipherSuite(engine),
        EngineNatives.namedGroup(engine),
        EngineNatives.peerCertificates(engine),
        EngineNatives.localCertificates(engine),
        SignatureScheme.algorithms(EngineNatives.peerSignatureSchemes(engine)),
        EngineNatives.serverName(engine),
        during.ocspResponse,
        during.localSignatureAlgorithms);
  }

  /** This, and what was known before, where this knows nothing. */
  SessionDetails over(SessionDetails before) {
    return new SessionDetails(
        protocol != 0 ? protocol : before.protocol,
        cipherSuite != 0 ? cipherSuite : before.cipherSuite,
        namedGroup != null ? namedGroup : before.namedGroup,
        peerChain != null ? peerChain : before.peerChain,
        localChain != null ? localChain : before.localChain,
        peerSignatureAlgorithms.length != 0
            ? peerSignatureAlgorithms
            : before.peerSignatureAlgorithms,
        serverName != null ? serverName : before.serverName,
        ocspResponse != null ? ocspResponse : before.ocspResponse,
        localSignatureAlgorithms != null
            ? localSignatureAlgorithms
            : before.localSignatureAlgorithms);
  }

  /** This, but for the protocol. */
  SessionDetails withoutProtocol() {
    return new SessionDetails(
        0,
        cipherSuite,
        namedGroup,
        peerChain,
        localChain,
        peerSignatureAlgorithms,
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
    if (!(object instanceof SessionDetails)) {
      return false;
    }
    SessionDetails other = (SessionDetails) object;
    return protocol == other.protocol
        && cipherSuite == other.cipherSuite
        && Objects.equals(namedGroup, other.namedGroup)
        && Arrays.deepEquals(peerChain, other.peerChain)
        && Arrays.deepEquals(localChain, other.localChain)
        && Arrays.equals(peerSignatureAlgorithms, other.peerSignatureAlgorithms)
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
