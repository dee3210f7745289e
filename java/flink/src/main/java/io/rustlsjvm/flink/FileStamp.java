package io.rustlsjvm.flink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells whether a file, or a folder of PEM files, is still the one that was read.
 *
 * <p>Looks at what the path resolves to: Kubernetes renews a mounted secret by swapping a symbolic
 * link above the file.
 */
final class FileStamp {
  private static final List<String> PEM_FILES = List.of("tls.crt", "tls.key", "ca.crt");

  private FileStamp() {}

  /** Two stamps are equal as long as nothing has changed. */
  static List<Object> of(String file) {
    List<Object> stamp = new ArrayList<>();
    try {
      Path path = Path.of(file);
      add(stamp, path);
      if (Files.isDirectory(path)) {
        for (String name : PEM_FILES) {
          add(stamp, path.resolve(name));
        }
      }
    } catch (InvalidPathException e) {
      stamp.add(file);
    }
    return stamp;
  }

  private static void add(List<Object> stamp, Path path) {
    try {
      Path real = path.toRealPath();
      BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
      stamp.add(real.toString());
      stamp.add(attributes.lastModifiedTime());
      stamp.add(attributes.size());
      stamp.add(String.valueOf(attributes.fileKey()));
      // Moves with every change, whatever the writer does to the time of modification.
      stamp.add(Files.getAttribute(real, "unix:ctime"));
    } catch (IOException e) {
      // Not there: whoever reads it will say so.
      stamp.add(path.toString());
    }
  }
}
