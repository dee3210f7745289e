package io.rustlsjvm.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.PendingWriteQueue;
import io.rustlsjvm.jsse.RecordBatches;
import io.rustlsjvm.jsse.RecordBatches.Next;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects writes, and seals them when they are flushed, each from where it lies.
 *
 * <p>Small ones in a row are copied into one record. A small one before a large one gets a record
 * of its own: Flink sends a header before each buffer, and joining them would be to copy the
 * buffer.
 */
final class RecordWriter {
  private static final int MAX_PLAINTEXT = 1 << 14;

  /** What a record adds to its plaintext, or more: header 5, explicit nonce 8, tag 16. */
  private static final int OVERHEAD = 32;

  /** Below this many bytes a copy costs less than a record of its own. */
  private static final int SMALL = 1 << 12;

  /** The most plaintext that goes into one buffer of records, in bytes. */
  private static final int BATCH = 1 << 16;

  private final RecordBatches records;
  private final ChannelHandlerContext context;

  /** Tells the channel of its bytes, so that it is not writable when they are too many. */
  private final PendingWriteQueue queue;

  private boolean running;

  /** Small writes that are to be one record, and the promises of those that end here. */
  private ByteBuf joined;

  private final List<ChannelPromise> joinedPromises = new ArrayList<>();

  /** Records that are to be one write, and the promises of the writes that end here. */
  private ByteBuf sealed;

  private final List<ChannelPromise> sealedPromises = new ArrayList<>();

  RecordWriter(RecordBatches records, ChannelHandlerContext context) {
    this.records = records;
    this.context = context;
    this.queue = new PendingWriteQueue(context);
  }

  void add(ByteBuf message, ChannelPromise promise) {
    queue.add(message, promise);
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Whether {@link #run} is under way further down the stack; it will send what is added. */
  boolean isRunning() {
    return running;
  }

  /**
   * Seals and writes all there is, without a flush.
   *
   * @return false when something else than data is due; what was not sealed is for {@link #drain}
   */
  boolean run() {
    running = true;
    boolean data = true;
    try {
      do {
        while (data && !queue.isEmpty()) {
          data = sealFirst();
        }
        data = data && sealJoined();
        send();
        // Whoever hears that a write has failed may write again.
      } while (data && !queue.isEmpty());
      return data;
    } catch (RuntimeException | Error e) {
      // A buffer that was released too early, or no memory: parts of it may have been sent.
      if (!queue.isEmpty()) {
        queue.remove().tryFailure(e);
      }
      throw e;
    } finally {
      running = false;
      if (sealed != null) {
        send();
      }
    }
  }

  private boolean sealFirst() {
    ByteBuf message = (ByteBuf) queue.current();
    if (message.nioBufferCount() == 1) {
      int start = message.readerIndex();
      if (!put(message, message.internalNioBuffer(start, message.readableBytes()))) {
        return false;
      }
    } else {
      for (ByteBuffer part : message.nioBuffers()) {
        if (!put(message, part)) {
          return false;
        }
      }
    }
    // Released behind the removal only: a release may come back here.
    message.retain();
    try {
      (joined != null ? joinedPromises : sealedPromises).add(queue.remove());
    } finally {
      message.release();
    }
    return true;
  }

  /** Takes a part of {@code message}, whose reader index moves. */
  private boolean put(ByteBuf message, ByteBuffer part) {
    int length = part.remaining();
    if (length >= SMALL) {
      return sealJoined() && seal(message, part);
    }
    if (joined != null && joined.writableBytes() < length && !sealJoined()) {
      return false;
    }
    if (length > 0) {
      if (joined == null) {
        joined = context.alloc().directBuffer(MAX_PLAINTEXT, MAX_PLAINTEXT);
      }
      joined.writeBytes(part);
      message.skipBytes(length);
    }
    return true;
  }

  private boolean sealJoined() {
    if (joined == null) {
      return true;
    }
    if (!seal(joined, joined.internalNioBuffer(joined.readerIndex(), joined.readableBytes()))) {
      return false;
    }
    joined.release();
    joined = null;
    sealedPromises.addAll(joinedPromises);
    joinedPromises.clear();
    return true;
  }

  private boolean seal(ByteBuf owner, ByteBuffer source) {
    while (source.hasRemaining()) {
      int wanted = Math.min(source.remaining(), MAX_PLAINTEXT) + OVERHEAD;
      if (sealed != null && sealed.writableBytes() < wanted) {
        send();
      }
      if (sealed == null) {
        sealed = context.alloc().directBuffer(room(source.remaining()));
      }
      int before = source.position();
      ByteBuffer target = sealed.internalNioBuffer(sealed.writerIndex(), sealed.writableBytes());
      int empty = target.position();
      Next next = records.wrapBatch(source, target);
      owner.skipBytes(source.position() - before);
      sealed.writerIndex(sealed.writerIndex() + target.position() - empty);
      if (next != Next.BATCH) {
        return false;
      }
    }
    return true;
  }

  /** Enough for what is at hand and what waits behind it, up to a batch. */
  private int room(int atHand) {
    int plaintext = (int) Math.min(BATCH, Math.max(atHand, queue.bytes()));
    int count = plaintext / MAX_PLAINTEXT + 2 + Math.min(queue.size(), BATCH / SMALL);
    return plaintext + count * OVERHEAD;
  }

  /** Writes the records. They get a promise of their own: one of the caller's can be cancelled. */
  private void send() {
    ByteBuf out = sealed == null ? Unpooled.EMPTY_BUFFER : sealed;
    if (!out.isReadable() && sealedPromises.isEmpty()) {
      out.release();
      sealed = null;
      return;
    }
    ChannelPromise written = context.newPromise();
    notify(written, sealedPromises);
    sealed = null;
    sealedPromises.clear();
    context.write(out, written);
  }

  private static void notify(ChannelPromise written, List<ChannelPromise> waiting) {
    for (ChannelPromise promise : waiting) {
      if (!promise.isVoid()) {
        written.addListener((ChannelFutureListener) done -> pass(done, promise));
      }
    }
  }

  private static void pass(ChannelFuture done, ChannelPromise promise) {
    if (done.isSuccess()) {
      promise.trySuccess();
    } else {
      promise.tryFailure(done.cause());
    }
  }

  /** Gives away, in order, what has not been sealed. */
  void drain(Taker taker) throws Exception {
    if (joined != null) {
      ByteBuf first = joined;
      ChannelPromise promise = context.newPromise();
      notify(promise, joinedPromises);
      joined = null;
      joinedPromises.clear();
      taker.take(first, promise);
    }
    while (!queue.isEmpty()) {
      ByteBuf message = ((ByteBuf) queue.current()).retain();
      taker.take(message, queue.remove());
    }
  }

  /** Takes over a write: the message is its own. */
  interface Taker {
    void take(ByteBuf message, ChannelPromise promise) throws Exception;
  }
}
