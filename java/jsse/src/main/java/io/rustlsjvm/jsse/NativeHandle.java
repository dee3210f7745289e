package io.rustlsjvm.jsse;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.LongConsumer;

/**
 * The one owner of one native object.
 *
 * <p>The object lives while someone holds a reference: the owners that it was made with, each of
 * whom gives up its own by {@link #close}, and calls under way, between {@link #acquire} and {@link
 * #release}. The last to let go frees it; a handle that became garbage is freed by a {@link
 * Cleaner}. So nothing is freed twice, and nothing under a running call.
 */
final class NativeHandle implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();

  private static final AtomicIntegerFieldUpdater<NativeHandle> REFERENCES =
      AtomicIntegerFieldUpdater.newUpdater(NativeHandle.class, "references");

  private final long address;
  private volatile int references;
  private final Cleaner.Cleanable cleanable;

  /** What the cleaner keeps; it must not know the handle. */
  private static final class Release implements Runnable {
    private final long address;
    private final LongConsumer free;

    Release(long address, LongConsumer free) {
      this.address = address;
      this.free = free;
    }

    @Override
    public void run() {
      free.accept(address);
    }
  }

  /** A handle with one owner. */
  NativeHandle(long address, LongConsumer free) {
    this(address, free, 1);
  }

  /**
   * @param address not 0
   * @param free called once; must not refer to this handle or to anything that does
   * @param owners how many times {@link #close} is called before the object may go
   */
  NativeHandle(long address, LongConsumer free, int owners) {
    this(address, new Release(address, free), owners);
  }

  /**
   * @param address not 0
   * @param free frees what is at the address; otherwise as the others'
   * @param owners how many times {@link #close} is called before the object may go
   */
  NativeHandle(long address, Runnable free, int owners) {
    if (address == 0) {
      throw new IllegalArgumentException("no native object");
    }
    this.address = address;
    this.references = owners;
    this.cleanable = CLEANER.register(this, free);
  }

  /** Takes a reference, if the object still lives. */
  boolean tryAcquire() {
    int count = references;
    while (count > 0) {
      if (REFERENCES.compareAndSet(this, count, count + 1)) {
        return true;
      }
      count = references;
    }
    return false;
  }

  /**
   * Takes a reference, to be given back by {@link #release}.
   *
   * @return the address, valid until then
   * @throws IllegalStateException when the object has been closed
   */
  long acquire() {
    if (!tryAcquire()) {
      throw new IllegalStateException("closed");
    }
    return address;
  }

  /** Gives a reference back. */
  void release() {
    if (REFERENCES.decrementAndGet(this) == 0) {
      cleanable.clean();
    }
  }

  /** The address; only for those who hold a reference, and keep this handle reachable meanwhile. */
  long address() {
    return address;
  }

  boolean isClosed() {
    return references <= 0;
  }

  /** An owner gives up its reference. Each owner must do so at most once. */
  @Override
  public void close() {
    release();
  }
}
