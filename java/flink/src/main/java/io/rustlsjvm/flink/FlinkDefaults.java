package io.rustlsjvm.flink;

import java.lang.reflect.Field;
import java.util.Optional;

/**
 * What a version of Flink has where an option is not set, read from its {@code SecurityOptions}:
 * that differs even between patch releases.
 */
public final class FlinkDefaults {
  private static final String OPTIONS = "org.apache.flink.configuration.SecurityOptions";

  /** As of Flink 2.3.0. */
  private static final FlinkDefaults NEWEST =
      new FlinkDefaults(
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          false,
          false);

  /** As of Flink 1.20.5. */
  private static final FlinkDefaults FLINK_1 = new FlinkDefaults(NEWEST.algorithms, true, true);

  private final String algorithms;
  private final boolean verifiesHostname;
  private final boolean hasCommonSwitch;

  private FlinkDefaults(String algorithms, boolean verifiesHostname, boolean hasCommonSwitch) {
    this.algorithms = algorithms;
    this.verifiesHostname = verifiesHostname;
    this.hasCommonSwitch = hasCommonSwitch;
  }

  /** Those of the newest version that is supported. */
  public static FlinkDefaults newest() {
    return NEWEST;
  }

  /** Those of the last version of Flink 1. */
  public static FlinkDefaults flink1() {
    return FLINK_1;
  }

  /**
   * Those of the Flink that a class loader has.
   *
   * @throws ClassNotFoundException where it has none
   */
  public static FlinkDefaults of(ClassLoader flink) throws ClassNotFoundException {
    Class<?> options = Class.forName(OPTIONS, true, flink);
    return new FlinkDefaults(
        value(options, "SSL_ALGORITHMS").map(Object::toString).orElse(NEWEST.algorithms),
        value(options, "SSL_VERIFY_HOSTNAME").map(Boolean.TRUE::equals).orElse(false),
        value(options, "SSL_ENABLED").isPresent());
  }

  /** By reflection: which constants there are differs between the versions. */
  private static Optional<Object> value(Class<?> options, String constant) {
    try {
      Field field = options.getField(constant);
      Object option = field.get(null);
      return Optional.ofNullable(option.getClass().getMethod("defaultValue").invoke(option));
    } catch (NoSuchFieldException e) {
      return Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "The default of " + constant + " cannot be read from this Flink.", e);
    }
  }

  /** The default of {@code security.ssl.algorithms}, comma-separated. */
  public String algorithms() {
    return algorithms;
  }

  /** The default of {@code security.ssl.verify-hostname}: true up to Flink 2.2. */
  public boolean verifiesHostname() {
    return verifiesHostname;
  }

  /** Whether {@code security.ssl.enabled} switches all channels, as in Flink 1. */
  public boolean hasCommonSwitch() {
    return hasCommonSwitch;
  }
}
