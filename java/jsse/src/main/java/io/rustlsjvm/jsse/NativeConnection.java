package io.rustlsjvm.jsse;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * One native TLS connection, and the buffers on their way to it.
 *
 * <p>Each direction has a lock of its own and is one of the handle's two owners: it lets go when it
 * is closed, so the native object goes with the second of them, and never under a running call.
 * Other calls take a reference for their time.
 */
final class NativeConnection {
  /**
   * The most bytes that a batch takes from its source. It bounds the time for which an array stays
   * in place and the garbage collector waits.
   */
  static final int BATCH = 1 << 18;

  private final NativeHandle handle;
  private final ConnectionCounters counters;

  /** The directions' locks: objects that are there anyway and nobody else locks. */
  private final Object outbound;

  private final Object inbound;

  /** Whether the direction has let go; guarded by its lock. */
  private boolean outboundReleased;

  private boolean inboundReleased;

  NativeConnection(long address, ConnectionCounters counters) {
    this.counters = counters;
    counters.address = address;
    // No lambda and no method reference, which would be one more object for each connection.
    this.handle = new NativeHandle(address, counters, 2);
    this.outbound = this;
    this.inbound = handle;
  }

  /** Seals one record out of {@code source} at most; positions move. */
  long wrap(ByteBuffer source, int limit, ByteBuffer destination) {
    synchronized (outbound) {
      if (outboundReleased) {
        return PackedResult.CLOSED;
      }
      int length = Math.min(source.remaining(), limit);
      ByteBuffer readable = readable(source, length, destination);
      long packed = call(true, false, readable, length, destination);
      return sent(packed, source, destination);
    }
  }

  /** As the other, gathering the record out of several sources. */
  long wrap(ByteBuffer[] sources, int offset, int length, int limit, ByteBuffer destination) {
    ByteBuffer first = BufferRange.firstUsable(sources, offset, length);
    long wanted = Math.min(limit, BufferRange.remaining(sources, offset, length));
    if (first != null && first.remaining() >= wanted) {
      return wrap(first, limit, destination);
    }
    synchronized (outbound) {
      if (outboundReleased) {
        return PackedResult.CLOSED;
      }
      ByteBuffer staging = Staging.source();
      staging.limit((int) wanted);
      BufferRange.gather(sources, offset, length, staging);
      staging.flip();
      long packed = call(true, false, staging, staging.remaining(), destination);
      BufferRange.skip(sources, offset, length, PackedResult.consumed(packed));
      return sent(packed, null, destination);
    }
  }

  private long sent(long packed, ByteBuffer source, ByteBuffer destination) {
    int consumed = PackedResult.consumed(packed);
    if (source != null) {
      source.position(source.position() + consumed);
    }
    destination.position(destination.position() + PackedResult.produced(packed));
    counters.sent(consumed);
    if (PackedResult.status(packed) == EngineNatives.STATUS_CLOSED) {
      releaseOutbound();
    }
    return packed;
  }

  /** Opens one record; positions move. */
  long unwrap(ByteBuffer source, ByteBuffer destination) {
    synchronized (inbound) {
      if (inboundReleased) {
        return PackedResult.CLOSED;
      }
      int length = Math.min(source.remaining(), RustlsSession.MAX_RECORD);
      ByteBuffer readable = readable(source, length, destination);
      long packed = call(false, false, readable, length, destination);
      destination.position(destination.position() + PackedResult.produced(packed));
      return received(packed, source);
    }
  }

  /** As the other, spreading the plaintext over several destinations. */
  long unwrap(ByteBuffer source, ByteBuffer[] destinations, int offset, int length) {
    ByteBuffer first = BufferRange.firstUsable(destinations, offset, length);
    long room = BufferRange.remaining(destinations, offset, length);
    if (first != null && (first.remaining() == room || first.remaining() >= recordLength(source))) {
      return unwrap(source, first);
    }
    synchronized (inbound) {
      if (inboundReleased) {
        return PackedResult.CLOSED;
      }
      int available = Math.min(source.remaining(), RustlsSession.MAX_RECORD);
      ByteBuffer staging = Staging.destination();
      staging.limit((int) Math.min(room, staging.capacity()));
      ByteBuffer readable = readable(source, available, staging);
      long packed = call(false, false, readable, available, staging);
      staging.position(PackedResult.produced(packed)).flip();
      BufferRange.scatter(staging, destinations, offset, length);
      return received(packed, source);
    }
  }

  /** Seals as many records as source and destination have, up to {@link #BATCH}; positions move. */
  long wrapBatch(ByteBuffer source, ByteBuffer destination) {
    synchronized (outbound) {
      if (outboundReleased) {
        return PackedResult.CLOSED;
      }
      int length = Math.min(source.remaining(), BATCH);
      ByteBuffer readable = readable(source, length, destination);
      int limit = Math.min(length, readable.remaining());
      long packed = call(true, true, readable, limit, destination);
      return sent(packed, source, destination);
    }
  }

  /**
   * Opens as many whole records as source and destination have, up to {@link #BATCH}; positions
   * move. A record that ends the connection stays in the source.
   */
  long unwrapBatch(ByteBuffer source, ByteBuffer destination) {
    synchronized (inbound) {
      if (inboundReleased) {
        return PackedResult.CLOSED;
      }
      int length = Math.min(source.remaining(), BATCH);
      ByteBuffer readable = readable(source, length, destination);
      int limit = Math.min(length, readable.remaining());
      long packed = call(false, true, readable, limit, destination);
      destination.position(destination.position() + PackedResult.produced(packed));
      return received(packed, source);
    }
  }

  private long received(long packed, ByteBuffer source) {
    source.position(source.position() + PackedResult.consumed(packed));
    counters.received(PackedResult.produced(packed));
    int status = PackedResult.status(packed);
    if (status == EngineNatives.STATUS_CLOSED) {
      releaseInbound();
    }
    return packed;
  }

  /** Bytes of the record at the source's position as its header has it; at most 65540. */
  private static int recordLength(ByteBuffer source) {
    if (source.remaining() < 5) {
      return 0;
    }
    int at = source.position() + 3;
    return 5 + ((source.get(at) & 0xff) << 8 | source.get(at + 1) & 0xff);
  }

  /**
   * The source itself, or a copy of its first bytes where a native cannot, or must not, read it.
   */
  private static ByteBuffer readable(ByteBuffer source, int length, ByteBuffer destination) {
    if (source.isDirect()) {
      return source;
    }
    if (source.hasArray() && !(destination.hasArray() && source.array() == destination.array())) {
      return source;
    }
    ByteBuffer staging = Staging.source();
    ByteBuffer copy = source.duplicate();
    copy.limit(copy.position() + Math.min(length, staging.remaining()));
    staging.put(copy);
    return staging.flip();
  }

  private long call(
      boolean wrap, boolean batch, ByteBuffer source, int length, ByteBuffer destination) {
    boolean sourceDirect = source.isDirect();
    boolean destinationDirect = destination.isDirect();
    ByteBuffer sourceBuffer = sourceDirect ? source : null;
    byte[] sourceArray = sourceDirect ? null : source.array();
    int sourceOffset = source.position() + (sourceDirect ? 0 : source.arrayOffset());
    ByteBuffer destinationBuffer = destinationDirect ? destination : null;
    byte[] destinationArray = destinationDirect ? null : destination.array();
    int destinationOffset =
        destination.position() + (destinationDirect ? 0 : destination.arrayOffset());
    // Twice as much is more than any call can fill; the packed length has 28 bits.
    int most = batch ? BATCH : RustlsSession.MAX_RECORD;
    int room = Math.min(destination.remaining(), 2 * most);
    try {
      if (batch) {
        return wrap
            ? EngineNatives.wrapBatch(
                handle.address(),
                sourceBuffer,
                sourceArray,
                sourceOffset,
                length,
                destinationBuffer,
                destinationArray,
                destinationOffset,
                room)
            : EngineNatives.unwrapBatch(
                handle.address(),
                sourceBuffer,
                sourceArray,
                sourceOffset,
                length,
                destinationBuffer,
                destinationArray,
                destinationOffset,
                room);
      }
      return wrap
          ? EngineNatives.wrap(
              handle.address(),
              sourceBuffer,
              sourceArray,
              sourceOffset,
              length,
              destinationBuffer,
              destinationArray,
              destinationOffset,
              room)
          : EngineNatives.unwrap(
              handle.address(),
              sourceBuffer,
              sourceArray,
              sourceOffset,
              length,
              destinationBuffer,
              destinationArray,
              destinationOffset,
              room);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Nothing more will be written. */
  void releaseOutbound() {
    synchronized (outbound) {
      if (!outboundReleased) {
        outboundReleased = true;
        handle.close();
      }
    }
  }

  /** Nothing more will be read. */
  void releaseInbound() {
    synchronized (inbound) {
      if (!inboundReleased) {
        inboundReleased = true;
        handle.close();
      }
    }
  }

  /**
   * Calls a native for something else than records.
   *
   * @param gone what to answer when the connection has been freed
   */
  <T> T use(Call<T> call, T gone) {
    if (!handle.tryAcquire()) {
      return gone;
    }
    try {
      return call.apply(handle.address());
    } finally {
      handle.release();
    }
  }

  /** A native that takes an address. */
  interface Call<T> {
    T apply(long address);
  }

  boolean isFreed() {
    return handle.isClosed();
  }
}
