package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.Stream;

/** Buffers of every kind that a caller may come with, and a look at what became of them. */
final class HostileBuffers {
  private HostileBuffers() {}

  /** Whether two may share bytes; any two direct ones are taken to. */
  static boolean overlaps(ByteBuffer one, ByteBuffer other) {
    return one == other
        || one.hasArray() && other.hasArray() && one.array() == other.array()
        || one.isDirect() && other.isDirect();
  }

  /** Whether each has bytes and a position of its own, and none with {@code other}. */
  static boolean apart(ByteBuffer[] buffers, ByteBuffer other) {
    for (int i = 0; i < buffers.length; i++) {
      if (overlaps(buffers[i], other)) {
        return false;
      }
      for (int j = 0; j < i; j++) {
        if (buffers[i] == buffers[j]) {
          return false;
        }
      }
    }
    return true;
  }

  static long positions(ByteBuffer[] buffers) {
    return Stream.of(buffers).mapToLong(ByteBuffer::position).sum();
  }

  /** What lies in a buffer behind its position. */
  static final class Snapshot {
    private final ByteBuffer buffer;
    private final ByteBuffer copy;

    private Snapshot(ByteBuffer buffer) {
      this.buffer = buffer.duplicate();
      ByteBuffer looked = buffer.duplicate();
      looked.limit(Math.min(looked.limit(), looked.position() + 256));
      this.copy = ByteBuffer.allocate(looked.remaining()).put(looked).flip();
    }

    static Snapshot behind(ByteBuffer buffer) {
      return new Snapshot(buffer);
    }

    void assertUnchanged() {
      ByteBuffer now = buffer.duplicate();
      now.limit(now.position() + copy.remaining());
      assertThat(now).as("what nothing was produced into").isEqualTo(copy);
    }
  }

  /** Some buffers; now and then very many, then small ones. */
  static ByteBuffer[] buffers(Random random, boolean reading) {
    ByteBuffer[] buffers = new ByteBuffer[random.nextInt(40) == 0 ? 1000 : random.nextInt(4)];
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] =
          buffers.length > 3
              ? ByteBuffer.allocate(random.nextInt(30)).limit(0)
              : buffer(random, reading);
      if (buffers.length > 3) {
        buffers[i].limit(random.nextInt(buffers[i].capacity() + 1));
      }
    }
    return buffers;
  }

  /** Direct, heap, sliced, empty, huge, read-only. */
  static ByteBuffer buffer(Random random, boolean reading) {
    int size = new int[] {0, 1, 5, 100, 16_384, 20_000, 1 << 20}[random.nextInt(7)];
    ByteBuffer buffer =
        random.nextBoolean() ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
    if (reading && random.nextBoolean()) {
      for (int i = 0; i < Math.min(size, 64); i++) {
        buffer.put(i, (byte) random.nextInt(256));
      }
    }
    if (size > 0 && random.nextBoolean()) {
      buffer.position(random.nextInt(size));
      buffer = buffer.slice();
    }
    boolean readOnly = random.nextInt(reading ? 3 : 30) == 0;
    return readOnly ? buffer.asReadOnlyBuffer() : buffer;
  }
}
