package io.rustlsjvm.flink;

import io.rustlsjvm.jsse.NativeStore;
import io.rustlsjvm.jsse.RustlsContextBuilder;
import io.rustlsjvm.jsse.RustlsLibrary;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the contexts of the channels.
 *
 * <p>Flink asks for a new factory with every blob client, so contexts are shared for as long as the
 * options stay the same; that also lets sessions be resumed. The files behind them may change at
 * any time: see {@link RotatingContext}.
 */
final class ChannelContexts {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelContexts.class);
  private static final String NEVER_STALE = "";

  private static final StampedCache<ChannelSettings, SSLContext> CACHE = new StampedCache<>(32);

  private ChannelContexts() {}

  /**
   * The context of a channel.
   *
   * @throws RustlsStartupError when the native library cannot be used
   * @throws IllegalConfigurationException naming the option that is missing or does not fit
   * @throws IOException naming option and file where a file cannot be used
   * @throws GeneralSecurityException naming option and file where a key cannot be used
   */
  static SSLContext get(ChannelSettings settings) throws IOException, GeneralSecurityException {
    requireLibrary();
    return CACHE.get(settings, NEVER_STALE, () -> open(settings));
  }

  private static SSLContext open(ChannelSettings settings)
      throws IOException, GeneralSecurityException {
    RotatingContext context = new RotatingContext(settings, Clock.systemUTC(), LOG);
    if (!context.hasFiles() || settings.reloadInterval().isZero()) {
      return context.get();
    }
    FileWatch.add(context);
    return RustlsContextBuilder.following(context);
  }

  private static void requireLibrary() {
    try {
      RustlsLibrary.ensureLoaded();
    } catch (UnsatisfiedLinkError e) {
      throw new RustlsStartupError(
          SslOptions.PROVIDER
              + " is RUSTLS, but its native library cannot be used: "
              + e.getMessage()
              + (e.getMessage().endsWith(".") ? "" : ".")
              + " To run without it, set "
              + SslOptions.PROVIDER
              + ": JDK.",
          e);
    }
  }

  /**
   * A context of stores that have been read.
   *
   * @param keystore null for none
   * @param truststore null for none
   * @throws IllegalConfigurationException naming the options that do not fit together
   */
  static SSLContext build(ChannelSettings settings, NativeStore keystore, NativeStore truststore) {
    RustlsContextBuilder builder =
        new RustlsContextBuilder()
            .label(settings.channel().label())
            .warnings(
                remark ->
                    LOG.warn(
                        "{}: {}.", settings.truststore().map(Object::toString).orElse("-"), remark))
            .protocols(settings.protocols())
            .cipherSuites(settings.suites().names())
            .clientAuthentication(settings.authentication())
            .verifyHostname(settings.verifyHostname())
            .sessionCacheSize(settings.sessionCacheSize())
            .sessionTimeoutSeconds(settings.sessionTimeoutSeconds())
            .keystore(keystore)
            .truststore(truststore)
            .fingerprints(settings.fingerprints().map(Setting::value).orElse(null));
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalConfigurationException(blame(settings) + e.getMessage(), e);
    }
  }

  /** The options that the library may have found wrong together. */
  private static String blame(ChannelSettings settings) {
    List<String> options = new ArrayList<>();
    settings.keystore().ifPresent(store -> options.add(store.toString()));
    settings.truststore().ifPresent(store -> options.add(store.toString()));
    settings.fingerprints().ifPresent(pins -> options.add(pins.key() + ": " + pins.value()));
    return "TLS for "
        + settings.channel().label()
        + " cannot be set up from "
        + String.join(", ", options)
        + ": ";
  }
}
