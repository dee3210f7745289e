package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.Channel;
import io.rustlsjvm.flink.ChannelSettings;
import io.rustlsjvm.flink.Options;
import io.rustlsjvm.flink.SslOptions;
import io.rustlsjvm.jsse.ClientAuthentication;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

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

  /** Milliseconds, negative for Netty's; empty where no option says so: on RPC and REST. */
  static OptionalInt handshakeTimeoutMillis(Options options, ChannelSettings settings) {
    if (settings.channel() == Channel.BLOB_SERVER) {
      return OptionalInt.of(settings.handshakeTimeoutMillis());
    }
    return isData(settings)
        ? OptionalInt.of(SslOptions.handshakeTimeoutMillis(options))
        : OptionalInt.empty();
  }

  /** As {@link #handshakeTimeoutMillis}; of the data plane alone. */
  static OptionalInt closeNotifyFlushTimeoutMillis(Options options, ChannelSettings settings) {
    return isData(settings)
        ? OptionalInt.of(SslOptions.closeNotifyFlushTimeoutMillis(options))
        : OptionalInt.empty();
  }

  private static boolean isData(ChannelSettings settings) {
    return settings.channel() == Channel.DATA_SERVER || settings.channel() == Channel.DATA_CLIENT;
  }

  /** Empty where no option says so. */
  static Optional<String> timeouts(Options options, ChannelSettings settings) {
    List<String> timeouts = new ArrayList<>();
    handshakeTimeoutMillis(options, settings)
        .ifPresent(value -> timeouts.add("handshake " + millis(value)));
    closeNotifyFlushTimeoutMillis(options, settings)
        .ifPresent(value -> timeouts.add("close_notify " + millis(value)));
    return timeouts.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", timeouts));
  }

  private static String millis(int value) {
    return value < 0 ? "as Netty has it" : value + " ms";
  }
}
