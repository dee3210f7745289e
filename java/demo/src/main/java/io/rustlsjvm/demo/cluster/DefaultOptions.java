package io.rustlsjvm.demo.cluster;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Options of Flink for a small cluster on one machine, none of them about TLS. */
final class DefaultOptions {
  private DefaultOptions() {}

  /**
   * The options.
   *
   * @param folder the cluster's folder
   */
  static Map<String, String> in(Path folder) {
    Map<String, String> values = new TreeMap<>();
    values.put("jobmanager.bind-host", Cluster.HOST);
    values.put("rest.bind-address", Cluster.HOST);
    values.put("taskmanager.bind-host", Cluster.HOST);
    values.put("taskmanager.host", Cluster.HOST);
    values.put("taskmanager.numberOfTaskSlots", "1");
    values.put("taskmanager.cpu.cores", "1");
    // Flink's scripts work all of these out; a TaskManager does not start without.
    values.put("taskmanager.memory.framework.heap.size", "128m");
    values.put("taskmanager.memory.framework.off-heap.size", "128m");
    values.put("taskmanager.memory.jvm-overhead.min", "192m");
    values.put("taskmanager.memory.jvm-overhead.max", "192m");
    values.put("taskmanager.memory.task.heap.size", "320m");
    values.put("taskmanager.memory.task.off-heap.size", "0m");
    values.put("taskmanager.memory.managed.size", "0m");
    values.put("taskmanager.memory.network.min", "96m");
    values.put("taskmanager.memory.network.max", "96m");
    values.put("taskmanager.memory.jvm-metaspace.size", "160m");
    values.put("jobmanager.memory.process.size", "900m");
    values.put("parallelism.default", "2");
    values.put("state.backend.type", "hashmap");
    values.put("execution.checkpointing.dir", folder.resolve("checkpoints").toUri().toString());
    values.put("restart-strategy.type", "none");
    values.put("historyserver.archive.fs.dir", folder.resolve("archive").toUri().toString());
    values.put("historyserver.web.address", Cluster.HOST);
    values.put("io.tmp.dirs", folder.resolve("tmp").toString());
    values.put("metrics.fetcher.update-interval", "1000");
    values.put("rest.flamegraph.enabled", "false");
    values.put("web.submit.enable", "true");
    return values;
  }
}
