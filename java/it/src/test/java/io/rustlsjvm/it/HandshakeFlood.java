package io.rustlsjvm.it;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;

/** Handshakes from several threads without a pause, until it is closed. */
final class HandshakeFlood implements AutoCloseable {
  private static final int LIMIT_MILLIS = 20_000;

  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger letIn = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();
  private final List<Thread> threads = new ArrayList<>();

  private HandshakeFlood() {}

  /**
   * One that has to be refused.
   *
   * @param dialer whose certificate is not believed
   * @param count how many threads
   */
  static HandshakeFlood ofStrangers(Dialer dialer, int count) {
    HandshakeFlood flood = new HandshakeFlood();
    flood.start(() -> flood.awaitRefusal(dialer), count);
    return flood;
  }

  /**
   * One of clients that are let in, and hang up.
   *
   * @param dialer whose certificate is believed
   * @param count how many threads
   */
  static HandshakeFlood ofMembers(Dialer dialer, int count) {
    HandshakeFlood flood = new HandshakeFlood();
    flood.start(() -> flood.comeAndGo(dialer), count);
    return flood;
  }

  private void start(Runnable handshake, int count) {
    for (int i = 0; i < count; i++) {
      Thread thread = new Thread(() -> repeat(handshake), "flood");
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  /** How many were refused so far. */
  int refused() {
    return refused.get();
  }

  /** How many were not. */
  int letIn() {
    return letIn.get();
  }

  private void repeat(Runnable handshake) {
    while (!over.get()) {
      handshake.run();
    }
  }

  private void awaitRefusal(Dialer dialer) {
    try (SSLSocket socket = dialer.connect()) {
      // A server that lets us in waits for what we say: that is a time-out, and no refusal.
      socket.setSoTimeout(LIMIT_MILLIS);
      socket.getInputStream().read();
      letIn.incrementAndGet();
    } catch (SocketTimeoutException e) {
      letIn.incrementAndGet();
    } catch (IOException e) {
      refused.incrementAndGet();
    }
  }

  private void comeAndGo(Dialer dialer) {
    try {
      dialer.connect().close();
      letIn.incrementAndGet();
    } catch (IOException e) {
      refused.incrementAndGet();
    }
  }

  /**
   * Ends it, after the handshakes that are on.
   *
   * @throws IOException when interrupted
   */
  @Override
  public void close() throws IOException {
    over.set(true);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }
}
