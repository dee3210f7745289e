package io.rustlsjvm.jsse;

import java.lang.ref.Reference;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * Builds contexts of native stores: the key is used, and the peer judged, without any Java object
 * in between.
 *
 * <p>Without a trust store and without fingerprints the peer is judged by the JVM's default trust
 * managers.
 */
public final class RustlsContextBuilder {
  String label = ContextCore.NO_LABEL;
  NativeStore keystore;
  NativeStore truststore;
  String fingerprints;
  List<String> protocols = Protocols.SUPPORTED;
  List<String> cipherSuites;
  List<String> namedGroups;
  ClientAuthentication clientAuthentication = ClientAuthentication.NONE;
  boolean verifyHostname;
  int handshakeTimeoutMillis;
  int sessionCacheSize = -1;
  int sessionTimeoutSeconds = -1;
  private Consumer<String> warnings;

  /** How the channel is called in {@link ChannelStatistics}, for example {@code data-server}. */
  public RustlsContextBuilder label(String channel) {
    this.label = Objects.requireNonNull(channel, "channel");
    return this;
  }

  /** Whom to be; null for nobody. */
  public RustlsContextBuilder keystore(NativeStore store) {
    this.keystore = store;
    return this;
  }

  /** Whom to trust; null for the fingerprints, or the JVM's default, alone. */
  public RustlsContextBuilder truststore(NativeStore store) {
    this.truststore = store;
    return this;
  }

  /**
   * The only leaf certificates to trust, whatever the trust store says.
   *
   * @param commaSeparated SHA-1, SHA-256 or SHA-512 in hexadecimal, with or without colons; null or
   *     blank for none
   */
  public RustlsContextBuilder fingerprints(String commaSeparated) {
    this.fingerprints =
        commaSeparated == null || commaSeparated.trim().isEmpty() ? null : commaSeparated;
    return this;
  }

  /**
   * The versions to speak. Obsolete ones are left out.
   *
   * @throws IllegalArgumentException for a name that JSSE does not know
   */
  public RustlsContextBuilder protocols(List<String> names) {
    this.protocols = List.copyOf(Protocols.usable(names.toArray(new String[0])));
    return this;
  }

  /**
   * The suites to use, in order of preference. Those that rustls does not have are left out. Null:
   * all that there are.
   *
   * @throws IllegalArgumentException for a name that JSSE does not know
   */
  public RustlsContextBuilder cipherSuites(List<String> names) {
    RustlsLibrary.ensureLoaded();
    this.cipherSuites =
        names == null ? null : List.copyOf(CipherSuites.usable(names.toArray(new String[0])));
    return this;
  }

  /**
   * The key exchange groups to use, in order of preference, by the JDK's names. Those that rustls
   * does not have are left out. Null: what the system property {@code jdk.tls.namedGroups} says, or
   * else X25519MLKEM768 (TLS 1.3), x25519, secp256r1, secp384r1.
   *
   * @throws IllegalArgumentException for a name that the JDK does not know
   */
  public RustlsContextBuilder namedGroups(List<String> names) {
    RustlsLibrary.ensureLoaded();
    this.namedGroups =
        names == null ? null : List.copyOf(NamedGroups.usable(names.toArray(new String[0])));
    return this;
  }

  /** Whether servers ask their clients for a certificate. */
  public RustlsContextBuilder clientAuthentication(ClientAuthentication wanted) {
    this.clientAuthentication = Objects.requireNonNull(wanted, "wanted");
    return this;
  }

  /** Whether clients check that the certificate names the host that they asked for. */
  public RustlsContextBuilder verifyHostname(boolean verify) {
    this.verifyHostname = verify;
    return this;
  }

  /**
   * How long a socket waits for its peer in a handshake as a whole, whatever its SO_TIMEOUT: then
   * the handshake fails and the connection is closed. Engines have no such limit: whoever feeds
   * them has.
   *
   * @param milliseconds zero, which is the default, for no limit
   * @throws IllegalArgumentException for a negative number
   */
  public RustlsContextBuilder handshakeTimeoutMillis(int milliseconds) {
    if (milliseconds < 0) {
      throw new IllegalArgumentException("a handshake timeout of " + milliseconds + " ms");
    }
    this.handshakeTimeoutMillis = milliseconds;
    return this;
  }

  /** Sessions kept for resumption in each role; 0 for no limit, -1 for the default (20480). */
  public RustlsContextBuilder sessionCacheSize(int sessions) {
    this.sessionCacheSize = atLeastMinusOne(sessions);
    return this;
  }

  /** A session's life; 0 for the protocol's limit, -1 for the default (86400). */
  public RustlsContextBuilder sessionTimeoutSeconds(int seconds) {
    this.sessionTimeoutSeconds = atLeastMinusOne(seconds);
    return this;
  }

  /**
   * Who is told of what works, but should be looked after, such as a trusted certificate that
   * cannot be read; without it a {@code System.Logger} is.
   */
  public RustlsContextBuilder warnings(Consumer<String> told) {
    this.warnings = Objects.requireNonNull(told, "told");
    return this;
  }

  private static int atLeastMinusOne(int value) {
    if (value < -1) {
      throw new IllegalArgumentException("neither -1 nor a number of its own: " + value);
    }
    return value;
  }

  /**
   * Builds the context. The stores may be closed afterwards.
   *
   * @throws SSLException for a fingerprint, key or choice of protocols and suites that cannot work
   */
  public SSLContext build() throws SSLException {
    RustlsLibrary.ensureLoaded();
    ContextCore core = new ContextCore(this, javaTrust());
    core.defaults(true).requireUsable();
    // Made now, so that what is wrong with it shows now.
    NativeHandle made = core.nativeContext();
    try {
      for (String remark : ContextNatives.remarks(made.address())) {
        warn(remark);
      }
    } finally {
      Reference.reachabilityFence(made);
    }
    ChannelMonitor.of(label);
    return new BuiltContext(() -> core);
  }

  /**
   * A context that changes while it is in use: each new engine and socket, of its factories and
   * server sockets too, is one of the context that {@code current} gives at that moment. Engines
   * and sockets that are there go on as they are. Sessions stay with the context in which they were
   * made, so that none is resumed in a later one.
   *
   * @param current gives contexts that {@link #build} has built, all with the same protocols and
   *     suites; called for each connection, by any thread
   */
  public static SSLContext following(Supplier<SSLContext> current) {
    return new BuiltContext(() -> ((BuiltContext) current.get()).cores.get());
  }

  private void warn(String remark) {
    if (warnings != null) {
      warnings.accept(remark);
    } else {
      System.getLogger("io.rustlsjvm").log(System.Logger.Level.WARNING, label + ": " + remark);
    }
  }

  private ManagerTrust javaTrust() throws SSLException {
    if (truststore != null || fingerprints != null) {
      return null;
    }
    try {
      return ManagerTrust.ofJavaDefault();
    } catch (GeneralSecurityException e) {
      SSLException failure =
          new SSLException(
              "The JVM's default trusted certificates cannot be read: " + e.getMessage());
      failure.initCause(e);
      throw failure;
    }
  }

  private static final class BuiltContext extends SSLContext {
    private final Supplier<ContextCore> cores;

    BuiltContext(Supplier<ContextCore> cores) {
      super(new RustlsSslContextSpi(cores), new RustlsProvider(), "TLS");
      this.cores = cores;
    }
  }
}
