package io.rustlsjvm.flink;

import java.net.MalformedURLException;
import java.net.URL;
import java.security.CodeSource;

/** Where a class was loaded from. */
final class ClassSource {
  private ClassSource() {}

  /**
   * The jar or folder of a class, as a {@code URLClassLoader} takes it.
   *
   * @throws IllegalStateException where that cannot be told
   */
  static URL of(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source != null && source.getLocation() != null) {
      return source.getLocation();
    }
    String path = resourceName(type.getName());
    URL resource =
        type.getClassLoader() == null
            ? ClassLoader.getSystemResource(path)
            : type.getClassLoader().getResource(path);
    if (resource == null || !resource.toString().endsWith(path)) {
      throw new IllegalStateException("It cannot be told where " + type.getName() + " comes from.");
    }
    String url = resource.toString();
    try {
      return new URL(url.substring(0, url.length() - path.length()));
    } catch (MalformedURLException e) {
      throw new IllegalStateException("Not a URL: " + url, e);
    }
  }

  /** The resource that holds a class. */
  static String resourceName(String className) {
    return className.replace('.', '/') + ".class";
  }
}
