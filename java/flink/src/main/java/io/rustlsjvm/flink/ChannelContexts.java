package io.rustlsjvm.flink;

import io.rustlsjvm.jsse.RustlsContextBuilder;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import javax.net.ssl.SSLContext;
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
   * @throws OptionException naming the option that is missing or does not fit
   * @throws IOException naming option and file where a file cannot be used
   * @throws GeneralSecurityException naming option and file where a key cannot be used
   */
  static SSLContext get(ChannelSettings settings) throws IOException, GeneralSecurityException {
    StoreContexts.requireLibrary();
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
}
