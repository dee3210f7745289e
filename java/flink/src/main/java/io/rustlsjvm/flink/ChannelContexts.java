package io.rustlsjvm.flink;

import io.rustlsjvm.jsse.NativeStore;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * Makes the contexts of the channels.
 *
 * <p>Flink asks for a new factory with every blob client, so contexts are shared for as long as
 * options and files stay the same; that also lets sessions be resumed.
 */
final class ChannelContexts {
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
    StoreContexts.requireLibrary();
    List<Object> stamp =
        Stream.of(settings.keystore(), settings.truststore())
            .flatMap(store -> store.stream().map(s -> FileStamp.of(s.file())))
            .collect(Collectors.toList());
    return CACHE.get(settings, stamp, () -> build(settings));
  }

  private static SSLContext build(ChannelSettings settings)
      throws IOException, GeneralSecurityException {
    NativeStore keystore =
        settings.keystore().isPresent() ? Stores.read(settings.keystore().get()) : null;
    NativeStore truststore =
        settings.truststore().isPresent() ? Stores.read(settings.truststore().get()) : null;
    SSLContext context = StoreContexts.build(settings, keystore, truststore);
    new ChannelReport(settings, keystore, truststore).log();
    return context;
  }
}
