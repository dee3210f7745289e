package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.apache.flink.client.deployment.ClusterClientFactory;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.PipelineExecutorFactory;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;
import org.apache.flink.runtime.io.network.netty.SSLHandlerFactory;
import org.apache.flink.runtime.net.SSLUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Class paths that have Flink before us, as PyFlink's gateway may make them. */
class SslUtilsClaimTest {
  @Test
  void hasNothingToDoWhereWeAreFirst() throws Exception {
    assertThatCode(SslUtilsClaim::require).doesNotThrowAnyException();
    assertThat(SSLUtils.class.getProtectionDomain().getCodeSource())
        .isEqualTo(SslUtilsClaim.class.getProtectionDomain().getCodeSource());
  }

  @ParameterizedTest
  @MethodSource("factories")
  void definesOursWhereFlinkIsFirst(Class<?> service, Class<?> factory) throws Exception {
    try (URLClassLoader flinkFirst = flinkFirst()) {
      assertThat(ask(service, factory, flinkFirst, "RUSTLS")).isFalse();
      assertThat(isOurs(flinkFirst)).isTrue();
    }
  }

  /** What each of Flink's programs does at its beginning. */
  @Test
  void definesOursWhenFileSystemsAreInitialized() throws Exception {
    try (URLClassLoader flinkFirst = flinkFirst()) {
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      thread.setContextClassLoader(flinkFirst); // where services are looked for
      try {
        Object config = configuration(flinkFirst, "RUSTLS");
        flinkFirst
            .loadClass(FileSystem.class.getName())
            .getMethod(
                "initialize",
                config.getClass(),
                flinkFirst.loadClass("org.apache.flink.core.plugin.PluginManager"))
            .invoke(null, config, null);
      } finally {
        thread.setContextClassLoader(before);
      }
      assertThat(isOurs(flinkFirst)).isTrue();
    }
  }

  @Test
  void hasNoFileSystem() throws Exception {
    FileSystem.initialize(new Configuration(), null);

    assertThatThrownBy(
            () -> FileSystem.get(URI.create(RustlsFileSystemFactory.SCHEME + "://host/file")))
        .isInstanceOf(UnsupportedFileSystemSchemeException.class)
        .hasMessageContaining("flink-rustls");
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

  /** What Flink's clients ask: to manage jobs the first, to submit one the second. */
  static Stream<Arguments> factories() {
    return Stream.of(
        Arguments.of(ClusterClientFactory.class, RustlsClusterClientFactory.class),
        Arguments.of(PipelineExecutorFactory.class, RustlsExecutorFactory.class));
  }

  @Test
  void areFoundAsServices() {
    assertThat(ServiceLoader.load(ClusterClientFactory.class))
        .hasAtLeastOneElementOfType(RustlsClusterClientFactory.class);
    assertThat(ServiceLoader.load(PipelineExecutorFactory.class))
        .hasAtLeastOneElementOfType(RustlsExecutorFactory.class);
  }

  private static boolean askFactory(ClassLoader loader, String provider) throws Exception {
    return ask(ClusterClientFactory.class, RustlsClusterClientFactory.class, loader, provider);
  }

  private static boolean ask(
      Class<?> service, Class<?> factory, ClassLoader loader, String provider) throws Exception {
    Object config = configuration(loader, provider);
    Object asked = loader.loadClass(factory.getName()).getConstructor().newInstance();
    return (boolean)
        loader
            .loadClass(service.getName())
            .getMethod("isCompatibleWith", config.getClass())
            .invoke(asked, config);
  }

  private static Object configuration(ClassLoader loader, String provider) throws Exception {
    Class<?> type = loader.loadClass(Configuration.class.getName());
    Object config = type.getConstructor().newInstance();
    type.getMethod("setString", String.class, String.class)
        .invoke(config, "security.ssl.provider", provider);
    return config;
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
