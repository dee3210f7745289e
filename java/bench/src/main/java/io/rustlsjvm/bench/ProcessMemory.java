package io.rustlsjvm.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** What this process has in memory. */
final class ProcessMemory {
  private static final Pattern COMMITTED =
      Pattern.compile("(?m)^- +(\\S.*?) \\(reserved=\\d+, committed=(\\d+)\\)");

  private static final Set<String> COUNTED_ELSEWHERE =
      Set.of("Java Heap", "Class", "Metaspace", "Code", "Shared class space", "Thread");

  private ProcessMemory() {}

  /**
   * Bytes in memory, less compiled code and metadata of classes; the allocator gives back what it
   * has free beforehand. With a heap of one size that is touched beforehand, what this grows by is
   * native memory.
   */
  static long withoutCode() throws IOException, JMException {
    long ofTheJvm = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.NON_HEAP) {
        // Code that was thrown away leaves its pages where they are, for other code.
        ofTheJvm += pool.getPeakUsage().getUsed();
      }
    }
    command("systemTrimNativeHeap");
    return resident() - ofTheJvm;
  }

  /**
   * Bytes of {@link #withoutCode} that the JVM has for itself: of its compilers, collector, symbols
   * and the like, without heap and stacks. Needs {@code -XX:NativeMemoryTracking=summary}.
   */
  static long ofTheJvm() throws IOException, JMException {
    String report = command("vmNativeMemory", (Object) new String[] {"summary", "scale=B"});
    long sum = 0;
    Matcher committed = COMMITTED.matcher(report);
    while (committed.find()) {
      if (!COUNTED_ELSEWHERE.contains(committed.group(1))) {
        sum += Long.parseLong(committed.group(2));
      }
    }
    if (sum == 0) {
      throw new IOException("no native memory tracking: " + report);
    }
    return sum;
  }

  /** Bytes of the process that are in memory. */
  static long resident() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    throw new IOException("no VmRSS in /proc/self/status");
  }

  /** What {@code jcmd} does by another name. */
  static String command(String name, Object... arguments) throws JMException {
    String[] types =
        arguments.length == 0 ? new String[0] : new String[] {String[].class.getName()};
    return (String)
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                name,
                arguments,
                types);
  }
}
