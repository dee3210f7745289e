package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.rustlsjvm.demo.cluster.Cluster;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** A job that has not ended, as REST shows it. */
final class RunningJob {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Cluster cluster;
  private final String path;

  /**
   * @param cluster where it runs
   * @param id the job's
   */
  RunningJob(Cluster cluster, String id) {
    this.cluster = cluster;
    this.path = "/jobs/" + id;
  }

  /** How often it has failed and was restarted. */
  int restarts() throws IOException {
    return cluster
        .rest()
        .get(path + "/exceptions")
        .getAsJsonObject("exceptionHistory")
        .getAsJsonArray("entries")
        .size();
  }

  /** The resource ids of the TaskManagers that it runs on. */
  Set<String> taskManagers() throws IOException {
    Set<String> ids = new TreeSet<>();
    for (JsonElement vertex : cluster.rest().get(path).getAsJsonArray("vertices")) {
      String id = vertex.getAsJsonObject().get("id").getAsString();
      JsonObject details = cluster.rest().get(path + "/vertices/" + id);
      for (JsonElement subtask : details.getAsJsonArray("subtasks")) {
        ids.add(subtask.getAsJsonObject().get("taskmanager-id").getAsString());
      }
    }
    return ids;
  }

  /**
   * Waits until all of it runs, and has begun and completed a checkpoint since now: records have
   * gone all the way, over every connection of it.
   *
   * @throws IOException when REST does not answer, or a process has ended
   */
  void awaitProgress() throws IOException {
    long end = System.nanoTime() + LIMIT.toNanos();
    long begun = -1;
    while (true) {
      cluster.requireAlive();
      JsonObject details = cluster.rest().get(path);
      String state = details.get("state").getAsString();
      assertThat(state).as("too early").isNotIn("FINISHED", "FAILED", "CANCELED");
      if (state.equals("RUNNING") && allRun(details)) {
        JsonObject checkpoints = cluster.rest().get(path + "/checkpoints");
        if (begun < 0) {
          begun = total(checkpoints);
        } else if (newestCompleted(checkpoints) > begun) {
          return;
        }
      }
      assertThat(System.nanoTime()).as("time is over, the job is " + state).isLessThan(end);
      Processes.pause();
    }
  }

  /** Whether all tasks run, of a job's details. */
  static boolean allRun(JsonObject details) {
    for (JsonElement vertex : details.getAsJsonArray("vertices")) {
      if (!vertex.getAsJsonObject().get("status").getAsString().equals("RUNNING")) {
        return false;
      }
    }
    return true;
  }

  /** How many have begun; they are numbered from 1. */
  private static long total(JsonObject checkpoints) {
    return checkpoints.getAsJsonObject("counts").get("total").getAsLong();
  }

  /** The number of the newest that is complete; 0 for none. */
  static long newestCompleted(JsonObject checkpoints) {
    JsonElement newest = checkpoints.getAsJsonObject("latest").get("completed");
    return newest == null || newest.isJsonNull()
        ? 0
        : newest.getAsJsonObject().get("id").getAsLong();
  }
}
