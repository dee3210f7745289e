package io.rustlsjvm.jsse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipException;

/**
 * Brings the library from the jar into the process.
 *
 * <p>It goes through a private folder, which is made atomically with mode 0700 and is gone again
 * once the library is mapped: nobody else can put a file in its place, and nothing is left behind.
 */
final class LibraryLoader {
  private static final String FILE = "librustls_jvm.so";

  private LibraryLoader() {}

  static void load() {
    String override = System.getProperty(RustlsLibrary.PATH_PROPERTY);
    if (override != null && !override.isEmpty()) {
      loadOverride(override);
    } else {
      loadFromJar();
    }
  }

  private static void loadOverride(String file) {
    Path path = Paths.get(file).toAbsolutePath();
    String named = path + " (-D" + RustlsLibrary.PATH_PROPERTY + ")";
    if (!Files.isRegularFile(path)) {
      throw failure("there is no such file: " + named, null);
    }
    try {
      requireSound(path, named);
      System.load(path.toString());
    } catch (IOException e) {
      throw failure(named + " could not be read: " + e, e);
    } catch (UnsatisfiedLinkError e) {
      throw failure(named + " could not be loaded: " + e.getMessage(), e);
    }
  }

  private static void loadFromJar() {
    String resource = "/io/rustlsjvm/native/" + Platform.name() + "/" + FILE;
    URL library = LibraryLoader.class.getResource(resource);
    if (library == null) {
      throw failure(
          "the jar holds no library for this platform (no "
              + resource
              + "); there are such for Linux with glibc on x86_64 and aarch64. Use another"
              + " security provider here, or build the library and name it by -D"
              + RustlsLibrary.PATH_PROPERTY,
          null);
    }
    try {
      loadThroughFolder(library);
    } catch (ZipException e) {
      throw damaged(library, e.getMessage(), e);
    } catch (IOException e) {
      throw failure(
          "it could not be unpacked into java.io.tmpdir ("
              + System.getProperty("java.io.tmpdir")
              + "): "
              + e
              + ". Give a folder that is writable, has some megabytes free and is not mounted"
              + " noexec: -Djava.io.tmpdir=FOLDER",
          e);
    }
  }

  private static void loadThroughFolder(URL library) throws IOException {
    Path folder = Files.createTempDirectory("rustls-jvm-", ownerOnly());
    Path file = folder.resolve(FILE);
    try {
      Files.createFile(file, ownerOnly());
      unpack(library, file);
      String fault = LibraryFile.fault(file, Platform.architecture());
      if (fault != null) {
        throw damaged(library, fault, null);
      }
      load(file);
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    }
  }

  private static void load(Path file) {
    try {
      System.load(file.toString());
    } catch (UnsatisfiedLinkError e) {
      throw failure(
          file + " could not be loaded: " + e.getMessage() + ". " + advice(Platform.libc()), e);
    }
  }

  /**
   * Copies the library out of its jar, and compares its checksum: nothing else would.
   *
   * @throws ZipException when the jar is damaged
   */
  private static void unpack(URL library, Path file) throws IOException {
    URLConnection connection = library.openConnection();
    // A cached jar would stay open.
    connection.setUseCaches(false);
    CRC32 found = new CRC32();
    try (InputStream in = new CheckedInputStream(connection.getInputStream(), found);
        OutputStream out = Files.newOutputStream(file)) {
      long expected =
          connection instanceof JarURLConnection
              ? ((JarURLConnection) connection).getJarEntry().getCrc()
              : -1;
      in.transferTo(out);
      if (expected >= 0 && expected != found.getValue()) {
        throw new ZipException("its checksum is wrong");
      }
    }
  }

  private static UnsatisfiedLinkError damaged(URL library, String how, Throwable cause) {
    return failure(
        library + " is damaged (" + how + "): copy the jar anew, or build it again", cause);
  }

  /** Refuses a file that would kill the process rather than fail to load. */
  private static void requireSound(Path path, String named) throws IOException {
    String fault = LibraryFile.fault(path, Platform.architecture());
    if (fault != null) {
      throw failure(named + " could not be loaded: " + fault, null);
    }
  }

  /** What to do about a library of ours that the system does not load. */
  static String advice(String libc) {
    return libc.equals("musl")
        ? "It needs glibc, and this system (Alpine?) has musl: use an image with glibc, such as"
            + " Flink's official ones"
        : "If the folder is mounted noexec, give another: -Djava.io.tmpdir=FOLDER; if the glibc is"
            + " older than 2.17, use another image";
  }

  private static FileAttribute<?>[] ownerOnly() {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
    };
  }

  static UnsatisfiedLinkError failure(String what, Throwable cause) {
    UnsatisfiedLinkError error =
        new UnsatisfiedLinkError(
            "The native library of rustls-jvm is not available on "
                + Platform.name()
                + " ("
                + Platform.libc()
                + ", Java "
                + System.getProperty("java.version")
                + "): "
                + what);
    if (cause != null) {
      error.initCause(cause);
    }
    return error;
  }
}
