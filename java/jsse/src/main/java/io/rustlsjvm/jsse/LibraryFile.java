package io.rustlsjvm.jsse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Whether a file can be a library for this machine, as far as its header tells.
 *
 * <p>The system's loader maps a library before it reads it: one that is cut short does not fail to
 * load, but kills the process.
 */
final class LibraryFile {
  /** A header of ELF for 64 bits. */
  private static final int HEADER = 64;

  private static final int MAGIC = 0x7f454c46;
  private static final byte CLASS_64 = 2;
  private static final byte LITTLE_ENDIAN = 1;
  private static final Map<Integer, String> MACHINES = Map.of(62, "x86_64", 183, "aarch64");

  private LibraryFile() {}

  /**
   * What is wrong with a file, or null.
   *
   * @throws IOException when it cannot be read
   */
  static String fault(Path file, String architecture) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    long length;
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      length = channel.size();
      while (header.hasRemaining() && channel.read(header) >= 0) {
        // One read need not be all.
      }
    }
    if (header.position() < HEADER || header.getInt(0) != MAGIC) {
      return "it is no library, or damaged";
    }
    if (!MACHINES.containsValue(architecture)) {
      // One's own build for a machine that is not known here.
      return null;
    }
    if (header.get(4) != CLASS_64 || header.get(5) != LITTLE_ENDIAN) {
      return "it is a library for another kind of machine";
    }
    header.order(ByteOrder.LITTLE_ENDIAN);
    String machine = MACHINES.get(header.getShort(18) & 0xffff);
    if (!architecture.equals(machine)) {
      return "it is a library for " + (machine == null ? "another processor" : machine);
    }
    // The table of sections is what a linker writes last.
    long sections = header.getLong(40);
    int sizes = (header.getShort(58) & 0xffff) * (header.getShort(60) & 0xffff);
    if (sections < 0 || sections > length - sizes) {
      return "it is cut short: of at least " + (sections + sizes) + " bytes it has " + length;
    }
    return null;
  }
}
