package io.rustlsjvm.flink.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/** Who may read a file. */
final class Permissions {
  private Permissions() {}

  /** Whether everybody on the machine may, by the permissions of the file itself. */
  static boolean areReadableByAll(Path file) throws IOException {
    try {
      return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    } catch (UnsupportedOperationException e) {
      return false; // no such permissions on this file system
    }
  }
}
