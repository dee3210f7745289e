package io.rustlsjvm.flink;

import io.rustlsjvm.jsse.ClientAuthentication;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What the options say about one channel; equal settings can share a context. */
public final class ChannelSettings {
  private final Channel channel;
  private final ClientAuthentication authentication;
  private final StoreSettings keystore;
  private final StoreSettings truststore;
  private final Setting fingerprints;
  private final List<String> protocols;
  private final CipherSuites suites;
  private final boolean verifyHostname;
  private final int sessionCacheSize;
  private final int sessionTimeoutSeconds;
  private final int handshakeTimeoutMillis;
  private final Duration reloadInterval;
  private final Duration expiryWarning;

  private ChannelSettings(Options options, Channel channel, ClientAuthentication authentication) {
    this.channel = channel;
    this.authentication = authentication;
    Scope scope = channel.scope();
    boolean mutual = authentication != ClientAuthentication.NONE;
    this.protocols = Protocols.parse(SslOptions.protocol(options));
    this.suites =
        options
            .text(SslOptions.ALGORITHMS)
            .map(list -> CipherSuites.configured(list, protocols))
            .orElseGet(() -> CipherSuites.unset(options.defaults().algorithms(), protocols));
    this.keystore = mutual || !channel.isClient() ? StoreSettings.keystore(options, scope) : null;
    boolean judges = mutual || channel.isClient();
    this.truststore = judges ? truststore(options, scope) : null;
    this.fingerprints =
        judges
            ? scope
                .own(options, "cert.fingerprint")
                .filter(pins -> !pins.value().isBlank())
                .orElse(null)
            : null;
    if (scope == Scope.INTERNAL) {
      // Pekko asks for its clients' engines without saying for which host.
      this.verifyHostname =
          channel.isClient()
              && channel != Channel.RPC_CLIENT
              && SslOptions.verifiesInternalHostname(options);
      this.sessionCacheSize = SslOptions.sessionCacheSize(options);
      this.sessionTimeoutSeconds = SslOptions.sessionTimeoutSeconds(options);
    } else {
      this.verifyHostname = channel.isClient() && SslOptions.verifiesRestHostname(options);
      this.sessionCacheSize = -1;
      this.sessionTimeoutSeconds = -1;
    }
    // Clients may wait for their turn at the blob server, and have a timeout of their own.
    this.handshakeTimeoutMillis =
        channel == Channel.BLOB_SERVER ? SslOptions.socketHandshakeTimeoutMillis(options) : 0;
    this.reloadInterval = SslOptions.reloadInterval(options);
    this.expiryWarning = SslOptions.expiryWarning(options);
  }

  /**
   * Reads the options of an internal channel, which is always mutual.
   *
   * @throws OptionException naming the option that is missing or wrong
   */
  public static ChannelSettings internal(Options options, Channel channel) {
    return new ChannelSettings(options, channel, ClientAuthentication.NEED);
  }

  /**
   * Reads the options of REST, among them whether clients show a certificate.
   *
   * @throws OptionException naming the option that is missing or wrong
   */
  public static ChannelSettings rest(Options options, boolean client) {
    return rest(
        options,
        client,
        SslOptions.authenticatesRest(options)
            ? ClientAuthentication.NEED
            : ClientAuthentication.NONE);
  }

  /**
   * Reads the options of REST for a caller that knows whether clients show a certificate.
   *
   * @param authentication whether clients show a certificate
   * @throws OptionException naming the option that is missing or wrong
   */
  static ChannelSettings rest(
      Options options, boolean client, ClientAuthentication authentication) {
    return new ChannelSettings(
        options, client ? Channel.REST_CLIENT : Channel.REST_SERVER, authentication);
  }

  private static StoreSettings truststore(Options options, Scope scope) {
    return scope == Scope.INTERNAL
        ? StoreSettings.truststore(options, scope)
        : StoreSettings.optionalTruststore(options, scope).orElse(null);
  }

  public Channel channel() {
    return channel;
  }

  /** Whether a server asks for certificates, and a client has one to show. */
  public ClientAuthentication authentication() {
    return authentication;
  }

  /** Empty for REST clients that show no certificate. */
  public Optional<StoreSettings> keystore() {
    return Optional.ofNullable(keystore);
  }

  /** Empty where peers are not judged, or are by the JVM's default CAs or by pins alone. */
  public Optional<StoreSettings> truststore() {
    return Optional.ofNullable(truststore);
  }

  /** Where set, they alone decide whom to trust. */
  public Optional<Setting> fingerprints() {
    return Optional.ofNullable(fingerprints);
  }

  /** Whether peers are judged by the JVM's default CAs. */
  public boolean trustsDefaultAuthorities() {
    boolean judges = channel.isClient() || authentication != ClientAuthentication.NONE;
    return judges && truststore == null && fingerprints == null;
  }

  public List<String> protocols() {
    return protocols;
  }

  public CipherSuites suites() {
    return suites;
  }

  public boolean verifyHostname() {
    return verifyHostname;
  }

  public int sessionCacheSize() {
    return sessionCacheSize;
  }

  public int sessionTimeoutSeconds() {
    return sessionTimeoutSeconds;
  }

  /** How long the handshake of a blocking socket may take; zero for no limit. */
  public int handshakeTimeoutMillis() {
    return handshakeTimeoutMillis;
  }

  /** How often to look for changed files; zero for never. */
  Duration reloadInterval() {
    return reloadInterval;
  }

  /** How long before its end a certificate is warned of. */
  Duration expiryWarning() {
    return expiryWarning;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof ChannelSettings)) {
      return false;
    }
    ChannelSettings that = (ChannelSettings) other;
    return channel == that.channel
        && authentication == that.authentication
        && Objects.equals(keystore, that.keystore)
        && Objects.equals(truststore, that.truststore)
        && Objects.equals(fingerprints, that.fingerprints)
        && protocols.equals(that.protocols)
        && suites.names().equals(that.suites.names())
        && verifyHostname == that.verifyHostname
        && sessionCacheSize == that.sessionCacheSize
        && sessionTimeoutSeconds == that.sessionTimeoutSeconds
        && handshakeTimeoutMillis == that.handshakeTimeoutMillis
        && reloadInterval.equals(that.reloadInterval)
        && expiryWarning.equals(that.expiryWarning);
  }

  @Override
  public int hashCode() {
    return Objects.hash(channel, authentication, keystore, truststore, fingerprints, protocols);
  }
}
