package io.rustlsjvm.jsse;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;

/**
 * How long a blocking handshake may wait for its peer as a whole, however slowly the bytes come in.
 * For one thread at a time.
 *
 * <p>It uses the socket's SO_TIMEOUT, which is the caller's, and sets that back. What another
 * thread sets meanwhile may be lost.
 */
final class HandshakeDeadline {
  /** Zero: the socket's own timeout alone counts. */
  private final int limitMillis;

  private boolean begun;
  private long endNanos;

  /**
   * @param limitMillis from the first {@link #fill} on; zero for no limit
   */
  HandshakeDeadline(int limitMillis) {
    this.limitMillis = limitMillis;
  }

  /**
   * Waits for more input.
   *
   * @return whether there is some; false when the time is over
   * @throws SocketTimeoutException by the caller's SO_TIMEOUT; the handshake can go on
   */
  boolean fill(RecordInput input, Socket transport) throws IOException {
    if (limitMillis > 0) {
      int left = leftMillis();
      int callers = transport.getSoTimeout();
      if (callers == 0 || left <= callers) {
        return left > 0 && fillWithin(left, callers, input, transport);
      }
    }
    input.fill();
    return true;
  }

  private static boolean fillWithin(int left, int callers, RecordInput input, Socket transport)
      throws IOException {
    transport.setSoTimeout(left);
    try {
      input.fill();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      restore(transport, callers);
    }
  }

  private int leftMillis() {
    long now = System.nanoTime();
    if (!begun) {
      begun = true;
      endNanos = now + TimeUnit.MILLISECONDS.toNanos(limitMillis);
    }
    // Rounded up: SO_TIMEOUT 0 would be for ever.
    return (int) TimeUnit.NANOSECONDS.toMillis(endNanos - now + 999_999);
  }

  int limitMillis() {
    return limitMillis;
  }

  private static void restore(Socket transport, int callers) {
    try {
      transport.setSoTimeout(callers);
    } catch (SocketException e) {
      // Closed by another thread, and never read from again.
      return;
    }
  }
}
