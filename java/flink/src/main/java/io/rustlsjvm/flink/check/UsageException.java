package io.rustlsjvm.flink.check;

/** The command line cannot be understood, or names what is not there. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
