package io.rustlsjvm.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Opens connections, moves a record each way, lets them idle, and tells what each of them holds.
 *
 * <p>Give the JVM a heap of one fixed size that is touched beforehand ({@code -Xms} as {@code
 * -Xmx}, {@code -XX:+AlwaysPreTouch}): then what the process grows by is not heap.
 */
public final class IdleMemory {
  private static final int WARM_UP = 300;

  private IdleMemory() {}

  /**
   * Measures.
   *
   * @param args name of the {@link Peer}; how many connections, both ends of each; the file that a
   *     line of JSON is appended to
   */
  public static void main(String[] args) throws IOException, GeneralSecurityException {
    Peer peer = Peer.valueOf(args[0]);
    int count = Integer.parseInt(args[1]);
    Endpoints endpoints = peer.endpoints(new TlsSetup("TLSv1.2", "AES_128_GCM", KeyType.RSA_2048));
    EnginePair.Buffers buffers = new EnginePair.Buffers(ByteBuffer::allocateDirect);
    ByteBuffer record = ByteBuffer.allocateDirect(16384);
    // Code that is compiled, pools that are filled: none of that belongs to a connection.
    for (EnginePair pair : connect(endpoints, buffers, record, WARM_UP)) {
      pair.close();
    }
    long heap = heap();
    long resident = resident();
    List<EnginePair> pairs = connect(endpoints, buffers, record, count);
    long ends = 2L * pairs.size();
    double heapEach = (heap() - heap) / (double) ends;
    double nativeEach = (resident() - resident) / (double) ends;
    for (EnginePair pair : pairs) {
      pair.transfer(record, buffers.toServer, buffers.plain);
    }
    String line =
        String.format(
            Locale.ROOT,
            "{\"peer\": \"%s\", \"connections\": %d, \"heap\": %.0f, \"native\": %.0f}%n",
            peer,
            pairs.size(),
            heapEach,
            nativeEach);
    System.out.print(line);
    Path file = Path.of(args[2]);
    Files.writeString(
        file,
        line,
        java.nio.file.StandardOpenOption.CREATE,
        java.nio.file.StandardOpenOption.APPEND);
  }

  private static List<EnginePair> connect(
      Endpoints endpoints, EnginePair.Buffers buffers, ByteBuffer record, int count)
      throws IOException {
    List<EnginePair> pairs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      EnginePair pair = new EnginePair(endpoints.client(false), endpoints.server(), buffers);
      pair.handshake();
      EnginePair.transfer(pair.client, pair.server, record, buffers.toServer, buffers.plain);
      EnginePair.transfer(pair.server, pair.client, record, buffers.toClient, buffers.plain);
      pairs.add(pair);
    }
    return pairs;
  }

  private static long heap() {
    for (int i = 0; i < 4; i++) {
      System.gc();
      try {
        // Cleaners and finalizers need a moment.
        Thread.sleep(300);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** Bytes of the process that are in memory. */
  private static long resident() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    throw new IOException("no VmRSS in /proc/self/status");
  }
}
