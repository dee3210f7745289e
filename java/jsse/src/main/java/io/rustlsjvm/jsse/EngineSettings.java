package io.rustlsjvm.jsse;

import java.lang.ref.Reference;
import java.security.AlgorithmConstraints;
import java.security.CryptoPrimitive;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * What is set on an engine, a socket or a server socket before its handshake. Nothing of it changes
 * once {@link Settings} shows it, so that all connections with equal settings can share them.
 */
final class EngineSettings {
  /** RFC 8446 §5.1. */
  private static final int HEADER = 5;

  /** Where equal ones are found. */
  private final Shared<EngineSettings> shared;

  private final List<String> clientCipherSuites;
  private final List<String> serverCipherSuites;

  private List<String> protocols;

  /** Null until somebody sets them: those that the mode starts with. */
  private List<String> cipherSuites;

  private List<String> namedGroups;
  private List<String> signatureSchemes;
  private boolean client;
  private ClientAuthentication clientAuthentication = ClientAuthentication.NONE;
  private boolean sessionCreation = true;
  private boolean cipherSuitesOrder = true;

  /** Null where it was never set, "" where it was turned off. */
  private String endpointIdentification;

  private AlgorithmConstraints algorithmConstraints;
  private List<String> applicationProtocols = List.of();
  private List<SNIServerName> serverNames;
  private List<SNIMatcher> serverNameMatchers;
  private int maximumPacketSize;
  private boolean retransmissions = true;
  private BiFunction<SSLEngine, List<String>, String> engineSelector;
  private BiFunction<SSLSocket, List<String>, String> socketSelector;

  /** What they came to last; null before that. */
  private volatile EngineTerms terms;

  /** 0 until someone asks for it. */
  private int hash;

  /**
   * @param clientCipherSuites what clients start with, which need not be what servers do
   */
  EngineSettings(
      Shared<EngineSettings> shared,
      List<String> protocols,
      List<String> clientCipherSuites,
      List<String> serverCipherSuites) {
    this.shared = shared;
    this.protocols = List.copyOf(protocols);
    this.clientCipherSuites = List.copyOf(clientCipherSuites);
    this.serverCipherSuites = List.copyOf(serverCipherSuites);
  }

  EngineSettings(EngineSettings other) {
    this.shared = other.shared;
    this.clientCipherSuites = other.clientCipherSuites;
    this.serverCipherSuites = other.serverCipherSuites;
    this.protocols = other.protocols;
    this.cipherSuites = other.cipherSuites;
    this.namedGroups = other.namedGroups;
    this.signatureSchemes = other.signatureSchemes;
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
    this.engineSelector = other.engineSelector;
    this.socketSelector = other.socketSelector;
  }

  /**
   * The one that stands for all that are equal; one with functions of its own stands for itself.
   */
  EngineSettings shared() {
    return hasSelector() ? this : shared.of(this);
  }

  String[] protocols() {
    return protocols.toArray(new String[0]);
  }

  /** Whether they are these, in this order. */
  boolean hasProtocols(String[] names) {
    return names != null && protocols.equals(Arrays.asList(names));
  }

  void setProtocols(String[] names) {
    protocols = sameOr(protocols, Protocols.usable(names));
  }

  String[] cipherSuites() {
    return enabledCipherSuites().toArray(new String[0]);
  }

  private List<String> enabledCipherSuites() {
    if (cipherSuites != null) {
      return cipherSuites;
    }
    return client ? clientCipherSuites : serverCipherSuites;
  }

  /** Whether somebody has set these, in this order. */
  boolean hasCipherSuites(String[] names) {
    return names != null && Arrays.asList(names).equals(cipherSuites);
  }

  void setCipherSuites(String[] names) {
    cipherSuites = sameOr(enabledCipherSuites(), CipherSuites.usable(names));
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

  /** The protocols that the algorithm constraints permit, too; so with the others. */
  String[] usableProtocols() {
    return protocols.stream().filter(this::permitsKeyAgreement).toArray(String[]::new);
  }

  String[] usableCipherSuites() {
    return enabledCipherSuites().stream().filter(this::permitsKeyAgreement).toArray(String[]::new);
  }

  /** Null: the default. */
  String[] usableNamedGroups() {
    if (algorithmConstraints == null) {
      return namedGroups();
    }
    List<String> groups = namedGroups == null ? NamedGroups.initial() : namedGroups;
    return groups.stream().filter(this::permitsKeyAgreement).toArray(String[]::new);
  }

  /** Code points. Null: the default. */
  private int[] usableSignatureSchemes(String property) {
    List<String> names =
        signatureSchemes != null ? signatureSchemes : SignatureScheme.ofProperty(property);
    if (names == null && algorithmConstraints == null) {
      return null;
    }
    return SignatureScheme.usable(
        names == null ? SignatureScheme.supported() : names, algorithmConstraints);
  }

  private boolean permitsKeyAgreement(String name) {
    return algorithmConstraints == null
        || algorithmConstraints.permits(Set.of(CryptoPrimitive.KEY_AGREEMENT), name, null);
  }

  /**
   * @param names null for the default
   */
  void setSignatureSchemes(List<String> names) {
    signatureSchemes = names == null ? null : List.copyOf(names);
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

  /** {@code HTTPS}, {@code LDAPS}, or null for no check of names. */
  String endpointIdentification() {
    return endpointIdentification == null || endpointIdentification.isEmpty()
        ? null
        : endpointIdentification;
  }

  void setEndpointIdentification(String algorithm) {
    endpointIdentification = algorithm;
  }

  List<String> applicationProtocols() {
    return applicationProtocols;
  }

  BiFunction<SSLEngine, List<String>, String> engineSelector() {
    return engineSelector;
  }

  void setEngineSelector(BiFunction<SSLEngine, List<String>, String> selector) {
    engineSelector = selector;
  }

  BiFunction<SSLSocket, List<String>, String> socketSelector() {
    return socketSelector;
  }

  void setSocketSelector(BiFunction<SSLSocket, List<String>, String> selector) {
    socketSelector = selector;
  }

  /** Whether a function, not the list, chooses among a client's application protocols. */
  boolean hasSelector() {
    return engineSelector != null || socketSelector != null;
  }

  /**
   * Has the function choose.
   *
   * @param socket the socket that the engine works for, or null
   * @return one of those offered, "" for none, or null to refuse
   */
  String selectProtocol(SSLEngine engine, SSLSocket socket, List<String> offered) {
    return socketSelector != null
        ? socketSelector.apply(socket, offered)
        : engineSelector.apply(engine, offered);
  }

  /** Whether names that a client asks for are to be judged by {@link #acceptsServerName}. */
  boolean hasServerNameMatchers() {
    return serverNameMatchers != null && !serverNameMatchers.isEmpty();
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
    if (name == null || !hasServerNameMatchers()) {
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
    if (signatureSchemes != null) {
      NewerParameters.setSignatureSchemes(parameters, signatureSchemes.toArray(new String[0]));
    }
    return parameters;
  }

  /**
   * Takes over what a parameter object says. As in the JDK, null leaves things as they are: a fresh
   * object does not turn off the check of host names, or the algorithm constraints, that were set.
   *
   * <p>After an exception this may be changed in part, and is not to be used.
   *
   * @throws IllegalArgumentException for unknown protocols, suites, groups or identification
   *     algorithms
   */
  void apply(SSLParameters parameters) {
    if (parameters.getCipherSuites() != null) {
      setCipherSuites(parameters.getCipherSuites());
    }
    if (parameters.getProtocols() != null) {
      setProtocols(parameters.getProtocols());
    }
    String[] groups = NewerParameters.namedGroups(parameters);
    if (groups != null) {
      setNamedGroups(groups);
    }
    String[] schemes = NewerParameters.signatureSchemes(parameters);
    if (schemes != null) {
      setSignatureSchemes(List.of(schemes));
    }
    String algorithm = parameters.getEndpointIdentificationAlgorithm();
    if (algorithm != null && !HostNames.isKnownAlgorithm(algorithm)) {
      throw new IllegalArgumentException(
          "Unknown endpoint identification algorithm: " + algorithm + "; known are HTTPS, LDAPS");
    }
    if (parameters.getNeedClientAuth()) {
      clientAuthentication = ClientAuthentication.NEED;
    } else if (parameters.getWantClientAuth()) {
      clientAuthentication = ClientAuthentication.WANT;
    } else {
      clientAuthentication = ClientAuthentication.NONE;
    }
    cipherSuitesOrder = parameters.getUseCipherSuitesOrder();
    if (algorithm != null) {
      endpointIdentification = algorithm;
    }
    if (parameters.getAlgorithmConstraints() != null) {
      algorithmConstraints = parameters.getAlgorithmConstraints();
    }
    applicationProtocols = List.of(parameters.getApplicationProtocols());
    List<SNIServerName> names = parameters.getServerNames();
    if (names != null) {
      serverNames = List.copyOf(names);
    }
    Collection<SNIMatcher> matchers = parameters.getSNIMatchers();
    if (matchers != null) {
      serverNameMatchers = List.copyOf(matchers);
    }
    maximumPacketSize = parameters.getMaximumPacketSize();
    retransmissions = parameters.getEnableRetransmissions();
  }

  /**
   * What they come to for connections of this context, worked out unless it is known.
   *
   * @param context of those whose settings these are
   * @param forgotten terms that the native side does not keep any more, or null
   * @throws SSLHandshakeException when nothing is left to use
   */
  EngineTerms terms(NativeHandle context, EngineTerms forgotten) throws SSLHandshakeException {
    if (hasSelector()) {
      // It is not shared, but all else of it may be what others have.
      EngineSettings others = new EngineSettings(this);
      others.engineSelector = null;
      others.socketSelector = null;
      return others.shared().terms(context, forgotten);
    }
    String property = schemesProperty();
    EngineTerms known = terms;
    if (known != null && known != forgotten && known.areOf(property)) {
      return known;
    }
    EngineTerms made = newTerms(context, property);
    // Constraints are a function of the program's, which need not always say the same.
    terms = algorithmConstraints == null ? made : null;
    return made;
  }

  private EngineTerms newTerms(NativeHandle context, String property) throws SSLHandshakeException {
    requireUsable();
    int[] schemes = usableSignatureSchemes(property);
    int flags =
        (verifiesHost() ? ContextNatives.VERIFY_HOSTNAME : 0)
            | (cipherSuitesOrder ? ContextNatives.SERVER_ORDER : 0);
    try {
      long number =
          ContextNatives.terms(
              context.address(),
              usableProtocols(),
              usableCipherSuites(),
              usableNamedGroups(),
              schemes,
              applicationProtocols.toArray(new String[0]),
              nativeClientAuthentication(),
              recordLimit() == RustlsSession.MAX_PLAINTEXT ? 0 : HEADER + recordLimit(),
              flags);
      return new EngineTerms(number, SessionDetails.limitedTo(schemes), property);
    } finally {
      Reference.reachabilityFence(context);
    }
  }

  private int nativeClientAuthentication() {
    switch (clientAuthentication) {
      case NEED:
        return ContextNatives.CLIENT_AUTH_NEED;
      case WANT:
        return ContextNatives.CLIENT_AUTH_WANT;
      default:
        return ContextNatives.CLIENT_AUTH_NONE;
    }
  }

  /** The system property for signature schemes; null where it is not set or does not matter. */
  private String schemesProperty() {
    return signatureSchemes != null ? null : SignatureScheme.systemProperty(client);
  }

  /** Whether a client checks the peer's host name. */
  boolean verifiesHost() {
    return client && endpointIdentification() != null;
  }

  /** Bytes of data in a record at most: {@code SSLParameters.setMaximumPacketSize}. */
  int recordLimit() {
    if (maximumPacketSize <= 0) {
      return RustlsSession.MAX_PLAINTEXT;
    }
    // At most an explicit nonce of 8 and a tag of 16 (RFC 5288 §3).
    int room = maximumPacketSize - HEADER - 8 - 16;
    return Math.max(1, Math.min(RustlsSession.MAX_PLAINTEXT, room));
  }

  /**
   * @throws SSLHandshakeException when nothing is left to use
   */
  void requireUsable() throws SSLHandshakeException {
    if (usableProtocols().length == 0) {
      throw new SSLHandshakeException(
          "No appropriate protocol: all of the enabled protocols are obsolete, or the algorithm"
              + " constraints do not permit them; supported are "
              + Protocols.SUPPORTED);
    }
    if (usableCipherSuites().length == 0) {
      throw new SSLHandshakeException(
          "No appropriate cipher suite: all of the enabled cipher suites are obsolete, or the"
              + " algorithm constraints do not permit them; supported are "
              + CipherSuites.supported());
    }
    String[] groups = usableNamedGroups();
    if (groups != null && groups.length == 0) {
      throw new SSLHandshakeException(
          "No appropriate key exchange: none of the named groups can be used; supported are "
              + NamedGroups.supported());
    }
    int[] schemes = usableSignatureSchemes(schemesProperty());
    if (schemes != null && schemes.length == 0) {
      throw new SSLHandshakeException(
          "No appropriate signature scheme: none of those that are enabled can be used; supported"
              + " are "
              + SignatureScheme.supported());
    }
  }

  @Override
  public boolean equals(Object object) {
    if (this == object) {
      return true;
    }
    if (!(object instanceof EngineSettings)) {
      return false;
    }
    EngineSettings other = (EngineSettings) object;
    return client == other.client
        && clientAuthentication == other.clientAuthentication
        && sessionCreation == other.sessionCreation
        && cipherSuitesOrder == other.cipherSuitesOrder
        && maximumPacketSize == other.maximumPacketSize
        && retransmissions == other.retransmissions
        && protocols.equals(other.protocols)
        && Objects.equals(cipherSuites, other.cipherSuites)
        && clientCipherSuites.equals(other.clientCipherSuites)
        && serverCipherSuites.equals(other.serverCipherSuites)
        && Objects.equals(namedGroups, other.namedGroups)
        && Objects.equals(signatureSchemes, other.signatureSchemes)
        && Objects.equals(endpointIdentification, other.endpointIdentification)
        && Objects.equals(applicationProtocols, other.applicationProtocols)
        && Objects.equals(serverNames, other.serverNames)
        && Objects.equals(serverNameMatchers, other.serverNameMatchers)
        && algorithmConstraints == other.algorithmConstraints
        && engineSelector == other.engineSelector
        && socketSelector == other.socketSelector;
  }

  /** Of what differs between the connections of one context, mostly; once nothing changes. */
  @Override
  public int hashCode() {
    if (hash == 0) {
      hash =
          Objects.hash(
              client,
              clientAuthentication,
              protocols,
              cipherSuites,
              endpointIdentification,
              applicationProtocols,
              serverNames);
    }
    return hash;
  }
}
