package io.rustlsjvm.jsse;

/** Natives that tell about the library itself. */
final class LibraryNatives {
  private LibraryNatives() {}

  /** The crate's version, which must be the jar's. */
  static native String version();

  /**
   * Has the secrets of all later connections written to the end of a file.
   *
   * @return why that cannot be, or null
   */
  static native String logKeys(String file);

  /** Names and versions of what is inside, for log lines. */
  static native String description();
}
