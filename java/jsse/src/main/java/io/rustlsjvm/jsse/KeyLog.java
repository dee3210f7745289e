package io.rustlsjvm.jsse;

import java.lang.System.Logger.Level;

/**
 * The key log: with {@code -Drustlsjvm.keylog=true}, and only then, the secrets of all connections
 * go to the file that the environment variable {@code SSLKEYLOGFILE} names, in the format of NSS.
 */
final class KeyLog {
  static final String PROPERTY = "rustlsjvm.keylog";
  static final String VARIABLE = "SSLKEYLOGFILE";

  private KeyLog() {}

  /**
   * Starts it where it is asked for. Called once, when the library has been loaded.
   *
   * @return what the operator has to know, or null where no key log is asked for
   */
  static String start() {
    if (!Boolean.getBoolean(PROPERTY)) {
      return null;
    }
    String warning = start(System.getenv(VARIABLE));
    System.getLogger("io.rustlsjvm").log(Level.WARNING, warning);
    return warning;
  }

  private static String start(String file) {
    if (file == null || file.isEmpty()) {
      return "-D"
          + PROPERTY
          + "=true has no effect: the environment variable "
          + VARIABLE
          + " names no file.";
    }
    String failure = LibraryNatives.logKeys(file);
    if (failure != null) {
      return "The secrets of TLS connections cannot be written to "
          + file
          + " ("
          + VARIABLE
          + "): "
          + failure
          + ".";
    }
    return "THE SECRETS OF ALL TLS CONNECTIONS ARE WRITTEN TO "
        + file
        + ": whoever reads it can read everything that is sent and received. Unset -D"
        + PROPERTY
        + " unless you are looking for a fault, and delete the file afterwards.";
  }
}
