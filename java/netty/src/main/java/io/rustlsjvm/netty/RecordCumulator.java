package io.rustlsjvm.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Keeps the buffers of what is read one behind the other, without a copy; a few of them at most, so
 * that a peer who sends a record byte by byte does not hold a buffer for each byte.
 */
final class RecordCumulator implements ByteToMessageDecoder.Cumulator {
  static final RecordCumulator INSTANCE = new RecordCumulator();

  private static final int MAX_COMPONENTS = 16;

  private RecordCumulator() {}

  @Override
  public ByteBuf cumulate(ByteBufAllocator allocator, ByteBuf cumulation, ByteBuf in) {
    ByteBuf joined = ByteToMessageDecoder.COMPOSITE_CUMULATOR.cumulate(allocator, cumulation, in);
    if (joined instanceof CompositeByteBuf) {
      CompositeByteBuf composite = (CompositeByteBuf) joined;
      if (composite.numComponents() > MAX_COMPONENTS) {
        composite.consolidate();
      }
    }
    return joined;
  }
}
