package io.rustlsjvm.flink;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.PipelineExecutor;
import org.apache.flink.core.execution.PipelineExecutorFactory;

/**
 * Never executes anything. A program that submits its own job ({@code flink run}, PyFlink's
 * gateway) asks these factories and no {@link RustlsClusterClientFactory}, whose purpose this one
 * shares.
 */
public final class RustlsPipelineExecutorFactory implements PipelineExecutorFactory {
  /** Flink's command line lists it among the targets in its help. */
  @Override
  public String getName() {
    return "none-of-flink-rustls";
  }

  @Override
  public boolean isCompatibleWith(Configuration configuration) {
    if (SslOptions.isRustls(configuration)) {
      SslUtilsClaim.require();
    }
    return false;
  }

  @Override
  public PipelineExecutor getExecutor(Configuration configuration) {
    throw new UnsupportedOperationException("flink-rustls executes no jobs");
  }
}
