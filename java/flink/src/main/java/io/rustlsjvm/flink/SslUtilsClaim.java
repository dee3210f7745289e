package io.rustlsjvm.flink;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.net.URL;
import java.net.URLClassLoader;
import org.apache.flink.runtime.net.RedirectingSslHandler;

/**
 * Sees to it that {@code SSLUtils} is our class where the class path has Flink's first.
 *
 * <p>Flink's scripts put flink-dist last, but PyFlink's gateway takes {@code lib/*.jar} in no
 * order.
 */
final class SslUtilsClaim {
  private static final String NAME = "org.apache.flink.runtime.net.SSLUtils";
  private static final String MARK = "RUSTLS_JVM";

  private SslUtilsClaim() {}

  /**
   * Makes ours the class that everyone sees; does nothing where it is.
   *
   * @throws RustlsStartupError when Flink's class has been loaded already
   */
  static void require() {
    ClassLoader loader = RedirectingSslHandler.class.getClassLoader();
    URL ours = ClassSource.of(SslUtilsClaim.class);
    if (!isFirst(ours, loader)) {
      define(ours, loader);
    }
    if (!isOurs(loader)) {
      throw new RustlsStartupError(
          SslOptions.PROVIDER
              + " is RUSTLS, but Flink's own SSLUtils has been loaded, from "
              + RedirectingSslHandler.class.getProtectionDomain().getCodeSource()
              + ". Put "
              + ours
              + " before flink-dist on the class path.");
    }
  }

  private static boolean isFirst(URL ours, ClassLoader loader) {
    URL first = loader.getResource(ClassSource.resourceName(NAME));
    return first != null && first.toString().contains(ours.toString());
  }

  private static void define(URL ours, ClassLoader loader) {
    if (loader != SslUtilsClaim.class.getClassLoader()) {
      return; // it would not find the classes that it needs
    }
    try {
      MethodHandles.privateLookupIn(RedirectingSslHandler.class, MethodHandles.lookup())
          .defineClass(bytes(ours));
    } catch (LinkageError e) {
      // There is one already; whose it is, is asked next.
    } catch (IllegalAccessException e) {
      throw new RustlsStartupError("SSLUtils cannot be defined in Flink's package.", e);
    }
  }

  private static byte[] bytes(URL ours) {
    try (URLClassLoader jar = new URLClassLoader(new URL[] {ours}, null);
        InputStream in = jar.getResourceAsStream(ClassSource.resourceName(NAME))) {
      if (in == null) {
        throw new RustlsStartupError("There is no SSLUtils in " + ours + ".");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new RustlsStartupError("SSLUtils cannot be read from " + ours + ".", e);
    }
  }

  private static boolean isOurs(ClassLoader loader) {
    try {
      Class.forName(NAME, false, loader).getDeclaredField(MARK);
      return true;
    } catch (NoSuchFieldException e) {
      return false;
    } catch (ClassNotFoundException e) {
      throw new RustlsStartupError("There is no SSLUtils beside RedirectingSslHandler.", e);
    }
  }
}
