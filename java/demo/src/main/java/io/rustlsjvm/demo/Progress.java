package io.rustlsjvm.demo;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.rustlsjvm.demo.cluster.Cluster;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Watches a job through REST and tells how far it is. */
final class Progress {
  private static final Duration EVERY = Duration.ofSeconds(3);
  private static final Duration POLL = Duration.ofMillis(250);

  private final Cluster cluster;
  private final String job;
  private final PrintStream out;

  Progress(Cluster cluster, String job, PrintStream out) {
    this.cluster = cluster;
    this.job = job;
    this.out = out;
  }

  /**
   * Tells until the job has finished.
   *
   * @param limit how long it may take
   * @return how long it took, from its start to its end as Flink counts it
   * @throws IOException when it fails or takes too long
   */
  Duration await(Duration limit) throws IOException {
    long begin = System.nanoTime();
    long told = begin;
    long bytesThen = 0;
    while (System.nanoTime() - begin < limit.toNanos()) {
      cluster.requireAlive();
      JsonObject details = cluster.rest().get("/jobs/" + job);
      boolean finished = cluster.isFinished(job, details);
      long now = System.nanoTime();
      if (finished || now - told >= EVERY.toNanos()) {
        long bytes = received(details, "read-bytes");
        out.printf(
            Locale.ROOT,
            "  %4.0f s   %6.2f GB   %9d records   %5.0f MB/s   %d checkpoints%n",
            (now - begin) / 1e9,
            bytes / 1e9,
            received(details, "read-records"),
            Math.max(0, bytes - bytesThen) / ((now - told) / 1e3),
            checkpoints());
        bytesThen = bytes;
        told = now;
      }
      if (finished) {
        return Duration.ofMillis(details.get("duration").getAsLong());
      }
      try {
        Thread.sleep(POLL.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
    throw new IOException("The job still runs after " + limit.toSeconds() + " s");
  }

  /**
   * How many checkpoints have been completed.
   *
   * @throws IOException when REST does not answer
   */
  long checkpoints() throws IOException {
    return cluster
        .rest()
        .get("/jobs/" + job + "/checkpoints")
        .getAsJsonObject("counts")
        .get("completed")
        .getAsLong();
  }

  private static long received(JsonObject details, String metric) {
    long sum = 0;
    for (JsonElement vertex : details.getAsJsonArray("vertices")) {
      sum += vertex.getAsJsonObject().getAsJsonObject("metrics").get(metric).getAsLong();
    }
    return sum;
  }
}
