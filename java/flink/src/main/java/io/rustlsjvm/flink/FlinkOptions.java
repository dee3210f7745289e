package io.rustlsjvm.flink;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

/** The options of a running Flink. */
public final class FlinkOptions implements Options {
  /** What is made of options. */
  interface Reading<T> {
    T of(Options options) throws IOException, GeneralSecurityException;
  }

  private static final class Defaults {
    static final FlinkDefaults OF_THIS_FLINK = read();

    private static FlinkDefaults read() {
      try {
        return FlinkDefaults.of(Configuration.class.getClassLoader());
      } catch (ClassNotFoundException e) {
        throw new RustlsStartupError(
            "This Flink has no SecurityOptions beside its Configuration: this version of"
                + " flink-rustls does not support it.",
            e);
      }
    }
  }

  private final Configuration config;

  FlinkOptions(Configuration config) {
    this.config = config;
  }

  /** Whether TLS is ours to do; without regard to whether any channel has TLS. */
  public static boolean isRustls(Configuration config) {
    return config != null && SslOptions.isRustls(new FlinkOptions(config));
  }

  /**
   * Makes something of the options.
   *
   * @throws IllegalConfigurationException Flink's own, in place of {@link OptionException}
   */
  static <T> T read(Configuration config, Reading<T> reading)
      throws IOException, GeneralSecurityException {
    try {
      return reading.of(new FlinkOptions(config));
    } catch (OptionException e) {
      throw new IllegalConfigurationException(e.getMessage(), e);
    }
  }

  @Override
  public Optional<String> text(String key) {
    return config.getOptional(ConfigOptions.key(key).stringType().noDefaultValue());
  }

  @Override
  public FlinkDefaults defaults() {
    return Defaults.OF_THIS_FLINK;
  }
}
