package io.rustlsjvm.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.rustlsjvm.jsse.RecordBatches;
import io.rustlsjvm.jsse.RecordBatches.Next;
import java.nio.ByteBuffer;

/** Opens records of application data from where they were read. */
final class RecordReader {
  private static final int HEADER = 5;
  private static final int APPLICATION_DATA = 23;
  private static final int MAJOR_VERSION = 3;

  /** RFC 5246 §6.2.3: the longest fragment. */
  private static final int MAX_FRAGMENT = (1 << 14) + 2048;

  /** The most bytes of records that are opened into one buffer. */
  private static final int BATCH = 1 << 16;

  private final RecordBatches records;
  private ByteBuf data;

  RecordReader(RecordBatches records) {
    this.records = records;
  }

  /**
   * The length of the whole records of data at the buffer's front, as far as they make one batch. 0
   * when the first one is not whole, -1 when it is none of data, or longer than allowed.
   */
  static int dataRecords(ByteBuf in) {
    int start = in.readerIndex();
    int end = in.writerIndex();
    int at = start;
    while (end - at >= HEADER) {
      int fragment = in.getUnsignedShort(at + 3);
      if (in.getUnsignedByte(at) != APPLICATION_DATA
          || in.getUnsignedByte(at + 1) != MAJOR_VERSION
          || fragment > MAX_FRAGMENT) {
        return at > start ? at - start : -1;
      }
      int next = at + HEADER + fragment;
      if (next > end || next - start > BATCH) {
        break;
      }
      at = next;
    }
    return at - start;
  }

  /**
   * Opens records; what they held is for {@link #take}.
   *
   * @param length of whole records; those are consumed that could be opened, and at least the first
   *     one unless it was no data
   */
  Next read(ByteBufAllocator allocator, ByteBuf in, int length) {
    if (in instanceof CompositeByteBuf) {
      return readComposite(allocator, (CompositeByteBuf) in, length);
    }
    int start = in.readerIndex();
    return open(
        allocator,
        in,
        in.nioBufferCount() == 1
            ? in.internalNioBuffer(start, length)
            : in.nioBuffer(start, length));
  }

  /** Opens the records of one component; where one spans two of them, that one from a copy. */
  private Next readComposite(ByteBufAllocator allocator, CompositeByteBuf in, int length) {
    int start = in.readerIndex();
    int component = in.toComponentIndex(start);
    int end = component + 1 < in.numComponents() ? in.toByteIndex(component + 1) : in.writerIndex();
    int whole = wholeRecords(in, start, Math.min(start + length, end));
    if (whole > 0) {
      return open(allocator, in, in.nioBuffer(start, whole));
    }
    int record = recordLength(in, start);
    ByteBuf copy = allocator.directBuffer(record);
    try {
      copy.writeBytes(in, start, record);
      return open(allocator, in, copy.internalNioBuffer(0, record));
    } finally {
      copy.release();
    }
  }

  /** Bytes of the record at {@code index}, whose header is there. */
  static int recordLength(ByteBuf in, int index) {
    return HEADER + in.getUnsignedShort(index + 3);
  }

  private static int wholeRecords(ByteBuf in, int start, int end) {
    int at = start;
    while (end - at >= HEADER) {
      int next = at + recordLength(in, at);
      if (next > end) {
        break;
      }
      at = next;
    }
    return at - start;
  }

  private Next open(ByteBufAllocator allocator, ByteBuf in, ByteBuffer source) {
    int start = source.position();
    ByteBuf target = allocator.directBuffer(source.remaining());
    try {
      ByteBuffer destination = target.internalNioBuffer(0, target.writableBytes());
      int empty = destination.position();
      Next next = records.unwrapBatch(source, destination);
      in.skipBytes(source.position() - start);
      target.writerIndex(destination.position() - empty);
      if (target.isReadable()) {
        data = target;
        target = null;
      }
      return next;
    } finally {
      if (target != null) {
        target.release();
      }
    }
  }

  /** What was opened last, once, to be released by the caller; null for nothing. */
  ByteBuf take() {
    ByteBuf taken = data;
    data = null;
    return taken;
  }
}
