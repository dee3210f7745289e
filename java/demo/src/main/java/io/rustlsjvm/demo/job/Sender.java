package io.rustlsjvm.demo.job;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * Turns a number into a record that belongs to another subtask, so that it has to travel.
 *
 * <p>A record is (key, number, process that made it, payload).
 */
final class Sender extends RichMapFunction<Long, Tuple4<Integer, Long, Long, byte[]>> {
  private static final long serialVersionUID = 1L;
  private static final int KEYS = 64;
  private static final int STEP_MILLIS = 10;

  private final int maxParallelism;
  private final String awaited;
  private transient int[] keys;
  private transient long process;
  private transient int next;
  private transient boolean walking;

  /**
   * @param awaited until this file exists, records go at a walking pace; null for no file
   */
  Sender(int maxParallelism, String awaited) {
    this.maxParallelism = maxParallelism;
    this.awaited = awaited;
  }

  @Override
  public void open(OpenContext context) {
    int subtasks = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
    int own = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    // With a slot for each subtask and the tasks spread evenly, half the ring away is another
    // TaskManager.
    int target = (own + Math.max(1, subtasks / 2)) % subtasks;
    keys = new int[KEYS];
    int found = 0;
    for (int key = 0; found < KEYS; key++) {
      int owner =
          KeyGroupRangeAssignment.assignKeyToParallelOperator(key, maxParallelism, subtasks);
      if (owner == target) {
        keys[found++] = key;
      }
    }
    process = ProcessHandle.current().pid();
    walking = awaited != null;
  }

  @Override
  public Tuple4<Integer, Long, Long, byte[]> map(Long index) throws InterruptedException {
    if (walking) {
      Thread.sleep(STEP_MILLIS);
      walking = !Files.exists(Path.of(awaited));
    }
    int length = Payload.length(index);
    byte[] payload = new byte[length];
    Payload.fill(index, payload, length);
    next = (next + 1) % KEYS;
    return Tuple4.of(keys[next], index, process, payload);
  }
}
