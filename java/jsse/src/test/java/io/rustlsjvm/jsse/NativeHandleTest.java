package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** Ownership of native objects, without any native object. */
class NativeHandleTest {
  private final AtomicInteger freed = new AtomicInteger();

  /** Static in effect: it must not refer to the handle. */
  private LongConsumer counting() {
    AtomicInteger counter = freed;
    return address -> counter.incrementAndGet();
  }

  @Test
  void theLastOwnerFrees() {
    NativeHandle handle = new NativeHandle(7, counting(), 2);
    assertThat(handle.address()).isEqualTo(7);
    handle.close();
    assertThat(freed).hasValue(0);
    assertThat(handle.isClosed()).isFalse();
    handle.close();
    assertThat(freed).hasValue(1);
    assertThat(handle.isClosed()).isTrue();
    assertThat(handle.tryAcquire()).isFalse();
    assertThatThrownBy(handle::acquire).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aCallUnderWayKeepsItAlive() {
    NativeHandle handle = new NativeHandle(7, counting());
    assertThat(handle.acquire()).isEqualTo(7);
    handle.close();
    assertThat(freed).hasValue(0);
    handle.release();
    assertThat(freed).hasValue(1);
  }

  @Test
  void garbageIsFreed() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    make(address -> gone.countDown());
    for (int i = 0; i < 50 && !gone.await(100, TimeUnit.MILLISECONDS); i++) {
      System.gc();
    }
    assertThat(gone.getCount()).isZero();
  }

  private static void make(LongConsumer free) {
    assertThat(new NativeHandle(9, free).isClosed()).isFalse();
  }

  @Test
  void noAddressIsNoObject() {
    assertThatThrownBy(() -> new NativeHandle(0, counting()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
