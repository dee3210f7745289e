package io.rustlsjvm.flink;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import org.apache.flink.runtime.io.network.netty.SSLHandlerFactory;

/**
 * Flink's own {@code SSLUtils}, which ours stands before: its very bytes, defined once more.
 *
 * <p>They are taken from where {@link SSLHandlerFactory} was loaded from: a search for "the first
 * SSLUtils that is not ours" would find a second copy of our jar. The whole package is defined
 * anew, because its classes may use each other's package-private members.
 */
public final class FlinkSslUtils {
  private static final String PACKAGE = "org.apache.flink.runtime.net.";
  private static final String NAME = PACKAGE + "SSLUtils";

  private FlinkSslUtils() {}

  /**
   * Calls a static method of Flink's class.
   *
   * @throws Exception whatever the method throws, as it is
   */
  public static <T> T call(
      Class<T> result, String method, Class<?>[] parameters, Object... arguments) throws Exception {
    try {
      return result.cast(method(method, parameters).invoke(null, arguments));
    } catch (InvocationTargetException e) {
      throw unwrap(e);
    }
  }

  /** As {@link #call}, for a method that declares no exceptions. */
  public static <T> T callUnchecked(
      Class<T> result, String method, Class<?>[] parameters, Object... arguments) {
    try {
      return call(result, method, parameters, arguments);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("Flink's SSLUtils." + method + " has failed.", e);
    }
  }

  /** Flink's class. */
  static Class<?> type() {
    return Holder.TYPE;
  }

  private static Method method(String name, Class<?>[] parameters) {
    try {
      Method method = type().getDeclaredMethod(name, parameters);
      method.setAccessible(true);
      return method;
    } catch (NoSuchMethodException e) {
      throw new RustlsStartupError(
          "This Flink's SSLUtils has no "
              + name
              + ": this version of flink-rustls does not support this version of Flink.",
          e);
    }
  }

  private static Exception unwrap(InvocationTargetException e) {
    Throwable cause = e.getCause();
    if (cause instanceof Error) {
      throw (Error) cause;
    }
    return (Exception) cause;
  }

  /** Loads Flink's class from where {@code neighbour} is, into a loader below its loader. */
  static Class<?> load(Class<?> neighbour) {
    try {
      return Class.forName(
          NAME,
          false,
          new PackageFirstLoader(ClassSource.of(neighbour), neighbour.getClassLoader()));
    } catch (ClassNotFoundException e) {
      throw new RustlsStartupError(
          "Flink's own SSLUtils was not found in "
              + ClassSource.of(neighbour)
              + ", where its SSLHandlerFactory is: this version of flink-rustls does not support"
              + " this version of Flink.",
          e);
    }
  }

  private static final class Holder {
    static final Class<?> TYPE = load(SSLHandlerFactory.class);
  }

  /** Defines the classes of one package itself; everything else is its parent's. */
  private static final class PackageFirstLoader extends URLClassLoader {
    static {
      registerAsParallelCapable();
    }

    PackageFirstLoader(URL source, ClassLoader parent) {
      super("flink-sslutils", new URL[] {source}, parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(PACKAGE)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> type = findLoadedClass(name);
        if (type == null) {
          type = findClass(name);
        }
        if (resolve) {
          resolveClass(type);
        }
        return type;
      }
    }
  }
}
