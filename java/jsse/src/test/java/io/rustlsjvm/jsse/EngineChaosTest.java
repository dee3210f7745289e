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
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Engines that are called in any order, by several threads, with any buffers. What must hold: the
 * JVM lives, nothing hangs, only documented exceptions come out, results fit the positions, and
 * bytes outside of what a result tells stay as they are.
 *
 * <p>{@code -Dchaos.rounds=N -Dchaos.seed=N} goes on for longer, and differently.
 */
@Timeout(7200)
class EngineChaosTest {
  private static final int THREADS = 3;
  private static final int ROUNDS = Integer.getInteger("chaos.rounds", 60);
  private static final long SEED = Long.getLong("chaos.seed", 0);
  private static final int CALLS = 150;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyCallInAnyOrder(long seed) throws Exception {
    SSLContext[] clients = {TestContexts.STORES.client(), TestContexts.MANAGERS.client()};
    SSLContext[] servers = {TestContexts.STORES.server(), TestContexts.MANAGERS.server()};
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      Random random = new Random(SEED + seed);
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
    ByteBuffer[] sources = buffers(random, true);
    ByteBuffer target = random.nextInt(4) == 0 ? buffer(random, false) : wire;
    if (sources.length > 0 && random.nextInt(6) == 0) {
      // One stands twice, or is source and destination at once.
      sources[random.nextInt(sources.length)] =
          random.nextBoolean() ? sources[0] : target.duplicate();
    }
    boolean shared = Stream.of(sources).anyMatch(source -> overlaps(source, target));
    int offset = sources.length == 0 ? 0 : random.nextInt(sources.length);
    int count = sources.length == 0 ? 0 : random.nextInt(sources.length - offset + 1);
    int before = target.position();
    Snapshot outside = Snapshot.behind(target);
    SSLEngineResult result = engine.wrap(sources, offset, count, target);
    assertThat(target.position()).isEqualTo(before + result.bytesProduced());
    if (!shared && result.bytesProduced() == 0) {
      outside.assertUnchanged();
    }
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
    ByteBuffer[] targets = buffers(random, false);
    for (int i = 0; i < targets.length; i++) {
      if (random.nextInt(6) == 0) {
        targets[i] = random.nextBoolean() ? source.duplicate() : targets[0];
      }
    }
    int before = source.position();
    SSLEngineResult result = engine.unwrap(source, targets);
    assertThat(source.position()).isEqualTo(before + result.bytesConsumed());
  }

  private static boolean overlaps(ByteBuffer one, ByteBuffer other) {
    return one == other
        || one.hasArray() && other.hasArray() && one.array() == other.array()
        || one.isDirect() && other.isDirect();
  }

  /** What lies in a buffer behind its position. */
  private static final class Snapshot {
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

  private static ByteBuffer[] buffers(Random random, boolean reading) {
    ByteBuffer[] buffers = new ByteBuffer[random.nextInt(40) == 0 ? 1000 : random.nextInt(4)];
    for (int i = 0; i < buffers.length; i++) {
      // So many only of small ones.
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
