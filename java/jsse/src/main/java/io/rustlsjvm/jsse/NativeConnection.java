package io.rustlsjvm.jsse;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * One native TLS connection, and the buffers on their way to it.
 *
 * <p>Each direction is taken by one thread at a time and is one of the handle's two owners: it lets
 * go when it is closed, so the native object goes with the second of them, and never under a
 * running call. Other calls take a reference for their time.
 */
final class NativeConnection {
  /**
   * The most bytes that a batch takes from its source. It bounds the time for which an array stays
   * in place and the garbage collector waits.
   */
  static final int BATCH = 1 << 18;

  /** A direction that nobody works on. */
  private static final int FREE = 0;

  /** A direction that a thread works on. */
  private static final int TAKEN = 1;

  /** A direction that has let go of the native object. */
  private static final int RELEASED = 2;

  private static final AtomicIntegerFieldUpdater<NativeConnection> OUTBOUND =
      AtomicIntegerFieldUpdater.newUpdater(NativeConnection.class, "outbound");

  private static final AtomicIntegerFieldUpdater<NativeConnection> INBOUND =
      AtomicIntegerFieldUpdater.newUpdater(NativeConnection.class, "inbound");

  /** For how long a thread looks again and again before it lets others run. */
  private static final int SPINS = 100;

  private static final long PAUSE_NANOS = 50_000;

  private final NativeHandle handle;
  private final ConnectionCounters counters;

  private volatile int outbound;
  private volatile int inbound;

  NativeConnection(long address, ConnectionCounters counters) {
    this.counters = counters;
    counters.address = address;
    // No lambda and no method reference, which would be one more object for each connection.
    this.handle = new NativeHandle(address, counters, 2);
  }

  /**
   * Takes a direction, waiting for another thread that has it; false when it has let go.
   *
   * <p>No monitor: leaving one costs as much as entering it, and both as much as a twentieth of a
   * small record. Threads that meet here are rare, JSSE's users keep to one for each direction.
   */
  private boolean enter(AtomicIntegerFieldUpdater<NativeConnection> direction) {
    return direction.compareAndSet(this, FREE, TAKEN) || enterLater(direction);
  }

  private boolean enterLater(AtomicIntegerFieldUpdater<NativeConnection> direction) {
    for (int looks = 0; ; looks++) {
      if (direction.get(this) == RELEASED) {
        return false;
      }
      if (direction.compareAndSet(this, FREE, TAKEN)) {
        return true;
      }
      if (looks < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, PAUSE_NANOS);
      }
    }
  }

  /** Gives a direction back; for good when {@code closed}. */
  private void leave(AtomicIntegerFieldUpdater<NativeConnection> direction, boolean closed) {
    if (closed) {
      direction.set(this, RELEASED);
      handle.close();
    } else {
      direction.lazySet(this, FREE);
    }
  }

  /** Seals one record out of {@code source} at most; positions move. */
  long wrap(ByteBuffer source, int limit, ByteBuffer destination) {
    return send(false, source, Math.min(source.remaining(), limit), destination);
  }

  /** Seals as many records as source and destination have, up to {@link #BATCH}; positions move. */
  long wrapBatch(ByteBuffer source, ByteBuffer destination) {
    return send(true, source, Math.min(source.remaining(), BATCH), destination);
  }

  private long send(boolean batch, ByteBuffer source, int length, ByteBuffer destination) {
    if (!enter(OUTBOUND)) {
      return PackedResult.CLOSED;
    }
    boolean closed = false;
    try {
      ByteBuffer readable = readable(source, length, destination);
      int limit = Math.min(length, readable.remaining());
      long packed = call(true, batch, readable, limit, destination);
      move(packed, source, destination);
      counters.sent(PackedResult.consumed(packed));
      closed = PackedResult.status(packed) == EngineNatives.STATUS_CLOSED;
      return packed;
    } finally {
      leave(OUTBOUND, closed);
    }
  }

  /** As {@link #wrap}, gathering the record out of several sources. */
  long wrap(ByteBuffer[] sources, int offset, int length, int limit, ByteBuffer destination) {
    ByteBuffer first = BufferRange.firstUsable(sources, offset, length);
    long wanted = Math.min(limit, BufferRange.remaining(sources, offset, length));
    if (first != null && first.remaining() >= wanted) {
      return wrap(first, limit, destination);
    }
    ByteBuffer staging = Staging.source();
    staging.limit((int) wanted);
    BufferRange.gather(sources, offset, length, staging);
    staging.flip();
    long packed = send(false, staging, staging.remaining(), destination);
    BufferRange.skip(sources, offset, length, PackedResult.consumed(packed));
    return packed;
  }

  /** Opens one record; positions move. */
  long unwrap(ByteBuffer source, ByteBuffer destination) {
    int length = Math.min(source.remaining(), RustlsSession.MAX_RECORD);
    return receive(false, source, length, destination);
  }

  /**
   * Opens as many whole records as source and destination have, up to {@link #BATCH}; positions
   * move. A record that ends the connection stays in the source.
   */
  long unwrapBatch(ByteBuffer source, ByteBuffer destination) {
    return receive(true, source, Math.min(source.remaining(), BATCH), destination);
  }

  private long receive(boolean batch, ByteBuffer source, int length, ByteBuffer destination) {
    if (!enter(INBOUND)) {
      return PackedResult.CLOSED;
    }
    boolean closed = false;
    try {
      ByteBuffer readable = readable(source, length, destination);
      int limit = Math.min(length, readable.remaining());
      long packed = call(false, batch, readable, limit, destination);
      move(packed, source, destination);
      counters.received(PackedResult.produced(packed));
      closed = PackedResult.status(packed) == EngineNatives.STATUS_CLOSED;
      return packed;
    } finally {
      leave(INBOUND, closed);
    }
  }

  /** As {@link #unwrap}, spreading the plaintext over several destinations. */
  long unwrap(ByteBuffer source, ByteBuffer[] destinations, int offset, int length) {
    ByteBuffer first = BufferRange.firstUsable(destinations, offset, length);
    long room = BufferRange.remaining(destinations, offset, length);
    if (first != null && (first.remaining() == room || first.remaining() >= recordLength(source))) {
      return unwrap(source, first);
    }
    int available = Math.min(source.remaining(), RustlsSession.MAX_RECORD);
    ByteBuffer staging = Staging.destination();
    staging.limit((int) Math.min(room, staging.capacity()));
    long packed = receive(false, source, available, staging);
    staging.flip();
    BufferRange.scatter(staging, destinations, offset, length);
    return packed;
  }

  private static void move(long packed, ByteBuffer source, ByteBuffer destination) {
    source.position(source.position() + PackedResult.consumed(packed));
    destination.position(destination.position() + PackedResult.produced(packed));
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
    int sourceStart = source.position();
    int destinationStart = destination.position();
    ByteBuffer sourceBuffer = sourceDirect ? source : null;
    byte[] sourceArray = sourceDirect ? null : source.array();
    int sourceOffset = sourceStart + (sourceDirect ? 0 : source.arrayOffset());
    ByteBuffer destinationBuffer = destinationDirect ? destination : null;
    byte[] destinationArray = destinationDirect ? null : destination.array();
    int destinationOffset = destinationStart + (destinationDirect ? 0 : destination.arrayOffset());
    // Twice as much is more than any call can fill; the packed length has 28 bits.
    int most = batch ? BATCH : RustlsSession.MAX_RECORD;
    int room = Math.min(destination.remaining(), 2 * most);
    // The natives rely on it. A buffer's own numbers always agree, unless another thread moves
    // them meanwhile.
    Objects.checkFromIndexSize(sourceStart, length, source.capacity());
    Objects.checkFromIndexSize(destinationStart, room, destination.capacity());
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

  /** Nothing more will be written; waits for a record that is being sealed. */
  void releaseOutbound() {
    if (enter(OUTBOUND)) {
      leave(OUTBOUND, true);
    }
  }

  /** Nothing more will be read; waits for a record that is being opened. */
  void releaseInbound() {
    if (enter(INBOUND)) {
      leave(INBOUND, true);
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

  /** {@link EngineNatives#handshakeStatus}; nothing is to be done once the connection is freed. */
  int handshakeStatus() {
    return use(EngineNatives::handshakeStatus, EngineNatives.NOT_HANDSHAKING);
  }

  /** As {@link #use}, of a native that answers nothing; none once the connection is freed. */
  void tell(LongConsumer call) {
    if (handle.tryAcquire()) {
      try {
        call.accept(handle.address());
      } finally {
        handle.release();
      }
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
