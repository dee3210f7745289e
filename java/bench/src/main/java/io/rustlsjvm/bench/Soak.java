package io.rustlsjvm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;

/**
 * Opens connections and lets them end in every way there is, for as long as is wanted, and sees
 * that the process holds no more at the end than it did early on.
 *
 * <p>Give the JVM a heap of one fixed size that is touched beforehand, as for {@link IdleMemory}.
 */
public final class Soak {
  private static final int THREADS = 2;
  private static final long SAMPLE_SECONDS = 10;

  /** Lives each second, of all threads; a machine that is too busy catches up later. */
  private static final double RATE = Integer.getInteger("soak.rate", 1_500);

  /** One in so many goes through real sockets. */
  private static final int SOCKETS = 100;

  private static final String HEADER =
      "seconds,handshakes,resumed,broken,heap,native,jvm,resident,threads,descriptors,open\n";

  private final SoakContexts contexts = new SoakContexts();
  private final SoakCounts counts = new SoakCounts();
  private final SoakSockets sockets = new SoakSockets(contexts, counts);
  private final long start = System.nanoTime();
  private final long end;

  private Soak(double minutes) throws IOException, GeneralSecurityException {
    end = start + (long) (minutes * 60e9);
  }

  /**
   * Runs; exit code 1 says that something grew, or did not go as it should.
   *
   * @param args minutes; the CSV file that a line is appended to every ten seconds
   */
  public static void main(String[] args)
      throws IOException, GeneralSecurityException, JMException, InterruptedException {
    Path file = Path.of(args[1]);
    System.exit(new Soak(Double.parseDouble(args[0])).run(file) ? 0 : 1);
  }

  private boolean run(Path file) throws IOException, JMException, InterruptedException {
    long seed = Long.getLong("soak.seed", System.nanoTime());
    System.out.println("seed " + seed + ", again by -Dsoak.seed=" + seed);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(seed + i);
      Thread thread = new Thread(() -> live(random), "soak-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
    Files.writeString(file, HEADER);
    List<SoakUsage> samples = new ArrayList<>();
    for (long next = start; ; ) {
      next += TimeUnit.SECONDS.toNanos(SAMPLE_SECONDS);
      if (next > end) {
        break;
      }
      TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
      SoakUsage usage = SoakUsage.now();
      samples.add(usage);
      Files.writeString(file, line(usage), StandardOpenOption.APPEND);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    sockets.close();
    System.out.printf(
        Locale.ROOT,
        "%,d handshakes, %,d of them resumed; %,d broken off; %,d surprises%n",
        counts.handshakes.get(),
        counts.resumed(),
        counts.broken.get(),
        counts.surprises.get());
    return new SoakVerdict(samples).passed() & counts.surprises.get() == 0;
  }

  private String line(SoakUsage usage) {
    return String.format(
        Locale.ROOT,
        "%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d%n",
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start),
        counts.handshakes.get(),
        counts.resumed(),
        counts.broken.get(),
        usage.heap,
        usage.nativeBytes,
        usage.jvm,
        usage.resident,
        usage.threads,
        usage.descriptors,
        usage.open);
  }

  private void live(Random random) {
    SoakEngines engines = new SoakEngines(contexts, counts, random);
    double lives = 0;
    for (long now = start; now < end; now = System.nanoTime()) {
      try {
        if (lives * 1e9 * THREADS > (double) (now - start) * RATE) {
          Thread.sleep(5);
          continue;
        }
        lives++;
        if (random.nextInt(SOCKETS) == 0) {
          sockets.next(random);
        } else {
          engines.next();
        }
      } catch (IOException | RuntimeException e) {
        counts.surprise("life " + (long) lives, e);
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
