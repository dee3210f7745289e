package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.Channel;
import io.rustlsjvm.flink.ChannelSettings;
import io.rustlsjvm.flink.OptionException;
import io.rustlsjvm.flink.Options;
import io.rustlsjvm.flink.Scope;
import io.rustlsjvm.flink.StoreContexts;
import io.rustlsjvm.flink.StoreSettings;
import io.rustlsjvm.flink.Stores;
import io.rustlsjvm.jsse.NativeStore;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** One side of a channel, made of the options as Flink would make it, as far as that goes. */
final class OpenedChannel {
  private static final Pattern KEY = Pattern.compile("[a-z0-9-]+(?:\\.[a-z0-9-]+){2,}");

  private final Channel channel;
  private ChannelSettings settings;
  private NativeStore keystore;
  private NativeStore truststore;
  private SSLContext context;

  private OpenedChannel(Channel channel) {
    this.channel = channel;
  }

  /** Goes as far as it can; what stops it goes to the findings. */
  static OpenedChannel open(Options options, Channel channel, Findings findings) {
    OpenedChannel opened = new OpenedChannel(channel);
    try {
      opened.settings =
          channel.scope() == Scope.INTERNAL
              ? ChannelSettings.internal(options, channel)
              : ChannelSettings.rest(options, channel.isClient());
    } catch (OptionException e) {
      findings.error(Rule.OPTION_WRONG, optionOf(e), e.getMessage(), "");
      return opened;
    }
    opened.keystore = store(opened.settings.keystore(), findings);
    opened.truststore = store(opened.settings.truststore(), findings);
    if (opened.hasStores()) {
      try {
        opened.context =
            StoreContexts.build(
                opened.settings,
                opened.keystore,
                opened.truststore,
                remark -> findings.warning(Rule.TRUSTSTORE_ODD, truststoreOf(opened), remark, ""));
      } catch (OptionException e) {
        findings.error(Rule.CHANNEL_UNUSABLE, optionOf(e), e.getMessage(), "");
      }
    }
    return opened;
  }

  private static String truststoreOf(OpenedChannel opened) {
    return opened.settings.truststore().map(StoreSettings::option).orElse(null);
  }

  private static NativeStore store(Optional<StoreSettings> settings, Findings findings) {
    if (settings.isEmpty()) {
      return null;
    }
    try {
      return Stores.read(settings.get());
    } catch (OptionException | IOException | GeneralSecurityException e) {
      findings.error(Rule.STORE_UNUSABLE, settings.get().option(), e.getMessage(), "");
      return null;
    }
  }

  private boolean hasStores() {
    return settings.keystore().isPresent() == (keystore != null)
        && settings.truststore().isPresent() == (truststore != null);
  }

  /** The first option that a message names. */
  static String optionOf(Exception e) {
    Matcher key = KEY.matcher(e.getMessage());
    return key.find() ? key.group() : null;
  }

  Channel channel() {
    return channel;
  }

  /** Empty where the options are wrong. */
  Optional<ChannelSettings> settings() {
    return Optional.ofNullable(settings);
  }

  /** Empty where there is none, or none that can be read. */
  Optional<NativeStore> keystore() {
    return Optional.ofNullable(keystore);
  }

  /** Empty where there is none, or none that can be read. */
  Optional<NativeStore> truststore() {
    return Optional.ofNullable(truststore);
  }

  /** Empty where anything is wrong with it. */
  Optional<SSLContext> context() {
    return Optional.ofNullable(context);
  }

  /** The certificate that it shows, with its chain; empty where it shows none. */
  List<X509Certificate> chain() {
    return keystore().map(NativeStore::certificateChain).orElse(List.of());
  }

  /** Which certificates it trusts by its truststore. */
  List<X509Certificate> trusted() {
    return truststore().map(NativeStore::trustedCertificates).orElse(List.of());
  }
}
