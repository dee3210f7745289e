package io.rustlsjvm.bench;

import io.rustlsjvm.jsse.ChannelStatistics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.management.JMException;

/** What the process holds at one moment, once what is garbage is gone. */
final class SoakUsage {
  /** In use, bytes. */
  final long heap;

  /** In memory, less compiled code and metadata of classes, bytes; the heap's size is in it. */
  final long nativeBytes;

  /** In memory, bytes. */
  final long resident;

  final long threads;
  final long descriptors;

  /** As the statistics count them, both ends. */
  final long open;

  private SoakUsage(
      long heap, long nativeBytes, long resident, long threads, long descriptors, long open) {
    this.heap = heap;
    this.nativeBytes = nativeBytes;
    this.resident = resident;
    this.threads = threads;
    this.descriptors = descriptors;
    this.open = open;
  }

  static SoakUsage now() throws IOException, JMException, InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      // Cleaners need a moment.
      Thread.sleep(100);
    }
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    long nativeBytes = ProcessMemory.withoutCode();
    long resident = ProcessMemory.resident();
    int threads = ManagementFactory.getThreadMXBean().getThreadCount();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return new SoakUsage(
          heap,
          nativeBytes,
          resident,
          threads,
          descriptors.count(),
          ChannelStatistics.openConnections());
    }
  }
}
