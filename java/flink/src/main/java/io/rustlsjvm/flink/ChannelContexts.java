package io.rustlsjvm.flink;

import io.rustlsjvm.jsse.NativeStore;
import io.rustlsjvm.jsse.RustlsContextBuilder;
import io.rustlsjvm.jsse.RustlsLibrary;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * Makes the contexts of the channels.
 *
 * <p>Flink asks for a new factory with every blob client, so contexts are shared for as long as
 * options and files stay the same; that also lets sessions be resumed.
 */
public final class ChannelContexts {
  private static final StampedCache<ChannelSettings, SSLContext> CACHE = new StampedCache<>(32);

  private ChannelContexts() {}

  /**
   * The context of a channel.
   *
   * @throws RustlsStartupError when the native library cannot be used
   * @throws OptionException naming the option that is missing or does not fit
   * @throws IOException naming option and file where a file cannot be used
   * @throws GeneralSecurityException naming option and file where a key cannot be used
   */
  static SSLContext get(ChannelSettings settings) throws IOException, GeneralSecurityException {
    requireLibrary();
    List<Object> stamp =
        Stream.of(settings.keystore(), settings.truststore())
            .flatMap(store -> store.stream().map(s -> FileStamp.of(s.file())))
            .collect(Collectors.toList());
    return CACHE.get(settings, stamp, () -> build(settings));
  }

  /**
   * Sees to it that the native library is there.
   *
   * @throws RustlsStartupError when it cannot be used
   */
  public static void requireLibrary() {
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

  private static SSLContext build(ChannelSettings settings)
      throws IOException, GeneralSecurityException {
    NativeStore keystore =
        settings.keystore().isPresent() ? Stores.read(settings.keystore().get()) : null;
    NativeStore truststore =
        settings.truststore().isPresent() ? Stores.read(settings.truststore().get()) : null;
    SSLContext context = build(settings, keystore, truststore);
    new ChannelReport(settings, keystore, truststore).log();
    return context;
  }

  /**
   * A new context of stores that have been read.
   *
   * @param keystore null for none
   * @param truststore null for none
   * @throws OptionException when options and stores do not fit together
   */
  public static SSLContext build(
      ChannelSettings settings, NativeStore keystore, NativeStore truststore) {
    RustlsContextBuilder builder =
        new RustlsContextBuilder()
            .label(settings.channel().label())
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
      throw new OptionException(blame(settings) + e.getMessage(), e);
    }
  }

  /** The options that the library may have found wrong together. */
  private static String blame(ChannelSettings settings) {
    List<String> options = new ArrayList<>();
    settings.keystore().ifPresent(store -> options.add(store.toString()));
    settings.truststore().ifPresent(store -> options.add(store.toString()));
    settings.fingerprints().ifPresent(pins -> options.add(pins.key() + ": " + pins.value()));
    return "TLS for "
        + (settings.channel().scope() == Scope.REST ? "REST" : "internal channels")
        + " cannot be set up from "
        + String.join(", ", options)
        + ": ";
  }
}
