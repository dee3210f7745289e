package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.client.deployment.ClusterClientFactory;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.io.network.netty.SSLHandlerFactory;
import org.apache.flink.runtime.net.SSLUtils;
import org.junit.jupiter.api.Test;

/** Class paths that have Flink before us, as PyFlink's gateway may make them. */
class SslUtilsClaimTest {
  @Test
  void hasNothingToDoWhereWeAreFirst() throws Exception {
    assertThatCode(SslUtilsClaim::require).doesNotThrowAnyException();
    assertThat(SSLUtils.class.getProtectionDomain().getCodeSource())
        .isEqualTo(SslUtilsClaim.class.getProtectionDomain().getCodeSource());
  }

  @Test
  void definesOursWhereFlinkIsFirst() throws Exception {
    try (URLClassLoader flinkFirst = flinkFirst()) {
      assertThat(askFactory(flinkFirst, "RUSTLS")).isFalse();
      assertThat(isOurs(flinkFirst)).isTrue();
    }
  }

  @Test
  void touchesNothingForAnotherProvider() throws Exception {
    try (URLClassLoader flinkFirst = flinkFirst()) {
      assertThat(askFactory(flinkFirst, "JDK")).isFalse();
      assertThat(isOurs(flinkFirst)).isFalse();
    }
  }

  @Test
  void saysWhatToDoWhereItIsTooLate() throws Exception {
    try (URLClassLoader flinkFirst = flinkFirst()) {
      assertThat(isOurs(flinkFirst)).isFalse(); // and it is loaded now
      assertThatThrownBy(() -> askFactory(flinkFirst, "RUSTLS"))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .isInstanceOf(Error.class)
          .hasMessageContaining("security.ssl.provider is RUSTLS")
          .hasMessageContaining("before flink-dist on the class path");
    }
  }

  private static boolean askFactory(ClassLoader loader, String provider) throws Exception {
    Class<?> configuration = loader.loadClass(Configuration.class.getName());
    Object config = configuration.getConstructor().newInstance();
    configuration
        .getMethod("setString", String.class, String.class)
        .invoke(config, "security.ssl.provider", provider);
    Class<?> factory = loader.loadClass(RustlsClusterClientFactory.class.getName());
    return (boolean)
        loader
            .loadClass(ClusterClientFactory.class.getName())
            .getMethod("isCompatibleWith", configuration)
            .invoke(factory.getConstructor().newInstance(), config);
  }

  private static boolean isOurs(ClassLoader loader) throws Exception {
    try {
      loader.loadClass(SSLUtils.class.getName()).getDeclaredField("RUSTLS_JVM");
      return true;
    } catch (NoSuchFieldException e) {
      return false;
    }
  }

  private static URLClassLoader flinkFirst() throws Exception {
    URL flink = SSLHandlerFactory.class.getProtectionDomain().getCodeSource().getLocation();
    List<URL> path = new ArrayList<>(List.of(flink));
    path.addAll(FlinkSslUtilsTest.classPath());
    return FlinkSslUtilsTest.isolated(path);
  }
}
