package io.rustlsjvm.flink.check;

import java.util.Objects;

/** Something that the operator should look after. Holds no secret. Immutable. */
final class Finding {
  /** How bad it is. */
  enum Severity {
    /** Something does not work, or Flink does not start. */
    ERROR,
    /** It works, but not as one may think, or not for long. */
    WARNING
  }

  private final Severity severity;
  private final Rule rule;
  private final String option;
  private final String message;
  private final String advice;

  private Finding(Severity severity, Rule rule, String option, String message, String advice) {
    this.severity = severity;
    this.rule = rule;
    this.option = option;
    this.message = message;
    this.advice = advice;
  }

  /**
   * @param option the key of the option to change, or null
   * @param advice what to do; empty where the message says it
   */
  static Finding error(Rule rule, String option, String message, String advice) {
    return new Finding(Severity.ERROR, rule, option, message, advice);
  }

  /**
   * @param option the key of the option to change, or null
   * @param advice what to do; empty where the message says it
   */
  static Finding warning(Rule rule, String option, String message, String advice) {
    return new Finding(Severity.WARNING, rule, option, message, advice);
  }

  Severity severity() {
    return severity;
  }

  Rule rule() {
    return rule;
  }

  /** The key of the option to change, or null. */
  String option() {
    return option;
  }

  /** What is wrong, and what to do. */
  String message() {
    return advice.isEmpty() ? message : message + " " + advice;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Finding
        && severity == ((Finding) other).severity
        && rule == ((Finding) other).rule
        && message().equals(((Finding) other).message());
  }

  @Override
  public int hashCode() {
    return Objects.hash(severity, rule, message());
  }

  @Override
  public String toString() {
    return severity + " " + rule.id() + ": " + message();
  }
}
