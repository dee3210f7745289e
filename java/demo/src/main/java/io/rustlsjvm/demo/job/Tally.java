package io.rustlsjvm.demo.job;

/** What one key has seen so far: the keyed state that checkpoints save. */
public final class Tally {
  /** Records, by part of the numbers. */
  public long[] records;

  /** Sum of the checksums, by part of the numbers. */
  public long[] checksums;

  /** Payload bytes in all. */
  public long bytes;

  /** Payload bytes that another process made. */
  public long travelled;

  /** For Flink's serializer. */
  public Tally() {}

  Tally(int parts) {
    records = new long[parts];
    checksums = new long[parts];
  }
}
