package io.rustlsjvm.demo.job;

import java.io.File;
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
  private static final int PAUSE_MILLIS = 20;

  private final int maxParallelism;
  private final String waitsFor;
  private transient int[] keys;
  private transient long process;
  private transient int next;
  private transient boolean waits;

  /**
   * Makes one.
   *
   * @param maxParallelism the job's
   * @param waitsFor a file; as long as it is not there, records come slowly. Null for none
   */
  Sender(int maxParallelism, String waitsFor) {
    this.maxParallelism = maxParallelism;
    this.waitsFor = waitsFor;
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
    waits = waitsFor != null;
  }

  @Override
  public Tuple4<Integer, Long, Long, byte[]> map(Long index) throws InterruptedException {
    if (waits) {
      // Never for long: checkpoints wait for this.
      Thread.sleep(PAUSE_MILLIS);
      waits = !new File(waitsFor).exists();
    }
    int length = Payload.length(index);
    byte[] payload = new byte[length];
    Payload.fill(index, payload, length);
    next = (next + 1) % KEYS;
    return Tuple4.of(keys[next], index, process, payload);
  }
}
