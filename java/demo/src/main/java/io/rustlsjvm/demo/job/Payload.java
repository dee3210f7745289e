package io.rustlsjvm.demo.job;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * What a record of the job carries, told by its number alone.
 *
 * <p>The job makes payloads from numbers, and whoever checks the job can make the same ones again
 * without it.
 */
public final class Payload {
  /** Smallest payload, in bytes. */
  public static final int MIN_BYTES = 1024;

  /** Largest payload, in bytes. */
  public static final int MAX_BYTES = 4096;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Payload() {}

  /**
   * The length of the payload of one record.
   *
   * @param index the record's number
   * @return bytes, between {@link #MIN_BYTES} and {@link #MAX_BYTES}, spread evenly
   */
  public static int length(long index) {
    return MIN_BYTES + (int) Long.remainderUnsigned(mix(index), MAX_BYTES - MIN_BYTES + 1L);
  }

  /**
   * Writes the payload of one record.
   *
   * @param index the record's number
   * @param target where to; at least {@link #length} bytes long
   * @param length the payload's length, as {@link #length} tells it
   */
  public static void fill(long index, byte[] target, int length) {
    long state = mix(~index) | 1;
    int at = 0;
    for (; at + Long.BYTES <= length; at += Long.BYTES) {
      state ^= state << 13;
      state ^= state >>> 7;
      state ^= state << 17;
      LONGS.set(target, at, state);
    }
    for (; at < length; at++) {
      target[at] = (byte) (state >>> (8 * (at & 7)));
    }
  }

  /**
   * The checksum of one record. Those of several records are added up, so that the sum does not
   * depend on their order but does on every number and every byte.
   *
   * @param index the record's number
   * @param payload the buffer that holds the payload
   * @param length how many of its bytes are the payload
   * @return 64 bits
   */
  public static long checksum(long index, byte[] payload, int length) {
    CRC32C crc = new CRC32C();
    crc.update(payload, 0, length);
    return mix(index ^ (crc.getValue() << 32) ^ length);
  }

  /**
   * Which part of the numbers a number belongs to, when they are cut into equal parts.
   *
   * @param index the record's number
   * @param records how many records there are
   * @param parts how many parts
   * @return the part, counted from 0
   */
  public static int part(long index, long records, int parts) {
    long size = (records + parts - 1) / parts;
    return (int) (index / size);
  }

  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
