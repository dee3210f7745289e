package io.rustlsjvm.flink.check;

/** Two ends of a channel that do not come together. */
final class HandshakeFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean byClient;

  /**
   * @param byClient which end found the fault
   */
  HandshakeFailure(boolean byClient, Exception cause) {
    super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    this.byClient = byClient;
  }

  /** Whether the client refused the server, and not the server the client. */
  boolean isByClient() {
    return byClient;
  }
}
