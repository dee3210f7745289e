package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.assertj.core.api.ThrowableAssert;
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
        end(pair.client);
        end(pair.server);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void play(Random random, EnginePair pair) {
    // Wires of this thread's own: others' records come in between, as garbage.
    ByteBuffer wire = ByteBuffer.allocateDirect(70_000);
    Ends ofClient = new Ends(pair.client);
    Ends ofServer = new Ends(pair.server);
    for (int call = 0; call < CALLS; call++) {
      boolean client = random.nextBoolean();
      try {
        call(random, client ? pair.client : pair.server, wire);
      } catch (SSLException | ReadOnlyBufferException e) {
        assertThat(e).isNotNull();
      }
      (client ? ofClient : ofServer).look();
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
        look(random, engine);
        break;
      case 6:
        assertThat(engine.getHandshakeStatus()).isNotNull();
        break;
      case 7:
        wrongArguments(random, engine);
        break;
      case 8:
        change(random, engine);
        break;
      default:
        if (random.nextBoolean()) {
          wrap(random, engine, wire);
        } else {
          unwrap(random, engine, wire);
        }
    }
  }

  private static void look(Random random, SSLEngine engine) throws SSLException {
    assertThat(engine.toString()).isNotEmpty();
    assertThat(engine.getSession()).isNotNull();
    switch (random.nextInt(4)) {
      case 0:
        engine.getSession().invalidate();
        break;
      case 1:
        assertThat(engine.getSession().getPeerCertificates()).isNotEmpty();
        break;
      case 2:
        SSLSession begun = engine.getHandshakeSession();
        assertThat(begun == null || begun.getPacketBufferSize() > 0).isTrue();
        break;
      default:
        String protocol = engine.getHandshakeApplicationProtocol();
        assertThat(protocol == null || protocol.isEmpty()).isTrue();
    }
  }

  /** What is refused before anything is looked at, whatever the engine is at. */
  private static void wrongArguments(Random random, SSLEngine engine) {
    ByteBuffer one = HostileBuffers.buffer(random, false);
    ByteBuffer[] some = {one, null, one};
    switch (random.nextInt(6)) {
      case 0:
        refused(IllegalArgumentException.class, () -> engine.wrap((ByteBuffer) null, one));
        break;
      case 1:
        refused(IllegalArgumentException.class, () -> engine.unwrap(one, some, 0, 2));
        break;
      case 2:
        refused(IndexOutOfBoundsException.class, () -> engine.wrap(some, -1, 1, one));
        break;
      case 3:
        int many = Integer.MAX_VALUE - random.nextInt(3);
        refused(IndexOutOfBoundsException.class, () -> engine.unwrap(one, some, 2, many));
        break;
      case 4:
        refused(IndexOutOfBoundsException.class, () -> engine.wrap(some, 3, 1, one));
        break;
      default:
        refused(IllegalArgumentException.class, () -> engine.wrap(some, 0, 3, null));
    }
  }

  private static void refused(
      Class<? extends Exception> by, ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(by);
  }

  /** Settings at any time: they hold for handshakes that have not begun. */
  private static void change(Random random, SSLEngine engine) {
    switch (random.nextInt(5)) {
      case 0:
        engine.setEnabledProtocols(new String[] {random.nextBoolean() ? "TLSv1.2" : "TLSv1.3"});
        break;
      case 1:
        engine.setNeedClientAuth(random.nextBoolean());
        break;
      case 2:
        engine.setSSLParameters(engine.getSSLParameters());
        break;
      case 3:
        refused(
            IllegalArgumentException.class,
            () -> engine.setEnabledCipherSuites(new String[] {"TLS_NONE_SUCH"}));
        break;
      default:
        engine.setEnableSessionCreation(true);
    }
  }

  /** What one thread has seen end. */
  private static final class Ends {
    private final SSLEngine engine;
    private boolean inbound;
    private boolean outbound;

    Ends(SSLEngine engine) {
      this.engine = engine;
    }

    void look() {
      boolean in = engine.isInboundDone();
      boolean out = engine.isOutboundDone();
      assertThat(in || !inbound).as("reading stays done: %s", engine).isTrue();
      assertThat(out || !outbound).as("writing stays done: %s", engine).isTrue();
      inbound = in;
      outbound = out;
    }
  }

  /** Closes an engine, in whatever state it is, and sees that nothing goes in or out any more. */
  private static void end(SSLEngine engine) {
    ByteBuffer wire = ByteBuffer.allocate(70_000);
    ByteBuffer none = ByteBuffer.allocate(0);
    engine.closeOutbound();
    for (int wraps = 0; !engine.isOutboundDone(); wraps++) {
      assertThat(wraps).as("wraps of an engine that closes: %s", engine).isLessThan(100);
      wire.clear();
      ignoringFailures(() -> engine.wrap(none, wire));
    }
    ignoringFailures(engine::closeInbound);
    assertThat(engine.isInboundDone()).as("%s", engine).isTrue();
    // What failed before and was not told is told once.
    ignoringFailures(() -> engine.wrap(none, wire));
    wire.clear();
    try {
      SSLEngineResult written = engine.wrap(ByteBuffer.allocate(10), wire);
      assertThat(written.getStatus()).isEqualTo(SSLEngineResult.Status.CLOSED);
      assertThat(written.bytesConsumed() + written.bytesProduced()).isZero();
      SSLEngineResult read = engine.unwrap(ByteBuffer.allocate(100), ByteBuffer.allocate(100));
      assertThat(read.getStatus()).isEqualTo(SSLEngineResult.Status.CLOSED);
      assertThat(read.bytesConsumed() + read.bytesProduced()).isZero();
    } catch (SSLException e) {
      throw new AssertionError("a failure of an engine that has ended", e);
    }
    assertThat(engine.getDelegatedTask()).isNull();
  }

  private static void ignoringFailures(ThrowableAssert.ThrowingCallable call) {
    Throwable failure = catchThrowable(call);
    assertThat(failure == null || failure instanceof SSLException).as("%s", failure).isTrue();
  }

  /** Positions and limits that another thread moves during calls: an error, and never a crash. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void buffersThatOthersMove(boolean direct) throws Exception {
    EnginePair pair =
        EnginePair.of(TestContexts.STORES.client(), TestContexts.STORES.server()).handshake();
    ByteBuffer[] shared = new ByteBuffer[2];
    for (int i = 0; i < shared.length; i++) {
      shared[i] = direct ? ByteBuffer.allocateDirect(20_000) : ByteBuffer.allocate(20_000);
    }
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<?> mover =
          threads.submit(
              () -> {
                Random random = new Random(SEED);
                while (!over.get()) {
                  ByteBuffer moved = shared[random.nextInt(shared.length)];
                  int limit = random.nextInt(moved.capacity() + 1);
                  moved.limit(limit).position(random.nextInt(limit + 1));
                }
              });
      Future<?> wrapper =
          threads.submit(
              () -> {
                for (int i = 0; i < 300 * ROUNDS; i++) {
                  Throwable failure = catchThrowable(() -> pair.client.wrap(shared[0], shared[1]));
                  assertThat(
                          failure == null
                              || failure instanceof IllegalArgumentException
                              || failure instanceof IndexOutOfBoundsException)
                      .as("%s", failure)
                      .isTrue();
                }
              });
      try {
        wrapper.get(60, TimeUnit.SECONDS);
      } finally {
        over.set(true);
      }
      // Moving is racy only for the engine: the one mover's own numbers always agree.
      assertThat(catchThrowable(() -> mover.get(20, TimeUnit.SECONDS)))
          .satisfiesAnyOf(
              failure -> assertThat(failure).isNull(),
              failure -> assertThat(failure).hasCauseInstanceOf(IllegalArgumentException.class));
    } finally {
      threads.shutdownNow();
    }
    SSLEngineResult after = pair.client.wrap(ByteBuffer.allocate(100), ByteBuffer.allocate(1_000));
    assertThat(after.getStatus()).isEqualTo(SSLEngineResult.Status.OK);
    assertThat(after.bytesConsumed()).isEqualTo(100);
    end(pair.client);
    end(pair.server);
  }

  private static void wrap(Random random, SSLEngine engine, ByteBuffer wire) throws SSLException {
    ByteBuffer[] sources = HostileBuffers.buffers(random, true);
    ByteBuffer target = random.nextInt(4) == 0 ? HostileBuffers.buffer(random, false) : wire;
    if (sources.length > 0 && random.nextInt(6) == 0) {
      // One stands twice, or is source and destination at once.
      sources[random.nextInt(sources.length)] =
          random.nextBoolean() ? sources[0] : target.duplicate();
    }
    boolean apart = HostileBuffers.apart(sources, target);
    int offset = sources.length == 0 ? 0 : random.nextInt(sources.length);
    int count = sources.length == 0 ? 0 : random.nextInt(sources.length - offset + 1);
    int before = target.position();
    long sourcesBefore = HostileBuffers.positions(sources);
    HostileBuffers.Snapshot outside = HostileBuffers.Snapshot.behind(target);
    SSLEngineResult result;
    try {
      result = engine.wrap(sources, offset, count, target);
    } catch (IllegalArgumentException e) {
      assertThat(apart).as("buffers of their own: %s", e).isFalse();
      return;
    }
    assertThat(target.position()).isEqualTo(before + result.bytesProduced());
    if (apart) {
      assertThat(HostileBuffers.positions(sources))
          .isEqualTo(sourcesBefore + result.bytesConsumed());
      if (result.bytesProduced() == 0) {
        outside.assertUnchanged();
      }
    }
    if (target == wire && wire.remaining() < 20_000) {
      wire.clear();
    }
  }

  private static void unwrap(Random random, SSLEngine engine, ByteBuffer wire) throws SSLException {
    ByteBuffer source;
    if (random.nextInt(3) == 0) {
      source = HostileBuffers.buffer(random, true);
    } else {
      source = wire.duplicate();
      source.flip();
      if (random.nextInt(4) == 0 && source.hasRemaining()) {
        source.position(random.nextInt(source.remaining()));
      }
    }
    ByteBuffer[] targets = HostileBuffers.buffers(random, false);
    for (int i = 0; i < targets.length; i++) {
      if (random.nextInt(6) == 0) {
        targets[i] = random.nextBoolean() ? source.duplicate() : targets[0];
      }
    }
    boolean apart = HostileBuffers.apart(targets, source);
    int before = source.position();
    long targetsBefore = HostileBuffers.positions(targets);
    SSLEngineResult result;
    try {
      result = engine.unwrap(source, targets);
    } catch (IllegalArgumentException e) {
      assertThat(apart).as("buffers of their own: %s", e).isFalse();
      return;
    }
    assertThat(source.position()).isEqualTo(before + result.bytesConsumed());
    if (apart) {
      assertThat(HostileBuffers.positions(targets))
          .isEqualTo(targetsBefore + result.bytesProduced());
    }
  }
}
