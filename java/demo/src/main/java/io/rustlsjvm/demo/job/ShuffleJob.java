package io.rustlsjvm.demo.job;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * A bounded streaming job that sends all its records across the network and counts them there.
 *
 * <p>Numbers → payloads → by key to another subtask → counts and checksums in keyed state →
 * accumulators. Checkpoints are as the cluster's configuration says.
 */
public final class ShuffleJob {
  private static final int MAX_PARALLELISM = 128;

  private ShuffleJob() {}

  /**
   * Submits the job.
   *
   * @param args how many records, the parallelism, and, for a job that is to wait, a file: as long
   *     as it is not there, records come slowly
   * @throws Exception when the job cannot be submitted
   */
  public static void main(String[] args) throws Exception {
    if (args.length != 2 && args.length != 3) {
      throw new IllegalArgumentException(
          "Give the number of records, the parallelism, and, if it is to wait, a file to wait for.");
    }
    long records = Long.parseLong(args[0]);
    int parallelism = Integer.parseInt(args[1]);
    String waitsFor = args.length == 3 ? args[2] : null;

    StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
    environment.setParallelism(parallelism);
    environment.setMaxParallelism(MAX_PARALLELISM);
    environment.getConfig().enableObjectReuse();
    environment
        .fromSource(
            new NumberSequenceSource(0, records - 1),
            WatermarkStrategy.noWatermarks(),
            "numbers",
            Types.LONG)
        .map(new Sender(MAX_PARALLELISM, waitsFor))
        .returns(Types.TUPLE(Types.INT, Types.LONG, Types.LONG, Types.PRIMITIVE_ARRAY(Types.BYTE)))
        .name("payloads")
        .keyBy(record -> record.f0, Types.INT)
        .process(new Counter(records, parallelism))
        .name("count")
        .map(new Result(parallelism))
        .name("result")
        .sinkTo(new DiscardingSink<>())
        .name("end");
    environment.execute("shuffle of " + records + " records");
  }
}
