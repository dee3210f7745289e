package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.cluster.FreePorts;
import io.rustlsjvm.demo.cluster.JvmProcess;
import java.io.IOException;
import java.time.Duration;

/** Waiting for processes. */
final class Processes {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int PAUSE_MILLIS = 50;

  private Processes() {}

  /**
   * Waits until a process listens.
   *
   * @param process the process
   * @param port where it will
   * @throws IOException when what the process logged cannot be read
   */
  static void awaitPort(JvmProcess process, int port) throws IOException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!FreePorts.isOpen(port)) {
      assertThat(process.isAlive()).as(process.lastLines()).isTrue();
      assertThat(System.nanoTime()).as("time is over").isLessThan(end);
      pause();
    }
  }

  /**
   * Lets a moment pass between two looks at something.
   *
   * @throws IOException when interrupted
   */
  static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
