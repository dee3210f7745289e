package io.rustlsjvm.demo.job;

import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/** Adds the tallies of all keys to the job's accumulators, where its result is read from. */
final class Result extends RichMapFunction<Tally, Tally> {
  private static final long serialVersionUID = 1L;

  private final int parts;
  private transient LongCounter[] records;
  private transient LongCounter[] checksums;
  private transient LongCounter bytes;
  private transient LongCounter travelled;
  private transient LongCounter received;

  Result(int parts) {
    this.parts = parts;
  }

  @Override
  public void open(OpenContext context) {
    records = new LongCounter[parts];
    checksums = new LongCounter[parts];
    for (int part = 0; part < parts; part++) {
      records[part] = counter("records-of-part-" + part);
      checksums[part] = counter("checksum-of-part-" + part);
    }
    bytes = counter("bytes");
    travelled = counter("bytes-between-processes");
    received =
        counter("records-at-subtask-" + getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
  }

  private LongCounter counter(String name) {
    LongCounter counter = new LongCounter();
    getRuntimeContext().addAccumulator(name, counter);
    return counter;
  }

  @Override
  public Tally map(Tally tally) {
    for (int part = 0; part < parts; part++) {
      records[part].add(tally.records[part]);
      checksums[part].add(tally.checksums[part]);
      received.add(tally.records[part]);
    }
    bytes.add(tally.bytes);
    travelled.add(tally.travelled);
    return tally;
  }
}
