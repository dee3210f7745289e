package io.rustlsjvm.jsse;

import java.util.Objects;

/**
 * What settings come to, worked out once for all connections that have them: their names are looked
 * up on the native side, and stand there under a number. Immutable.
 */
final class EngineTerms {
  /** Of {@link ContextNatives#terms}. */
  final long number;

  /** What is known of a handshake before it begins. */
  final SessionDetails before;

  private final String schemesProperty;

  /**
   * @param schemesProperty the system property's value where signature schemes depend on it
   */
  EngineTerms(long number, SessionDetails before, String schemesProperty) {
    this.number = number;
    this.before = before;
    this.schemesProperty = schemesProperty;
  }

  /** Whether the system property, which programs may set at any time, is still the same. */
  boolean areOf(String property) {
    return Objects.equals(schemesProperty, property);
  }
}
