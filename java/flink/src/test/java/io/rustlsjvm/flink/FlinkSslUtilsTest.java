package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.runtime.io.network.netty.SSLHandlerFactory;
import org.apache.flink.runtime.net.SSLUtils;
import org.apache.flink.shaded.netty4.io.netty.handler.ssl.SslProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkSslUtilsTest {
  private static final String SSL_UTILS = "org.apache.flink.runtime.net.SSLUtils";
  private static final String PACKAGE = "org/apache/flink/runtime/net/";

  @TempDir Path folder;

  @Test
  void isFlinksClassAndNotOurs() {
    Class<?> flinks = FlinkSslUtils.type();
    assertThat(flinks).isNotSameAs(SSLUtils.class);
    assertThat(flinks.getName()).isEqualTo(SSL_UTILS);
    assertThat(flinks.getProtectionDomain().getCodeSource().getLocation())
        .isEqualTo(SSLHandlerFactory.class.getProtectionDomain().getCodeSource().getLocation());
    assertThat(flinks.getClassLoader().getParent())
        .isSameAs(SSLHandlerFactory.class.getClassLoader());
  }

  /** Later versions have package-private classes there that SSLUtils works with. */
  @Test
  void hasItsWholePackageInOneLoader() throws Exception {
    ClassLoader loader = FlinkSslUtils.type().getClassLoader();
    for (String name : List.of("RedirectingSslHandler", "ConnectionUtils")) {
      assertThat(loader.loadClass("org.apache.flink.runtime.net." + name).getClassLoader())
          .isSameAs(loader);
    }
    assertThat(loader.loadClass(Configuration.class.getName())).isSameAs(Configuration.class);
  }

  @Test
  void throwsWhatFlinkThrows() {
    assertThatThrownBy(
            () ->
                FlinkSslUtils.call(
                    SslProvider.class,
                    "getSSLProvider",
                    new Class<?>[] {Configuration.class},
                    provider("NONSENSE")))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessage("Unknown SSL provider: NONSENSE");
  }

  @Test
  void stopsWhereFlinkHasChanged() {
    assertThatThrownBy(
            () -> FlinkSslUtils.call(Object.class, "notThere", new Class<?>[0], new Object[0]))
        .isInstanceOf(RustlsStartupError.class)
        .hasMessageContaining("notThere")
        .hasMessageContaining("does not support this version of Flink");
  }

  /** A second copy of our jar before Flink's must not be taken for Flink's. */
  @Test
  void passesByFurtherCopiesOfOurs() throws Exception {
    URL ours = SSLUtils.class.getProtectionDomain().getCodeSource().getLocation();
    Path copy = folder.resolve("copy");
    Path file = copy.resolve(PACKAGE + "SSLUtils.class");
    Files.createDirectories(file.getParent());
    Files.write(file, SSLUtils.class.getResourceAsStream("SSLUtils.class").readAllBytes());
    List<URL> path = new ArrayList<>(List.of(ours, copy.toUri().toURL()));
    path.addAll(classPath());
    try (URLClassLoader loader = isolated(path)) {
      Class<?> neighbour = loader.loadClass(SSLHandlerFactory.class.getName());
      Class<?> flinks = FlinkSslUtils.load(neighbour);
      assertThat(flinks.getProtectionDomain().getCodeSource().getLocation())
          .isEqualTo(neighbour.getProtectionDomain().getCodeSource().getLocation());
    }
  }

  /** Flink run from its build folders, as in an IDE. */
  @Test
  void worksWhereClassesAreInNoJar() throws Exception {
    Path classes = folder.resolve("classes");
    URL jar = SSLHandlerFactory.class.getProtectionDomain().getCodeSource().getLocation();
    try (FileSystem files = FileSystems.newFileSystem(Path.of(jar.toURI()), (ClassLoader) null)) {
      copy(files.getPath("/" + PACKAGE), classes);
      copy(files.getPath("/org/apache/flink/runtime/io/network/netty"), classes);
    }
    List<URL> path = new ArrayList<>(List.of(classes.toUri().toURL()));
    path.addAll(classPath());
    try (URLClassLoader loader = isolated(path)) {
      Class<?> flinks = FlinkSslUtils.load(loader.loadClass(SSLHandlerFactory.class.getName()));
      assertThat(flinks.getProtectionDomain().getCodeSource().getLocation())
          .isEqualTo(classes.toUri().toURL());
      assertThat(flinks.getDeclaredMethods()).isNotEmpty();
    }
  }

  private static void copy(Path from, Path to) throws Exception {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).collect(Collectors.toList())) {
        Path target = to.resolve(from.getRoot().relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  static URLClassLoader isolated(List<URL> path) {
    return new URLClassLoader(path.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
  }

  static List<URL> classPath() throws Exception {
    List<URL> path = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      path.add(Path.of(entry).toUri().toURL());
    }
    return path;
  }

  private static Configuration provider(String name) {
    Configuration config = new Configuration();
    config.setString("security.ssl.provider", name);
    return config;
  }
}
