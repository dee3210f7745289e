package io.rustlsjvm.flink;

import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;

/** What tests in Flink's own packages need of this one. */
public final class FlinkTls {
  private FlinkTls() {}

  public static Path pair(Path folder, String name) throws Exception {
    return TestStores.pair(folder, name);
  }

  /** TLS on all channels, with one file as all stores. */
  public static Configuration all(Path store) {
    Configuration config = TestStores.internal(store);
    config.setString("security.ssl.rest.enabled", "true");
    return TestStores.stores(config, "security.ssl.rest.", store);
  }

  public static Class<?> flinksSslUtils() {
    return FlinkSslUtils.type();
  }
}
