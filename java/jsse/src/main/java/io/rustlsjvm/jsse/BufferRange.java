package io.rustlsjvm.jsse;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;

/** A run of buffers within an array, as {@code SSLEngine} takes them. */
final class BufferRange {
  private BufferRange() {}

  /**
   * @throws IllegalArgumentException for null, as {@code SSLEngine} documents
   * @throws IndexOutOfBoundsException for a run that is not inside the array
   */
  static void check(ByteBuffer[] buffers, int offset, int length) {
    if (buffers == null) {
      throw new IllegalArgumentException("buffers are null");
    }
    if (offset < 0 || length < 0 || offset > buffers.length - length) {
      throw new IndexOutOfBoundsException(
          "offset " + offset + ", length " + length + " of " + buffers.length + " buffers");
    }
    for (int i = offset; i < offset + length; i++) {
      if (buffers[i] == null) {
        throw new IllegalArgumentException("buffer " + i + " is null");
      }
    }
  }

  /**
   * @throws ReadOnlyBufferException when one of them cannot be written
   */
  static void checkWritable(ByteBuffer[] buffers, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (buffers[i].isReadOnly()) {
        throw new ReadOnlyBufferException();
      }
    }
  }

  /** Bytes remaining in all of them. */
  static long remaining(ByteBuffer[] buffers, int offset, int length) {
    long remaining = 0;
    for (int i = offset; i < offset + length; i++) {
      remaining += buffers[i].remaining();
    }
    return remaining;
  }

  /** The first that has room or content, or the last one, or null when there are none. */
  static ByteBuffer firstUsable(ByteBuffer[] buffers, int offset, int length) {
    ByteBuffer last = null;
    for (int i = offset; i < offset + length; i++) {
      last = buffers[i];
      if (last.hasRemaining()) {
        return last;
      }
    }
    return last;
  }

  /** Copies what fits into {@code target}, leaving the sources' positions as they are. */
  static void gather(ByteBuffer[] sources, int offset, int length, ByteBuffer target) {
    for (int i = offset; i < offset + length && target.hasRemaining(); i++) {
      ByteBuffer copy = sources[i].duplicate();
      if (copy.remaining() > target.remaining()) {
        copy.limit(copy.position() + target.remaining());
      }
      target.put(copy);
    }
  }

  /**
   * Moves the sources' positions on, in their order.
   *
   * @throws IllegalArgumentException when less was in them than they said
   */
  static void skip(ByteBuffer[] sources, int offset, int length, int bytes) {
    int left = bytes;
    for (int i = offset; i < offset + length && left > 0; i++) {
      int step = Math.min(left, sources[i].remaining());
      sources[i].position(sources[i].position() + step);
      left -= step;
    }
    requireNone(left);
  }

  /**
   * Spreads {@code source}, which must fit, over the targets.
   *
   * @throws IllegalArgumentException when there was less room in them than they said
   */
  static void scatter(ByteBuffer source, ByteBuffer[] targets, int offset, int length) {
    int end = source.limit();
    for (int i = offset; i < offset + length && source.position() < end; i++) {
      source.limit(source.position() + Math.min(end - source.position(), targets[i].remaining()));
      targets[i].put(source);
    }
    source.limit(end);
    requireNone(source.remaining());
  }

  /** Bytes counted beforehand that are nowhere to be found: better an error than lost data. */
  private static void requireNone(int left) {
    if (left > 0) {
      throw new IllegalArgumentException(
          "a buffer stands twice in the array, or another thread has moved it");
    }
  }
}
