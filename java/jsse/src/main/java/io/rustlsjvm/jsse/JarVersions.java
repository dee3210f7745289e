package io.rustlsjvm.jsse;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The versions of this code that one class loader has. Of two it would take some classes from the
 * one and some from the other, and nobody could tell what then happens.
 */
final class JarVersions {
  private static final String RESOURCE = "io/rustlsjvm/jsse/build.properties";

  private JarVersions() {}

  /** The version beside this class. */
  static String own() {
    return version(JarVersions.class.getResource("build.properties"));
  }

  /** What is wrong with what a class loader has, or null. */
  static String fault(ClassLoader loader) {
    if (loader == null) {
      return null;
    }
    Map<String, String> found = new LinkedHashMap<>();
    try {
      List<URL> places = Collections.list(loader.getResources(RESOURCE));
      if (loader.getParent() != null) {
        // A loader that prefers its own classes has them all from its own jar.
        places.removeAll(Collections.list(loader.getParent().getResources(RESOURCE)));
      }
      for (URL place : places) {
        found.put(jar(place), version(place));
      }
    } catch (IOException e) {
      // Then there is nothing to compare.
      return null;
    }
    if (new TreeSet<>(found.values()).size() < 2) {
      return null;
    }
    return found.entrySet().stream()
            .map(place -> "version " + place.getValue() + " in " + place.getKey())
            .collect(Collectors.joining(" and ", "there is ", ""))
        + ": keep one of them on the class path";
  }

  /** Of {@code jar:file:/lib/x.jar!/io/…} the jar. */
  private static String jar(URL resource) {
    String place = resource.toString().replace("!/" + RESOURCE, "").replace(RESOURCE, "");
    return place.startsWith("jar:") ? place.substring("jar:".length()) : place;
  }

  private static String version(URL resource) {
    if (resource == null) {
      return "unknown";
    }
    try {
      URLConnection connection = resource.openConnection();
      // A cached jar would stay open.
      connection.setUseCaches(false);
      Properties properties = new Properties();
      try (InputStream in = connection.getInputStream()) {
        properties.load(in);
      }
      return properties.getProperty("version", "unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
