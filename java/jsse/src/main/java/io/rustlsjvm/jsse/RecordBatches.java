package io.rustlsjvm.jsse;

import java.nio.ByteBuffer;

/**
 * What the engines of {@link RustlsProvider} can do beyond {@code SSLEngine}: several records in
 * one call. Made for this project's Netty handler; may change with any version.
 *
 * <p>It is for application data on a connection that stands. For everything else (handshakes,
 * alerts, {@code close_notify}, failures) the methods of {@code SSLEngine} remain, and {@link Next}
 * says when they are due. The rule of {@code SSLEngine} for threads holds: one for each direction.
 */
public interface RecordBatches {
  /** What the caller is to do next. */
  enum Next {
    /** Nothing but data has come up. */
    BATCH,
    /** To ask {@code SSLEngine.wrap}, which has something to send or to say. */
    WRAP,
    /**
     * To ask {@code SSLEngine.unwrap} about the record at the source's position, which ends the
     * connection or is none.
     */
    UNWRAP
  }

  /** Whether the handshake is over and neither direction has ended, so that batches are taken. */
  boolean takesBatches();

  /**
   * Seals records of 2<sup>14</sup> bytes out of the source, the last one shorter, until the source
   * is used up or the destination has no room for the next one. Positions move.
   *
   * <p>When {@link Next#WRAP} is due, the destination may have got records that have to be sent
   * first.
   *
   * @param destination direct, or with an array; not overlapping the source
   */
  Next wrapBatch(ByteBuffer source, ByteBuffer destination);

  /**
   * Opens the whole records at the source's front, until there is none or the destination has no
   * room for the next one. Positions move.
   *
   * @param destination direct, or with an array; not overlapping the source. A record needs as much
   *     room as it has bytes, less its header of 5
   */
  Next unwrapBatch(ByteBuffer source, ByteBuffer destination);
}
