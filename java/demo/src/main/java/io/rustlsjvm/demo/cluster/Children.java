package io.rustlsjvm.demo.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The processes that we have started and that still run: none of them outlives us. */
final class Children {
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
  private static final Duration GRACE = Duration.ofSeconds(10);

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Children::stopAll, "stop processes"));
  }

  private Children() {}

  /** Starts a process and keeps an eye on it. */
  static Process start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    RUNNING.add(process);
    process.onExit().thenRun(() -> RUNNING.remove(process));
    return process;
  }

  /** Ends a process and all that it has started: by SIGTERM first, after a while by force. */
  static void stop(Process process) {
    process.destroy();
    awaitEnd(process);
  }

  private static void awaitEnd(Process process) {
    List<ProcessHandle> children = process.descendants().collect(Collectors.toList());
    try {
      process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static void stopAll() {
    List<Process> all = List.copyOf(RUNNING);
    all.forEach(Process::destroy);
    all.forEach(Children::awaitEnd);
  }
}
