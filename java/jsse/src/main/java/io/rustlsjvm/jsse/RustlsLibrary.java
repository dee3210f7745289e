package io.rustlsjvm.jsse;

import java.util.List;

/**
 * The native library: in this jar, loaded once for each class loader that loads this class.
 *
 * <p>{@code -Drustlsjvm.library.path=FILE} loads another file in its place.
 */
public final class RustlsLibrary {
  /** System property that names a library file to load in place of the jar's. */
  public static final String PATH_PROPERTY = "rustlsjvm.library.path";

  /** Tried once, when first asked for; the outcome stays. */
  private static final class Outcome {
    static final UnsatisfiedLinkError FAILURE = load();

    /** What the operator has to know of the key log, or null. */
    static final String KEY_LOG = FAILURE == null ? KeyLog.start() : null;

    private static UnsatisfiedLinkError load() {
      try {
        checkJars();
        LibraryLoader.load();
        checkVersion(jarVersion(), libraryVersion());
        return null;
      } catch (UnsatisfiedLinkError e) {
        return e;
      } catch (RuntimeException | LinkageError e) {
        return LibraryLoader.failure("it could not be loaded: " + e, e);
      }
    }
  }

  private RustlsLibrary() {}

  /**
   * Loads the library unless that has been done.
   *
   * @throws UnsatisfiedLinkError naming platform, libc and path, and what to do
   */
  public static void ensureLoaded() {
    UnsatisfiedLinkError failure = Outcome.FAILURE;
    if (failure != null) {
      // A new one each time, so that the stack trace is the caller's.
      UnsatisfiedLinkError again = new UnsatisfiedLinkError(failure.getMessage());
      again.initCause(failure);
      throw again;
    }
  }

  /** Whether the library is, or now can be, loaded. */
  public static boolean isAvailable() {
    return Outcome.FAILURE == null;
  }

  /** Why the library cannot be loaded, or null when it can. */
  public static Throwable unavailabilityCause() {
    return Outcome.FAILURE;
  }

  /**
   * What is inside, for log lines: {@code rustls-jvm 0.1.0 (rustls 0.23.46, aws-lc-rs 1.19.0)}.
   *
   * @throws UnsatisfiedLinkError as {@link #ensureLoaded}
   */
  public static String description() {
    ensureLoaded();
    return LibraryNatives.description();
  }

  /**
   * What the operator has to know of how the library runs, for the application's own log; mostly
   * nothing. {@code System.Logger} has had it, too.
   *
   * @throws UnsatisfiedLinkError as {@link #ensureLoaded}
   */
  public static List<String> warnings() {
    ensureLoaded();
    return Outcome.KEY_LOG == null ? List.of() : List.of(Outcome.KEY_LOG);
  }

  /** The version of this jar. */
  static String jarVersion() {
    return JarVersions.own();
  }

  private static void checkJars() {
    String fault = JarVersions.fault(RustlsLibrary.class.getClassLoader());
    if (fault != null) {
      throw LibraryLoader.failure(fault, null);
    }
  }

  private static String libraryVersion() {
    try {
      return LibraryNatives.version();
    } catch (UnsatisfiedLinkError e) {
      throw LibraryLoader.failure("the file that was loaded is another library: " + e, e);
    }
  }

  static void checkVersion(String jar, String library) {
    if (!jar.equals(library)) {
      throw LibraryLoader.failure(
          "the jar is version "
              + jar
              + " but the library is version "
              + library
              + "; keep one version of the jar on the class path and unset -D"
              + PATH_PROPERTY,
          null);
    }
  }
}
