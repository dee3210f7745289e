package io.rustlsjvm.flink;

import org.apache.flink.client.deployment.ClusterClientFactory;
import org.apache.flink.client.deployment.ClusterDescriptor;
import org.apache.flink.client.deployment.ClusterSpecification;
import org.apache.flink.configuration.Configuration;

/**
 * Never makes a client. Flink's clients ask every factory whether it fits their configuration,
 * before they open a connection: early enough to put our {@code SSLUtils} in its place.
 */
public final class RustlsClusterClientFactory implements ClusterClientFactory<String> {
  @Override
  public boolean isCompatibleWith(Configuration configuration) {
    if (FlinkOptions.isRustls(configuration)) {
      SslUtilsClaim.require();
    }
    return false;
  }

  @Override
  public ClusterDescriptor<String> createClusterDescriptor(Configuration configuration) {
    throw neverCompatible();
  }

  @Override
  public String getClusterId(Configuration configuration) {
    throw neverCompatible();
  }

  @Override
  public ClusterSpecification getClusterSpecification(Configuration configuration) {
    throw neverCompatible();
  }

  private static UnsupportedOperationException neverCompatible() {
    return new UnsupportedOperationException("flink-rustls deploys no clusters");
  }
}
