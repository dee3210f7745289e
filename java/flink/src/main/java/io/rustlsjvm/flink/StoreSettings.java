package io.rustlsjvm.flink;

import java.util.Objects;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

/** What the operator says about one keystore or truststore. Holds passwords: no string form. */
final class StoreSettings {
  /** Which of the two; its name is part of the options' keys. */
  enum Purpose {
    KEYSTORE("keystore"),
    TRUSTSTORE("truststore");

    private final String option;

    Purpose(String option) {
      this.option = option;
    }

    String option() {
      return option;
    }
  }

  private static final String KEY_PASSWORD = "key-password";

  private final Purpose purpose;
  private final Scope scope;
  private final Setting file;
  private final Setting type;
  private final Setting password;
  private final Setting keyPassword;

  private StoreSettings(
      Purpose purpose,
      Scope scope,
      Setting file,
      Setting type,
      Setting password,
      Setting keyPassword) {
    this.purpose = purpose;
    this.scope = scope;
    this.file = file;
    this.type = type;
    this.password = password;
    this.keyPassword = keyPassword;
  }

  /**
   * The keystore of a family of channels.
   *
   * @throws IllegalConfigurationException when none is configured
   */
  static StoreSettings keystore(Configuration config, Scope scope) {
    return read(config, scope, Purpose.KEYSTORE)
        .orElseThrow(
            () -> new IllegalConfigurationException(scope.missing(Purpose.KEYSTORE.option())));
  }

  /**
   * The truststore of a family of channels.
   *
   * @throws IllegalConfigurationException when none is configured
   */
  static StoreSettings truststore(Configuration config, Scope scope) {
    return optionalTruststore(config, scope)
        .orElseThrow(
            () -> new IllegalConfigurationException(scope.missing(Purpose.TRUSTSTORE.option())));
  }

  /**
   * The truststore of a family of channels, which may be left to the JVM.
   *
   * @throws IllegalConfigurationException when a password is configured but no file
   */
  static Optional<StoreSettings> optionalTruststore(Configuration config, Scope scope) {
    Optional<StoreSettings> settings = read(config, scope, Purpose.TRUSTSTORE);
    if (settings.isEmpty() && scope.find(config, "truststore-password").isPresent()) {
      throw new IllegalConfigurationException(scope.missing(Purpose.TRUSTSTORE.option()));
    }
    return settings;
  }

  private static Optional<StoreSettings> read(Configuration config, Scope scope, Purpose purpose) {
    String option = purpose.option();
    return scope
        .find(config, option)
        .map(
            file ->
                new StoreSettings(
                    purpose,
                    scope,
                    file,
                    scope
                        .own(config, option + "-type")
                        .filter(type -> !type.value().isBlank())
                        .orElse(null),
                    scope.find(config, option + "-password").orElse(null),
                    purpose == Purpose.KEYSTORE
                        ? scope.find(config, KEY_PASSWORD).orElse(null)
                        : null));
  }

  Purpose purpose() {
    return purpose;
  }

  /** The key under which the file is configured. */
  String option() {
    return file.key();
  }

  /** The path as the operator wrote it. */
  String file() {
    return file.value();
  }

  /** The key of the store's type, whether it is set or not. */
  String typeOption() {
    return scope.key(purpose.option() + "-type");
  }

  /** The store's type, or null where the content decides. */
  String type() {
    return type == null ? null : type.value().trim();
  }

  /** The key of the store's password, whether it is set or not. */
  String passwordOption() {
    return password == null ? scope.key(purpose.option() + "-password") : password.key();
  }

  /** A fresh copy, or null where none is set. */
  char[] password() {
    return password == null ? null : password.value().toCharArray();
  }

  /** What to say where the store's password is needed and not set. */
  String missingPassword() {
    return scope.missing(purpose.option() + "-password");
  }

  /** The key of the key's password, whether it is set or not. */
  String keyPasswordOption() {
    return keyPassword == null ? scope.key(KEY_PASSWORD) : keyPassword.key();
  }

  /** A fresh copy, or null where none is set: then the store's password is the key's. */
  char[] keyPassword() {
    return keyPassword == null ? null : keyPassword.value().toCharArray();
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof StoreSettings)) {
      return false;
    }
    StoreSettings that = (StoreSettings) other;
    return purpose == that.purpose
        && scope == that.scope
        && file.equals(that.file)
        && Objects.equals(type, that.type)
        && Objects.equals(password, that.password)
        && Objects.equals(keyPassword, that.keyPassword);
  }

  @Override
  public int hashCode() {
    return Objects.hash(purpose, scope, file, type, password, keyPassword);
  }

  @Override
  public String toString() {
    return option() + ": " + file();
  }
}
