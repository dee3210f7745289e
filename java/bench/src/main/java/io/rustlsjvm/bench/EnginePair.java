package io.rustlsjvm.bench;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** Two engines that talk to one another through two buffers, on one thread. */
final class EnginePair {
  /** Room for the longest record that any of the peers makes or asks for, in bytes. */
  static final int ROOM = 18 * 1024;

  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  /** Buffers that one pair after another may use. */
  static final class Buffers {
    final ByteBuffer toServer;
    final ByteBuffer toClient;
    final ByteBuffer plain;

    /**
     * @param allocate {@code ByteBuffer::allocate} or {@code ByteBuffer::allocateDirect}
     */
    Buffers(IntFunction<ByteBuffer> allocate) {
      toServer = allocate.apply(2 * ROOM);
      toClient = allocate.apply(2 * ROOM);
      plain = allocate.apply(ROOM);
    }
  }

  final SSLEngine client;
  final SSLEngine server;
  private final Buffers buffers;
  private long bytes;

  EnginePair(SSLEngine client, SSLEngine server, Buffers buffers) {
    this.client = client;
    this.server = server;
    this.buffers = buffers;
    buffers.toServer.clear();
    buffers.toClient.clear();
  }

  /**
   * Shakes hands, to the last message of either end: session tickets too.
   *
   * @return how many bytes were sent
   * @throws SSLException when an end refuses
   */
  long handshake() throws SSLException {
    begin();
    boolean moved = true;
    while (moved) {
      moved = clientTurn();
      moved |= serverTurn();
    }
    requireDone(client);
    requireDone(server);
    return bytes;
  }

  /** Has both ends begin; it goes on with their turns. */
  EnginePair begin() throws SSLException {
    client.beginHandshake();
    server.beginHandshake();
    return this;
  }

  /** Lets the client do all that it can; tells whether that was anything. */
  boolean clientTurn() throws SSLException {
    return step(client, buffers.toClient, buffers.toServer);
  }

  /** Lets the server do all that it can; tells whether that was anything. */
  boolean serverTurn() throws SSLException {
    return step(server, buffers.toServer, buffers.toClient);
  }

  private static void requireDone(SSLEngine engine) throws SSLException {
    if (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
      throw new SSLException("stuck at " + engine.getHandshakeStatus());
    }
  }

  /**
   * Sees that the peer did as it was told; not all of them let suites of TLS 1.3 be chosen.
   *
   * @throws SSLException when it did not
   */
  void requireSetup(TlsSetup setup) throws SSLException {
    String protocol = client.getSession().getProtocol();
    String suite = client.getSession().getCipherSuite();
    if (!protocol.equals(setup.protocol) || !suite.equals(setup.suite)) {
      throw new SSLException("not as configured: " + protocol + " " + suite);
    }
  }

  /** Lets one end do all that it can; tells whether that was anything. */
  private boolean step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    boolean moved = false;
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK:
          for (Runnable task; (task = engine.getDelegatedTask()) != null; ) {
            task.run();
          }
          moved = true;
          continue;
        case NEED_WRAP:
          SSLEngineResult wrapped = engine.wrap(NOTHING, out);
          require(wrapped.getStatus() != Status.BUFFER_OVERFLOW, wrapped);
          bytes += wrapped.bytesProduced();
          moved = true;
          if (wrapped.getStatus() == Status.CLOSED) {
            return true;
          }
          continue;
        default:
          break;
      }
      in.flip();
      HandshakeStatus before = engine.getHandshakeStatus();
      if (!in.hasRemaining() && before == HandshakeStatus.NOT_HANDSHAKING) {
        in.compact();
        return moved;
      }
      buffers.plain.clear();
      // Without input, too: OPENSSL's client finds its handshake complete one call later.
      SSLEngineResult unwrapped = engine.unwrap(in, buffers.plain);
      in.compact();
      require(unwrapped.getStatus() != Status.BUFFER_OVERFLOW, unwrapped);
      if (unwrapped.bytesConsumed() == 0 && engine.getHandshakeStatus() == before) {
        return moved;
      }
      moved = true;
    }
  }

  private static void require(boolean condition, SSLEngineResult result) throws SSLException {
    if (!condition) {
      throw new SSLException(result.toString());
    }
  }

  /**
   * Seals what remains of {@code source} as one record and opens it again. The JDK keeps a few
   * bytes less in a full record of TLS 1.3 than the others.
   *
   * @param source its position does not change
   * @param wire where the record lies in between
   * @param target what was opened
   * @throws SSLException when the record does not come through
   */
  void transfer(ByteBuffer source, ByteBuffer wire, ByteBuffer target) throws SSLException {
    transfer(client, server, source, wire, target);
  }

  static void transfer(
      SSLEngine from, SSLEngine to, ByteBuffer source, ByteBuffer wire, ByteBuffer target)
      throws SSLException {
    int start = source.position();
    int length = source.remaining();
    wire.clear();
    SSLEngineResult sealed = from.wrap(source, wire);
    wire.flip();
    target.clear();
    SSLEngineResult opened = to.unwrap(wire, target);
    int received = opened.bytesProduced();
    // OPENSSL's server sends its session tickets before its first data.
    while (received == 0 && wire.hasRemaining() && opened.bytesConsumed() > 0) {
      opened = to.unwrap(wire, target);
      received = opened.bytesProduced();
    }
    source.position(start);
    if (sealed.bytesConsumed() != received || length - sealed.bytesConsumed() > 32) {
      throw new SSLException(sealed + " " + opened);
    }
  }

  /**
   * Says goodbye in both directions, so that every peer lets go of what it holds.
   *
   * @throws SSLException when an end refuses
   */
  void close() throws SSLException {
    close(client, server, buffers.toServer);
    close(server, client, buffers.toClient);
  }

  private void close(SSLEngine from, SSLEngine to, ByteBuffer wire) throws SSLException {
    from.closeOutbound();
    wire.clear();
    while (!from.isOutboundDone()) {
      if (from.wrap(NOTHING, wire).bytesProduced() == 0) {
        break;
      }
    }
    wire.flip();
    while (wire.hasRemaining() && !to.isInboundDone()) {
      buffers.plain.clear();
      if (to.unwrap(wire, buffers.plain).bytesConsumed() == 0) {
        break;
      }
    }
    wire.clear();
  }
}
