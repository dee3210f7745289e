package io.rustlsjvm.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;

/**
 * Opens connections, moves records each way, lets them idle, and tells what each of them holds.
 *
 * <p>Give the JVM a heap of one fixed size that is touched beforehand ({@code -Xms} as {@code
 * -Xmx}, {@code -XX:+AlwaysPreTouch}): then what the process grows by is not heap. What grows by
 * itself is left out: code that is compiled and metadata of classes are subtracted, the allocator
 * gives back what it has free (compilers alone leave megabytes), and the first connections are not
 * counted. Those stay open, so that what they would have given back is not there for the others to
 * take. In the heap the objects that are reachable are counted: a collector may leave dead ones.
 */
public final class IdleMemory {
  private static final int NOT_COUNTED = 2_000;

  /** How long connections idle: a connection may let go of what it does not need by then. */
  private static final long IDLE_SECONDS = Long.getLong("bench.idle.seconds", 0);

  /** Records that each connection moves each way. */
  private static final int RECORDS = Integer.getInteger("bench.idle.records", 16);

  private IdleMemory() {}

  /**
   * Measures. With {@code -Dbench.histogram=true} the classes that the heap is made of are printed,
   * too.
   *
   * @param args name of the {@link Peer}; protocol; how many connections, both ends of each; the
   *     file that a line of JSON is appended to
   */
  public static void main(String[] args)
      throws IOException, GeneralSecurityException, InterruptedException, JMException {
    Peer peer = Peer.valueOf(args[0]);
    String protocol = args[1];
    int count = Integer.parseInt(args[2]);
    // The kind of key makes no difference to what stays, and this one is quick.
    TlsSetup setup = new TlsSetup(protocol, "AES_128_GCM", KeyType.P_256);
    Endpoints endpoints = peer.endpoints(setup);
    EnginePair.Buffers buffers = new EnginePair.Buffers(ByteBuffer::allocateDirect);
    ByteBuffer record = ByteBuffer.allocateDirect(16384);
    List<EnginePair> before = connect(endpoints, buffers, record, NOT_COUNTED);
    TimeUnit.SECONDS.sleep(IDLE_SECONDS);
    Usage start = Usage.now();
    List<EnginePair> pairs = connect(endpoints, buffers, record, count);
    TimeUnit.SECONDS.sleep(IDLE_SECONDS);
    Usage end = Usage.now();
    // All of them still work, and so were alive until now.
    before.addAll(pairs);
    for (EnginePair pair : before) {
      pair.transfer(record, buffers.toServer, buffers.plain);
      EnginePair.transfer(pair.server, pair.client, record, buffers.toClient, buffers.plain);
    }
    pairs.get(0).requireSetup(setup);
    double ends = 2.0 * pairs.size();
    String line =
        String.format(
            Locale.ROOT,
            "{\"peer\": \"%s\", \"protocol\": \"%s\", \"connections\": %d, \"heap\": %.0f,"
                + " \"native\": %.0f}%n",
            peer,
            protocol,
            pairs.size(),
            (end.heap - start.heap) / ends,
            (end.outside - start.outside) / ends);
    System.out.print(line);
    end.print(start, ends);
    Files.writeString(Path.of(args[3]), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static List<EnginePair> connect(
      Endpoints endpoints, EnginePair.Buffers buffers, ByteBuffer record, int count)
      throws IOException {
    List<EnginePair> pairs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      EnginePair pair = new EnginePair(endpoints.client(false), endpoints.server(), buffers);
      pair.handshake();
      for (int j = 0; j < RECORDS; j++) {
        pair.transfer(record, buffers.toServer, buffers.plain);
        EnginePair.transfer(pair.server, pair.client, record, buffers.toClient, buffers.plain);
      }
      pairs.add(pair);
    }
    return pairs;
  }

  /** Bytes in use at one moment. */
  private static final class Usage {
    final long heap;

    /** Neither heap nor code nor classes. */
    final long outside;

    /** By class. */
    final Map<String, Long> histogram;

    private Usage(long heap, long outside, Map<String, Long> histogram) {
      this.heap = heap;
      this.outside = outside;
      this.histogram = histogram;
    }

    static Usage now() throws IOException, InterruptedException, JMException {
      for (int i = 0; i < 4; i++) {
        System.gc();
        // Cleaners and finalizers need a moment.
        Thread.sleep(300);
      }
      Map<String, Long> histogram = count();
      long heap = histogram.values().stream().mapToLong(Long::longValue).sum();
      return new Usage(heap, ProcessMemory.withoutCode(), histogram);
    }

    private static Map<String, Long> count() throws JMException {
      Map<String, Long> bytes = new HashMap<>();
      for (String row :
          ProcessMemory.command("gcClassHistogram", (Object) new String[0]).split("\n")) {
        // Rank, instances, bytes, class.
        String[] cells = row.trim().split("\\s+");
        if (cells.length >= 4 && cells[0].endsWith(":")) {
          bytes.merge(cells[3], Long.parseLong(cells[2]), Long::sum);
        }
      }
      return bytes;
    }

    void print(Usage start, double ends) {
      if (!Boolean.getBoolean("bench.histogram")) {
        return;
      }
      Map<Double, String> rows = new java.util.TreeMap<>();
      histogram.forEach(
          (name, bytes) -> rows.put((start.histogram.getOrDefault(name, 0L) - bytes) / ends, name));
      rows.forEach(
          (bytes, name) -> {
            if (bytes <= -1) {
              System.out.printf(Locale.ROOT, "%8.1f  %s%n", -bytes, name);
            }
          });
    }
  }
}
