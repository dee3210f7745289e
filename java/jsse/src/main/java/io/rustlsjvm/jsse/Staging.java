package io.rustlsjvm.jsse;

import java.nio.ByteBuffer;

/**
 * Buffers of one record for the calls that cannot hand over the caller's own: several small
 * sources, several small destinations, read-only arrays, one array as both. One of each kind for
 * each thread, reused.
 */
final class Staging {
  private static final ThreadLocal<ByteBuffer> SOURCE =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(RustlsSession.MAX_RECORD));
  private static final ThreadLocal<ByteBuffer> DESTINATION =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(RustlsSession.MAX_RECORD));

  private Staging() {}

  /** This thread's, empty; for what goes into a native. */
  static ByteBuffer source() {
    return SOURCE.get().clear();
  }

  /** This thread's, empty; for what comes out of a native. */
  static ByteBuffer destination() {
    return DESTINATION.get().clear();
  }
}
