package io.rustlsjvm.jsse;

/**
 * Whether a stream that ends without close_notify counts as a proper end.
 *
 * <p>RFC 8446 §6.1: an attacker can cut a stream so. It is an error here, unless the JDK's property
 * {@code com.sun.net.ssl.requireCloseNotify} is expressly {@code false}.
 */
final class Truncation {
  private static final String PROPERTY = "com.sun.net.ssl.requireCloseNotify";

  private Truncation() {}

  static boolean isTolerated() {
    return "false".equalsIgnoreCase(System.getProperty(PROPERTY));
  }
}
