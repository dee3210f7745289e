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

  /**
   * In memory, less heap, compiled code, metadata of classes and {@link #jvm}, bytes: the
   * library's, and what does not change.
   */
  final long nativeBytes;

  /** What the JVM's compilers and the like have, which comes and goes with their work, bytes. */
  final long jvm;

  /** In memory, bytes. */
  final long resident;

  final long threads;
  final long descriptors;

  /** As the statistics count them, both ends. */
  final long open;

  private SoakUsage(
      long heap,
      long nativeBytes,
      long jvm,
      long resident,
      long threads,
      long descriptors,
      long open) {
    this.heap = heap;
    this.nativeBytes = nativeBytes;
    this.jvm = jvm;
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
    long withoutCode = ProcessMemory.withoutCode();
    long jvm = ProcessMemory.ofTheJvm();
    long nativeBytes = withoutCode - jvm - Runtime.getRuntime().totalMemory();
    long resident = ProcessMemory.resident();
    int threads = ManagementFactory.getThreadMXBean().getThreadCount();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return new SoakUsage(
          heap,
          nativeBytes,
          jvm,
          resident,
          threads,
          descriptors.count(),
          ChannelStatistics.openConnections());
    }
  }
}
