package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.Channel;
import io.rustlsjvm.flink.ChannelSettings;
import io.rustlsjvm.flink.Options;
import io.rustlsjvm.flink.SslOptions;
import io.rustlsjvm.jsse.ClientAuthentication;
import java.util.Optional;

/** Settings in words, with the library's defaults where an option is not set. */
final class ChannelFacts {
  private static final int DEFAULT_SESSIONS = 20_480;
  private static final int DEFAULT_SESSION_SECONDS = 86_400;

  private ChannelFacts() {}

  static String clients(ChannelSettings settings) {
    return settings.authentication() == ClientAuthentication.NONE
        ? "need no certificate"
        : "need a certificate";
  }

  static String sessions(ChannelSettings settings) {
    return sessionCacheSize(settings)
        + " kept for resumption, for "
        + sessionTimeoutSeconds(settings)
        + " s";
  }

  static int sessionCacheSize(ChannelSettings settings) {
    return settings.sessionCacheSize() < 0 ? DEFAULT_SESSIONS : settings.sessionCacheSize();
  }

  static int sessionTimeoutSeconds(ChannelSettings settings) {
    return settings.sessionTimeoutSeconds() < 0
        ? DEFAULT_SESSION_SECONDS
        : settings.sessionTimeoutSeconds();
  }

  /** Of internal channels: Flink has no such options for REST. */
  static Optional<String> timeouts(Options options, Channel channel) {
    if (channel == Channel.REST_SERVER || channel == Channel.REST_CLIENT) {
      return Optional.empty();
    }
    return Optional.of(
        "handshake "
            + millis(SslOptions.handshakeTimeoutMillis(options))
            + ", close_notify "
            + millis(SslOptions.closeNotifyFlushTimeoutMillis(options)));
  }

  private static String millis(int value) {
    return value < 0 ? "as Netty has it" : value + " ms";
  }
}
