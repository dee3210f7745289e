package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Engines that are called in any order, by several threads, with any buffers. What must hold: the
 * JVM lives, nothing hangs, only documented exceptions come out, results fit the positions.
 */
@Timeout(120)
class EngineChaosTest {
  private static final int THREADS = 3;
  private static final int ROUNDS = 60;
  private static final int CALLS = 150;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyCallInAnyOrder(long seed) throws Exception {
    SSLContext[] clients = {TestContexts.STORES.client(), TestContexts.MANAGERS.client()};
    SSLContext[] servers = {TestContexts.STORES.server(), TestContexts.MANAGERS.server()};
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      Random random = new Random(seed);
      for (int round = 0; round < ROUNDS; round++) {
        EnginePair pair = EnginePair.of(clients[round % 2], servers[round / 2 % 2]);
        if (random.nextInt(3) > 0) {
          pair.handshake();
        }
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          Random own = new Random(random.nextLong());
          running.add(threads.submit(() -> play(own, pair)));
        }
        for (Future<?> thread : running) {
          thread.get(20, TimeUnit.SECONDS);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void play(Random random, EnginePair pair) {
    // Wires of this thread's own: others' records come in between, as garbage.
    ByteBuffer wire = ByteBuffer.allocateDirect(70_000);
    for (int call = 0; call < CALLS; call++) {
      SSLEngine engine = random.nextBoolean() ? pair.client : pair.server;
      try {
        call(random, engine, wire);
      } catch (SSLException | ReadOnlyBufferException e) {
        assertThat(e).isNotNull();
      }
    }
  }

  private static void call(Random random, SSLEngine engine, ByteBuffer wire) throws SSLException {
    switch (random.nextInt(40)) {
      case 0:
        engine.closeOutbound();
        break;
      case 1:
        engine.closeInbound();
        break;
      case 2:
      case 3:
        Runnable task = engine.getDelegatedTask();
        if (task != null && random.nextInt(8) > 0) {
          task.run();
        }
        break;
      case 4:
        engine.beginHandshake();
        break;
      case 5:
        assertThat(engine.toString()).isNotEmpty();
        assertThat(engine.getSession()).isNotNull();
        if (engine.isInboundDone()) {
          assertThat(engine.isInboundDone()).as("done stays done").isTrue();
        }
        break;
      case 6:
        assertThat(engine.getHandshakeStatus()).isNotNull();
        break;
      default:
        if (random.nextBoolean()) {
          wrap(random, engine, wire);
        } else {
          unwrap(random, engine, wire);
        }
    }
  }

  private static void wrap(Random random, SSLEngine engine, ByteBuffer wire) throws SSLException {
    ByteBuffer[] sources = new ByteBuffer[random.nextInt(4)];
    for (int i = 0; i < sources.length; i++) {
      sources[i] = buffer(random, true);
    }
    ByteBuffer target = random.nextInt(4) == 0 ? buffer(random, false) : wire;
    int before = target.position();
    SSLEngineResult result = engine.wrap(sources, target);
    assertThat(target.position()).isEqualTo(before + result.bytesProduced());
    if (target == wire && wire.remaining() < 20_000) {
      wire.clear();
    }
  }

  private static void unwrap(Random random, SSLEngine engine, ByteBuffer wire) throws SSLException {
    ByteBuffer source;
    if (random.nextInt(3) == 0) {
      source = buffer(random, true);
    } else {
      source = wire.duplicate();
      source.flip();
      if (random.nextInt(4) == 0 && source.hasRemaining()) {
        source.position(random.nextInt(source.remaining()));
      }
    }
    ByteBuffer[] targets = new ByteBuffer[random.nextInt(4)];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = random.nextInt(6) == 0 ? source.duplicate() : buffer(random, false);
    }
    int before = source.position();
    SSLEngineResult result = engine.unwrap(source, targets);
    assertThat(source.position()).isEqualTo(before + result.bytesConsumed());
  }

  /** Direct, heap, sliced, empty, huge, read-only. */
  private static ByteBuffer buffer(Random random, boolean reading) {
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
