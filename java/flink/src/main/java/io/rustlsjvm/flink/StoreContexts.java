package io.rustlsjvm.flink;

import io.rustlsjvm.jsse.NativeStore;
import io.rustlsjvm.jsse.RustlsContextBuilder;
import io.rustlsjvm.jsse.RustlsLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Makes a channel's context of its settings and stores. Needs no Flink and no log. */
public final class StoreContexts {
  private StoreContexts() {}

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

  /**
   * A new context of stores that have been read.
   *
   * @param keystore null for none
   * @param truststore null for none
   * @param remarks told what is odd about the truststore and no error
   * @throws OptionException when options and stores do not fit together
   */
  public static SSLContext build(
      ChannelSettings settings,
      NativeStore keystore,
      NativeStore truststore,
      Consumer<String> remarks) {
    RustlsContextBuilder builder =
        new RustlsContextBuilder()
            .label(settings.channel().label())
            .warnings(remarks)
            .protocols(settings.protocols())
            .cipherSuites(settings.suites().names())
            .clientAuthentication(settings.authentication())
            .verifyHostname(settings.verifyHostname())
            .sessionCacheSize(settings.sessionCacheSize())
            .sessionTimeoutSeconds(settings.sessionTimeoutSeconds())
            .handshakeTimeoutMillis(settings.handshakeTimeoutMillis())
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
