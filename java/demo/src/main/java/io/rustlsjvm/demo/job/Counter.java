package io.rustlsjvm.demo.job;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Counts and checks what arrives, in keyed state, and hands the tallies on when all has come. */
final class Counter
    extends KeyedProcessFunction<Integer, Tuple4<Integer, Long, Long, byte[]>, Tally> {
  private static final long serialVersionUID = 1L;

  private final long records;
  private final int parts;
  private transient ValueState<Tally> state;
  private transient long process;

  Counter(long records, int parts) {
    this.records = records;
    this.parts = parts;
  }

  @Override
  public void open(OpenContext context) {
    state = getRuntimeContext().getState(new ValueStateDescriptor<>("tally", Tally.class));
    process = ProcessHandle.current().pid();
  }

  @Override
  public void processElement(
      Tuple4<Integer, Long, Long, byte[]> record, Context context, Collector<Tally> out)
      throws Exception {
    Tally tally = state.value();
    if (tally == null) {
      tally = new Tally(parts);
      // The watermark reaches this only at the end of the input.
      context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
    }
    int part = Payload.part(record.f1, records, parts);
    int length = record.f3.length;
    tally.records[part]++;
    tally.checksums[part] += Payload.checksum(record.f1, record.f3, length);
    tally.bytes += length;
    if (record.f2 != process) {
      tally.travelled += length;
    }
    state.update(tally);
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Tally> out)
      throws Exception {
    out.collect(state.value());
  }
}
