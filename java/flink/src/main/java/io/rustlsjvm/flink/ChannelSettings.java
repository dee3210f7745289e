package io.rustlsjvm.flink;

import io.rustlsjvm.jsse.ClientAuthentication;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

/** What the options say about one channel; equal settings can share a context. */
final class ChannelSettings {
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
  private final Duration reloadInterval;
  private final Duration expiryWarning;

  private ChannelSettings(
      Configuration config, Channel channel, ClientAuthentication authentication) {
    this.channel = channel;
    this.authentication = authentication;
    Scope scope = channel.scope();
    boolean mutual = authentication != ClientAuthentication.NONE;
    this.protocols = Protocols.parse(SslOptions.protocol(config));
    this.suites =
        SslOptions.text(config, SslOptions.ALGORITHMS)
            .map(list -> CipherSuites.configured(list, protocols))
            .orElseGet(() -> CipherSuites.unset(SslOptions.defaultAlgorithms(), protocols));
    this.keystore = mutual || !channel.isClient() ? StoreSettings.keystore(config, scope) : null;
    boolean judges = mutual || channel.isClient();
    this.truststore = judges ? truststore(config, scope) : null;
    this.fingerprints =
        judges
            ? scope
                .own(config, "cert.fingerprint")
                .filter(pins -> !pins.value().isBlank())
                .orElse(null)
            : null;
    if (scope == Scope.INTERNAL) {
      // Pekko asks for its clients' engines without saying for which host.
      this.verifyHostname =
          channel.isClient()
              && channel != Channel.RPC_CLIENT
              && SslOptions.verifiesInternalHostname(config);
      this.sessionCacheSize = SslOptions.sessionCacheSize(config);
      this.sessionTimeoutSeconds = SslOptions.sessionTimeoutSeconds(config);
    } else {
      this.verifyHostname = channel.isClient() && SslOptions.verifiesRestHostname(config);
      this.sessionCacheSize = -1;
      this.sessionTimeoutSeconds = -1;
    }
    this.reloadInterval = SslOptions.duration(config, SslOptions.RELOAD_INTERVAL);
    this.expiryWarning = SslOptions.duration(config, SslOptions.EXPIRY_WARNING);
  }

  /**
   * Reads the options of an internal channel, which is always mutual.
   *
   * @throws IllegalConfigurationException naming the option that is missing or wrong
   */
  static ChannelSettings internal(Configuration config, Channel channel) {
    return new ChannelSettings(config, channel, ClientAuthentication.NEED);
  }

  /**
   * Reads the options of REST.
   *
   * @param authentication whether clients show a certificate
   * @throws IllegalConfigurationException naming the option that is missing or wrong
   */
  static ChannelSettings rest(
      Configuration config, boolean client, ClientAuthentication authentication) {
    return new ChannelSettings(
        config, client ? Channel.REST_CLIENT : Channel.REST_SERVER, authentication);
  }

  private static StoreSettings truststore(Configuration config, Scope scope) {
    return scope == Scope.INTERNAL
        ? StoreSettings.truststore(config, scope)
        : StoreSettings.optionalTruststore(config, scope).orElse(null);
  }

  Channel channel() {
    return channel;
  }

  /** Whether a server asks for certificates, and a client has one to show. */
  ClientAuthentication authentication() {
    return authentication;
  }

  /** Empty for REST clients that show no certificate. */
  Optional<StoreSettings> keystore() {
    return Optional.ofNullable(keystore);
  }

  /** Empty where peers are not judged, or are by the JVM's default CAs or by pins alone. */
  Optional<StoreSettings> truststore() {
    return Optional.ofNullable(truststore);
  }

  /** Where set, they alone decide whom to trust. */
  Optional<Setting> fingerprints() {
    return Optional.ofNullable(fingerprints);
  }

  /** Whether peers are judged by the JVM's default CAs. */
  boolean trustsDefaultAuthorities() {
    boolean judges = channel.isClient() || authentication != ClientAuthentication.NONE;
    return judges && truststore == null && fingerprints == null;
  }

  List<String> protocols() {
    return protocols;
  }

  CipherSuites suites() {
    return suites;
  }

  boolean verifyHostname() {
    return verifyHostname;
  }

  int sessionCacheSize() {
    return sessionCacheSize;
  }

  int sessionTimeoutSeconds() {
    return sessionTimeoutSeconds;
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
        && reloadInterval.equals(that.reloadInterval)
        && expiryWarning.equals(that.expiryWarning);
  }

  @Override
  public int hashCode() {
    return Objects.hash(channel, authentication, keystore, truststore, fingerprints, protocols);
  }
}
