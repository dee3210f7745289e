package io.rustlsjvm.flink;

import java.util.Objects;
import java.util.Optional;

/** What the operator says about one keystore or truststore. Holds passwords: no string form. */
public final class StoreSettings {
  /** Which of the two; its name is part of the options' keys. */
  public enum Purpose {
    KEYSTORE("keystore"),
    TRUSTSTORE("truststore");

    private final String option;

    Purpose(String option) {
      this.option = option;
    }

    public String option() {
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
   * @throws OptionException when none is configured
   */
  public static StoreSettings keystore(Options options, Scope scope) {
    return read(options, scope, Purpose.KEYSTORE)
        .orElseThrow(() -> new OptionException(scope.missing(Purpose.KEYSTORE.option())));
  }

  /**
   * The truststore of a family of channels.
   *
   * @throws OptionException when none is configured
   */
  static StoreSettings truststore(Options options, Scope scope) {
    return optionalTruststore(options, scope)
        .orElseThrow(() -> new OptionException(scope.missing(Purpose.TRUSTSTORE.option())));
  }

  /**
   * The truststore of a family of channels, which may be left to the JVM.
   *
   * @throws OptionException when a password is configured but no file
   */
  static Optional<StoreSettings> optionalTruststore(Options options, Scope scope) {
    Optional<StoreSettings> settings = read(options, scope, Purpose.TRUSTSTORE);
    if (settings.isEmpty() && scope.find(options, "truststore-password").isPresent()) {
      throw new OptionException(scope.missing(Purpose.TRUSTSTORE.option()));
    }
    return settings;
  }

  private static Optional<StoreSettings> read(Options options, Scope scope, Purpose purpose) {
    String option = purpose.option();
    return scope
        .find(options, option)
        .map(
            file ->
                new StoreSettings(
                    purpose,
                    scope,
                    file,
                    scope
                        .own(options, option + "-type")
                        .filter(type -> !type.value().isBlank())
                        .orElse(null),
                    scope.find(options, option + "-password").orElse(null),
                    purpose == Purpose.KEYSTORE
                        ? scope.find(options, KEY_PASSWORD).orElse(null)
                        : null));
  }

  public Purpose purpose() {
    return purpose;
  }

  /** The key under which the file is configured. */
  public String option() {
    return file.key();
  }

  /** The path as the operator wrote it. */
  public String file() {
    return file.value();
  }

  /** The key of the store's type, whether it is set or not. */
  public String typeOption() {
    return scope.key(purpose.option() + "-type");
  }

  /** The store's type, or null where the content decides. */
  public String type() {
    return type == null ? null : type.value().trim();
  }

  /** The key of the store's password, whether it is set or not. */
  public String passwordOption() {
    return password == null ? scope.key(purpose.option() + "-password") : password.key();
  }

  /** A fresh copy, or null where none is set. */
  public char[] password() {
    return password == null ? null : password.value().toCharArray();
  }

  /** What to say where the store's password is needed and not set. */
  String missingPassword() {
    return scope.missing(purpose.option() + "-password");
  }

  /** The key of the key's password, whether it is set or not. */
  public String keyPasswordOption() {
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
