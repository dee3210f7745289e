package io.rustlsjvm.jsse;

import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/** Takes apart what {@link EngineNatives} packs into a {@code long}. */
final class PackedResult {
  /** Nothing done, closed. */
  static final long CLOSED = (long) EngineNatives.STATUS_CLOSED << 56;

  private static final int LENGTH_MASK = (1 << 28) - 1;
  private static final int STATE_MASK = 7;

  private PackedResult() {}

  static int produced(long packed) {
    return (int) packed & LENGTH_MASK;
  }

  static int consumed(long packed) {
    return (int) (packed >>> 28) & LENGTH_MASK;
  }

  /** One of the {@code STATUS} constants of {@link EngineNatives}. */
  static int status(long packed) {
    return (int) (packed >>> 56) & STATE_MASK;
  }

  /** One of the handshake constants of {@link EngineNatives}. */
  static int handshake(long packed) {
    return (int) (packed >>> 59) & STATE_MASK;
  }

  /** The JSSE constant for one of the handshake constants of {@link EngineNatives}. */
  static HandshakeStatus handshakeStatus(int handshake) {
    switch (handshake) {
      case EngineNatives.NOT_HANDSHAKING:
        return HandshakeStatus.NOT_HANDSHAKING;
      case EngineNatives.FINISHED:
        return HandshakeStatus.FINISHED;
      case EngineNatives.NEED_TASK:
        return HandshakeStatus.NEED_TASK;
      case EngineNatives.NEED_WRAP:
        return HandshakeStatus.NEED_WRAP;
      case EngineNatives.NEED_UNWRAP:
        return HandshakeStatus.NEED_UNWRAP;
      default:
        throw new AssertionError("handshake status " + handshake);
    }
  }
}
