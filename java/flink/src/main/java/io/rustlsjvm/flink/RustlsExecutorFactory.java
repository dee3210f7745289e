package io.rustlsjvm.flink;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.PipelineExecutor;
import org.apache.flink.core.execution.PipelineExecutorFactory;

/**
 * Never makes an executor. A program that submits a job asks every factory whether it fits its
 * configuration, and no {@code ClusterClientFactory} after that: this is the moment to put our
 * {@code SSLUtils} in its place.
 */
public final class RustlsExecutorFactory implements PipelineExecutorFactory {
  /** Shown in a list of targets; one that is there anyway adds none that does not work. */
  @Override
  public String getName() {
    return "remote";
  }

  @Override
  public boolean isCompatibleWith(Configuration configuration) {
    if (FlinkOptions.isRustls(configuration)) {
      SslUtilsClaim.require();
    }
    return false;
  }

  @Override
  public PipelineExecutor getExecutor(Configuration configuration) {
    throw new UnsupportedOperationException("flink-rustls executes no jobs");
  }
}
