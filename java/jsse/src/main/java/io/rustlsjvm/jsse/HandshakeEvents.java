package io.rustlsjvm.jsse;

/**
 * Tells flight recordings of handshakes. Where the JVM has no flight recorder, or none that records
 * these events, nothing is told and next to nothing done.
 */
class HandshakeEvents {
  static final HandshakeEvents SHARED = create();

  private static HandshakeEvents create() {
    if (ModuleLayer.boot().findModule("jdk.jfr").isPresent()) {
      try {
        return new FlightRecorderEvents();
      } catch (LinkageError e) {
        // A recorder that is not there after all: no events.
        return new HandshakeEvents();
      }
    }
    return new HandshakeEvents();
  }

  /** Starts to take the time of a handshake; null where nobody records it. */
  Object begin() {
    return null;
  }

  /**
   * A handshake has finished.
   *
   * @param begun what {@link #begin} gave, not null
   * @param group JSSE name of the key exchange group, or null
   */
  void finished(
      Object begun, RustlsEngine engine, String peerSubject, String group, boolean resumed) {}

  /**
   * A connection has failed.
   *
   * @param alert as {@link Failures#alert} has it
   * @param established whether it failed after its handshake
   */
  void failed(RustlsEngine engine, String alert, String reason, boolean established) {}
}
