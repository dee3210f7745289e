package io.rustlsjvm.jsse;

import java.security.AlgorithmConstraints;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;

/**
 * What is set on an engine, a socket or a server socket before its handshake. Confined to its
 * owner's lock.
 */
final class EngineSettings {
  private List<String> protocols;
  private List<String> cipherSuites;
  private List<String> namedGroups;
  private boolean client;
  private ClientAuthentication clientAuthentication = ClientAuthentication.NONE;
  private boolean sessionCreation = true;
  private boolean cipherSuitesOrder = true;
  private String endpointIdentification;
  private AlgorithmConstraints algorithmConstraints;
  private List<String> applicationProtocols = List.of();
  private List<SNIServerName> serverNames;
  private Collection<SNIMatcher> serverNameMatchers;
  private int maximumPacketSize;
  private boolean retransmissions = true;

  EngineSettings(List<String> protocols, List<String> cipherSuites) {
    this.protocols = List.copyOf(protocols);
    this.cipherSuites = List.copyOf(cipherSuites);
  }

  EngineSettings(EngineSettings other) {
    this.protocols = other.protocols;
    this.cipherSuites = other.cipherSuites;
    this.namedGroups = other.namedGroups;
    this.client = other.client;
    this.clientAuthentication = other.clientAuthentication;
    this.sessionCreation = other.sessionCreation;
    this.cipherSuitesOrder = other.cipherSuitesOrder;
    this.endpointIdentification = other.endpointIdentification;
    this.algorithmConstraints = other.algorithmConstraints;
    this.applicationProtocols = other.applicationProtocols;
    this.serverNames = other.serverNames;
    this.serverNameMatchers = other.serverNameMatchers;
    this.maximumPacketSize = other.maximumPacketSize;
    this.retransmissions = other.retransmissions;
  }

  String[] protocols() {
    return protocols.toArray(new String[0]);
  }

  void setProtocols(String[] names) {
    protocols = sameOr(protocols, Protocols.usable(names));
  }

  String[] cipherSuites() {
    return cipherSuites.toArray(new String[0]);
  }

  void setCipherSuites(String[] names) {
    cipherSuites = sameOr(cipherSuites, CipherSuites.usable(names));
  }

  /** The list that is there, which connections share, where the new one says nothing else. */
  private static List<String> sameOr(List<String> there, List<String> wanted) {
    return there.equals(wanted) ? there : List.copyOf(wanted);
  }

  /** Null: the default. */
  String[] namedGroups() {
    return namedGroups == null ? null : namedGroups.toArray(new String[0]);
  }

  /**
   * @param names null for the default
   */
  void setNamedGroups(String[] names) {
    namedGroups = names == null ? null : List.copyOf(NamedGroups.usable(names));
  }

  boolean client() {
    return client;
  }

  void setClient(boolean mode) {
    client = mode;
  }

  ClientAuthentication clientAuthentication() {
    return clientAuthentication;
  }

  void setClientAuthentication(ClientAuthentication wanted) {
    clientAuthentication = wanted;
  }

  boolean sessionCreation() {
    return sessionCreation;
  }

  void setSessionCreation(boolean allowed) {
    sessionCreation = allowed;
  }

  boolean cipherSuitesOrder() {
    return cipherSuitesOrder;
  }

  /** {@code HTTPS}, {@code LDAPS}, or null for no check of names. */
  String endpointIdentification() {
    return endpointIdentification;
  }

  void setEndpointIdentification(String algorithm) {
    endpointIdentification = algorithm;
  }

  List<String> applicationProtocols() {
    return applicationProtocols;
  }

  /** Null: what the peer's host gives. Empty: none. */
  List<SNIServerName> serverNames() {
    return serverNames;
  }

  /** The host name among {@link #serverNames}: empty for none to send, null for the default. */
  String serverName() {
    if (serverNames == null) {
      return null;
    }
    for (SNIServerName name : serverNames) {
      if (name instanceof SNIHostName) {
        return ((SNIHostName) name).getAsciiName();
      }
    }
    return "";
  }

  /** Whether a server may go on with a client that asked for this name; null when it did not. */
  boolean acceptsServerName(String name) {
    if (name == null || serverNameMatchers == null || serverNameMatchers.isEmpty()) {
      return true;
    }
    SNIHostName asked;
    try {
      asked = new SNIHostName(name);
    } catch (IllegalArgumentException e) {
      return false;
    }
    boolean judged = false;
    for (SNIMatcher matcher : serverNameMatchers) {
      if (matcher.getType() == asked.getType()) {
        judged = true;
        if (matcher.matches(asked)) {
          return true;
        }
      }
    }
    return !judged;
  }

  /** Bytes of a record at most, or 0 for what the protocol allows. */
  int maximumPacketSize() {
    return maximumPacketSize;
  }

  /** Everything as JSSE's own parameter object. */
  SSLParameters toParameters() {
    SSLParameters parameters = new SSLParameters(cipherSuites(), protocols());
    switch (clientAuthentication) {
      case NEED:
        parameters.setNeedClientAuth(true);
        break;
      case WANT:
        parameters.setWantClientAuth(true);
        break;
      default:
        parameters.setNeedClientAuth(false);
    }
    parameters.setUseCipherSuitesOrder(cipherSuitesOrder);
    parameters.setEndpointIdentificationAlgorithm(endpointIdentification);
    parameters.setAlgorithmConstraints(algorithmConstraints);
    parameters.setApplicationProtocols(applicationProtocols.toArray(new String[0]));
    if (serverNames != null) {
      parameters.setServerNames(serverNames);
    }
    if (serverNameMatchers != null) {
      parameters.setSNIMatchers(serverNameMatchers);
    }
    parameters.setMaximumPacketSize(maximumPacketSize);
    parameters.setEnableRetransmissions(retransmissions);
    if (namedGroups != null) {
      NewerParameters.setNamedGroups(parameters, namedGroups());
    }
    return parameters;
  }

  /**
   * Takes over what a parameter object says. As JSSE has it, null lists leave things as they are.
   *
   * @throws IllegalArgumentException for unknown protocols, suites, groups or identification
   *     algorithms
   * @throws UnsupportedOperationException for signature schemes (Java 19), which the native side
   *     chooses by itself
   */
  void apply(SSLParameters parameters) {
    NewerParameters.refuseSignatureSchemes(parameters);
    EngineSettings checked = new EngineSettings(this);
    if (parameters.getCipherSuites() != null) {
      checked.setCipherSuites(parameters.getCipherSuites());
    }
    if (parameters.getProtocols() != null) {
      checked.setProtocols(parameters.getProtocols());
    }
    String[] groups = NewerParameters.namedGroups(parameters);
    if (groups != null) {
      checked.setNamedGroups(groups);
    }
    String algorithm = parameters.getEndpointIdentificationAlgorithm();
    if (algorithm != null && !HostNames.isKnownAlgorithm(algorithm)) {
      throw new IllegalArgumentException(
          "Unknown endpoint identification algorithm: " + algorithm + "; known are HTTPS, LDAPS");
    }
    protocols = checked.protocols;
    cipherSuites = checked.cipherSuites;
    namedGroups = checked.namedGroups;
    if (parameters.getNeedClientAuth()) {
      clientAuthentication = ClientAuthentication.NEED;
    } else if (parameters.getWantClientAuth()) {
      clientAuthentication = ClientAuthentication.WANT;
    } else {
      clientAuthentication = ClientAuthentication.NONE;
    }
    cipherSuitesOrder = parameters.getUseCipherSuitesOrder();
    endpointIdentification = algorithm == null || algorithm.isEmpty() ? null : algorithm;
    algorithmConstraints = parameters.getAlgorithmConstraints();
    applicationProtocols = List.of(parameters.getApplicationProtocols());
    List<SNIServerName> names = parameters.getServerNames();
    if (names != null) {
      serverNames = new ArrayList<>(names);
    }
    Collection<SNIMatcher> matchers = parameters.getSNIMatchers();
    if (matchers != null) {
      serverNameMatchers = new ArrayList<>(matchers);
    }
    maximumPacketSize = parameters.getMaximumPacketSize();
    retransmissions = parameters.getEnableRetransmissions();
  }

  /**
   * @throws SSLHandshakeException when nothing is left to use
   */
  void requireUsable() throws SSLHandshakeException {
    if (protocols.isEmpty()) {
      throw new SSLHandshakeException(
          "No appropriate protocol: all of the enabled protocols are obsolete; supported are "
              + Protocols.SUPPORTED);
    }
    if (cipherSuites.isEmpty()) {
      throw new SSLHandshakeException(
          "No appropriate cipher suite: all of the enabled cipher suites are obsolete; supported are "
              + CipherSuites.supported());
    }
    if (namedGroups != null && namedGroups.isEmpty()) {
      throw new SSLHandshakeException(
          "No appropriate key exchange: none of the named groups can be used; supported are "
              + NamedGroups.supported());
    }
  }
}
