package io.rustlsjvm.flink;

import java.util.Objects;

/** A value and the key under which it was found. It may be a password, so it has no string form. */
public final class Setting {
  private final String key;
  private final String value;

  Setting(String key, String value) {
    this.key = key;
    this.value = value;
  }

  public String key() {
    return key;
  }

  public String value() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Setting
        && key.equals(((Setting) other).key)
        && value.equals(((Setting) other).value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(key, value);
  }

  @Override
  public String toString() {
    return key;
  }
}
