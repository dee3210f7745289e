package io.rustlsjvm.jsse;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A socket's encrypted input: bytes read ahead of their decryption. Confined to the reader. */
final class RecordInput {
  private static final int HEADER = 5;
  private static final int FIRST_CAPACITY = 4_096;
  private static final int FULL_CAPACITY = 2 * RustlsSession.MAX_RECORD;

  private final InputStream in;

  /** Read no byte beyond the record, because what follows the last one is not ours. */
  private final boolean exactly;

  private byte[] bytes = new byte[0];
  private int start;
  private int end;
  private ByteBuffer view = ByteBuffer.wrap(bytes);

  RecordInput(InputStream in, boolean exactly) {
    this.in = in;
    this.exactly = exactly;
  }

  /** What is there; give it back by {@link #consumed}. */
  ByteBuffer available() {
    view.limit(end).position(start);
    return view;
  }

  /** The bytes up to the view's position have been used. */
  void consumed() {
    start = view.position();
    if (start == end) {
      start = 0;
      end = 0;
    }
  }

  boolean isEmpty() {
    return start == end;
  }

  /** Length of the record at the start, header included; 0 while even that is not there. */
  int recordLength() {
    if (end - start < HEADER) {
      return 0;
    }
    return HEADER + ((bytes[start + 3] & 0xff) << 8 | bytes[start + 4] & 0xff);
  }

  /**
   * Waits for more.
   *
   * @throws EOFException when the peer has ended the stream
   */
  void fill() throws IOException {
    int wanted = wanted();
    makeRoom(wanted);
    int most = exactly ? wanted : bytes.length - end;
    int read = in.read(bytes, end, most);
    if (read < 0) {
      throw new EOFException("The peer has closed the stream");
    }
    end += read;
    if (end == bytes.length && bytes.length < FULL_CAPACITY) {
      resize(FULL_CAPACITY);
    }
  }

  /** What is missing for a header, then for the record. */
  private int wanted() {
    int present = end - start;
    int length = recordLength();
    // A record that is too long is the engine's to refuse; one byte more always gets on.
    int whole = Math.min(length == 0 ? HEADER : length, RustlsSession.MAX_RECORD);
    return Math.max(1, whole - present);
  }

  private void makeRoom(int wanted) {
    if (bytes.length - end >= wanted) {
      return;
    }
    int needed = end - start + wanted;
    if (needed > bytes.length) {
      resize(Math.max(needed, bytes.length == 0 ? FIRST_CAPACITY : FULL_CAPACITY));
    } else {
      resize(bytes.length);
    }
  }

  /** Moves the content to the front, of another array where the size differs. */
  private void resize(int capacity) {
    byte[] target = capacity == bytes.length ? bytes : new byte[capacity];
    System.arraycopy(bytes, start, target, 0, end - start);
    end -= start;
    start = 0;
    if (target != bytes) {
      bytes = target;
      view = ByteBuffer.wrap(bytes);
    }
  }

  /** Reads and forgets until the stream ends or has no more at hand. */
  void discard(long deadlineNanos) throws IOException {
    byte[] sink = new byte[8_192];
    while (System.nanoTime() < deadlineNanos && in.read(sink) >= 0) {
      // forgotten
    }
  }

  int atHand() throws IOException {
    return in.available();
  }
}
