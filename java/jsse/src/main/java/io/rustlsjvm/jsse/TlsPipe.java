package io.rustlsjvm.jsse;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLProtocolException;

/**
 * Moves bytes between a socket's streams and an engine.
 *
 * <p>One thread may read while another writes; the handshake is done by whoever comes first, the
 * others wait. Locks are never held while waiting for another of them, but for the short wait of an
 * alert or close_notify for its turn to be written.
 */
final class TlsPipe {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** A write holds four records at most, so that bulk takes few system calls. */
  private static final int MAX_OUTPUT = 4 * RustlsSession.MAX_RECORD;

  /** How long a close waits for a writer that is under way. */
  private static final long WRITER_MILLIS = 200;

  /** How long a close reads what comes in, so that the alert sent is not lost to a TCP reset. */
  private static final long DRAIN_MILLIS = 200;

  /** How long the close of a layered socket waits for the peer's close_notify. */
  private static final int PEER_CLOSE_MILLIS = 1_000;

  private final RustlsEngine engine;
  private final Socket transport;
  private final boolean autoClose;
  private final RecordInput input;

  /** Guarded by the handshake lock. */
  private final HandshakeDeadline deadline;

  private final OutputStream out;

  private final ReentrantLock handshakeLock = new ReentrantLock();
  private final ReentrantLock readLock = new ReentrantLock();
  private final ReentrantLock writeLock = new ReentrantLock();
  private final AtomicBoolean closed = new AtomicBoolean();

  private volatile boolean handshaken;
  private volatile boolean endOfInput;
  private volatile boolean inputShutdown;
  private volatile boolean outputShutdown;

  /** Of both directions. */
  private volatile IOException broken;

  /** Why nothing more can be written, while what has come in can still be read. */
  private volatile IOException outputBroken;

  /** Plaintext that the reader did not take yet; guarded by the read lock. */
  private ByteBuffer plaintext = NOTHING;

  /** Guarded by the write lock, or by the handshake lock until the handshake is done. */
  private byte[] output = new byte[0];

  /**
   * @param consumed what has been read of the stream before, or null
   * @param autoClose whether the transport is closed with this; if not, no byte after the peer's
   *     close_notify is taken from it
   * @param handshakeMillis how long the handshake may take, or zero for no limit
   */
  TlsPipe(
      RustlsEngine engine,
      Socket transport,
      InputStream consumed,
      boolean autoClose,
      int handshakeMillis)
      throws IOException {
    this.engine = engine;
    this.transport = transport;
    this.autoClose = autoClose;
    InputStream in = transport.getInputStream();
    this.input =
        new RecordInput(consumed == null ? in : new PrefixedInput(consumed, in), !autoClose);
    this.out = transport.getOutputStream();
    this.deadline = new HandshakeDeadline(handshakeMillis);
  }

  // ---- Handshake -------------------------------------------------------------------------------

  /**
   * Shakes hands unless that is done.
   *
   * @return whether this very call has done it
   */
  boolean handshake() throws IOException {
    if (handshaken) {
      return false;
    }
    // Not after waiting for a thread that shakes hands and may never end.
    requireUsable();
    handshakeLock.lock();
    try {
      requireUsable();
      if (handshaken) {
        return false;
      }
      engine.beginHandshake();
      shakeHands();
      handshaken = true;
      return true;
    } catch (SocketTimeoutException e) {
      throw e; // nothing is lost: the next call goes on where this one stopped
    } catch (SSLException e) {
      throw fail(e);
    } catch (EOFException e) {
      throw fail(withCause(new SSLHandshakeException("Remote host terminated the handshake"), e));
    } catch (IOException e) {
      throw fail(e);
    } finally {
      handshakeLock.unlock();
    }
  }

  boolean isHandshaken() {
    return handshaken;
  }

  /**
   * Has both ends change their keys, in TLS 1.3; sent at once.
   *
   * @throws SocketException when the socket is closed, in one direction at least
   */
  void renewKeys() throws IOException {
    writeLock.lock();
    try {
      requireOutput();
      try {
        engine.beginHandshake();
      } catch (SSLException e) {
        throw withCause(new SocketException("Socket is closed in one direction"), e);
      }
      sendOnly();
    } finally {
      writeLock.unlock();
    }
  }

  /** As {@link #sendPending}; what goes wrong ends the connection. */
  private void sendOnly() throws IOException {
    try {
      sendPending();
    } catch (SSLException e) {
      throw fail(e);
    } catch (IOException e) {
      // A record may have gone out in part: nothing can follow it.
      outputBroken = e;
      throw e;
    }
  }

  private void shakeHands() throws IOException {
    HandshakeStatus status = engine.getHandshakeStatus();
    while (status != HandshakeStatus.FINISHED) {
      switch (status) {
        case NEED_TASK:
          Runnable task = engine.getDelegatedTask();
          if (task != null) {
            task.run();
          }
          status = engine.getHandshakeStatus();
          break;
        case NEED_WRAP:
          status = next(wrapRecord(NOTHING));
          break;
        case NEED_UNWRAP:
          status = next(unwrapHandshake());
          break;
        default:
          if (RustlsSession.isEstablished(engine.getSession())) {
            return;
          }
          throw new SSLHandshakeException("The connection was closed during the handshake");
      }
    }
    sendPending();
  }

  /** A result's word on the handshake; where the engine is closed, there is none. */
  private HandshakeStatus next(SSLEngineResult result) throws SSLException {
    HandshakeStatus status = result.getHandshakeStatus();
    if (result.getStatus() == SSLEngineResult.Status.CLOSED
        && status != HandshakeStatus.FINISHED
        && status != HandshakeStatus.NEED_WRAP) {
      throw new SSLHandshakeException("The connection was closed during the handshake");
    }
    return status;
  }

  private SSLEngineResult unwrapHandshake() throws IOException {
    for (; ; ) {
      SSLEngineResult result = engine.unwrap(input.available(), NOTHING);
      input.consumed();
      if (result.getStatus() != SSLEngineResult.Status.BUFFER_UNDERFLOW) {
        return result;
      }
      if (!deadline.fill(input, transport)) {
        throw engine.givenUp(
            "The handshake was not finished within " + deadline.limitMillis() + " ms");
      }
    }
  }

  // ---- Reading ---------------------------------------------------------------------------------

  /** As {@code InputStream.read}. */
  int read(byte[] target, int offset, int length) throws IOException {
    readLock.lock();
    try {
      requireOpen();
      if (length == 0) {
        return 0;
      }
      if (plaintext.hasRemaining()) {
        return takePlaintext(target, offset, length);
      }
      if (endOfInput || inputShutdown) {
        return -1;
      }
      requireSound();
      return readRecords(target, offset, length);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (SSLException e) {
      throw fail(e);
    } catch (EOFException e) {
      return truncated(e);
    } finally {
      readLock.unlock();
    }
  }

  private int readRecords(byte[] target, int offset, int length) throws IOException {
    for (; ; ) {
      int record = input.recordLength();
      boolean straight = record != 0 && length >= record;
      ByteBuffer destination = straight ? ByteBuffer.wrap(target, offset, length) : staging(record);
      SSLEngineResult result = engine.unwrap(input.available(), destination);
      input.consumed();
      if (result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        sendAlert();
      }
      switch (result.getStatus()) {
        case CLOSED:
          endOfInput = true;
          requireOpen(); // another thread's close is no end of the stream
          return -1;
        case BUFFER_UNDERFLOW:
          input.fill();
          break;
        case BUFFER_OVERFLOW:
          throw new SSLException("A record does not fit into a buffer of its own length");
        default:
          if (result.bytesProduced() > 0) {
            if (straight) {
              return result.bytesProduced();
            }
            plaintext = destination.flip();
            return takePlaintext(target, offset, length);
          }
      }
    }
  }

  /** The buffer for a record that the caller's array is too short for; grows with the records. */
  private ByteBuffer staging(int record) {
    if (plaintext.capacity() < record) {
      plaintext = ByteBuffer.allocate(Math.min(record, RustlsSession.MAX_RECORD));
    }
    ByteBuffer staging = plaintext;
    plaintext = staging.duplicate().limit(0);
    return staging.clear();
  }

  private int takePlaintext(byte[] target, int offset, int length) {
    int taken = Math.min(length, plaintext.remaining());
    plaintext.get(target, offset, taken);
    return taken;
  }

  private int truncated(EOFException end) throws IOException {
    if (closed.get()) {
      throw new SocketException("Socket closed");
    }
    endOfInput = true;
    if (Truncation.isTolerated()) {
      return -1;
    }
    throw fail(
        withCause(
            new SSLProtocolException(
                "Remote host terminated the connection without close_notify; data may be missing"),
            end));
  }

  /** Plaintext that can be read at once. */
  int available() throws IOException {
    requireOpen();
    if (!readLock.tryLock()) {
      return 0; // another thread reads, so nothing is left for this one
    }
    try {
      return plaintext.remaining();
    } finally {
      readLock.unlock();
    }
  }

  // ---- Writing ---------------------------------------------------------------------------------

  /** As {@code OutputStream.write}. */
  void write(byte[] source, int offset, int length) throws IOException {
    writeLock.lock();
    try {
      requireOutput();
      if (outputShutdown || !writeRecords(ByteBuffer.wrap(source, offset, length))) {
        throw new SocketException("Socket output is already shutdown");
      }
    } finally {
      writeLock.unlock();
    }
  }

  /** Gives false when the engine's output is closed. */
  private boolean writeRecords(ByteBuffer data) throws IOException {
    try {
      while (data.hasRemaining()) {
        if (wrapRecord(data).getStatus() == SSLEngineResult.Status.CLOSED) {
          return false;
        }
      }
      return true;
    } catch (SSLException e) {
      throw fail(e);
    } catch (IOException e) {
      // A record may have gone out in part: nothing can follow it.
      outputBroken = e;
      throw e;
    }
  }

  /** Seals as many records as the output holds, a whole flight of a handshake too; sends them. */
  private SSLEngineResult wrapRecord(ByteBuffer data) throws IOException {
    reserve(data.remaining());
    ByteBuffer sealed = ByteBuffer.wrap(output);
    SSLEngineResult result;
    do {
      result = engine.wrap(data, sealed);
      if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
        if (sealed.position() > 0) {
          break;
        }
        output = new byte[MAX_OUTPUT];
        sealed = ByteBuffer.wrap(output);
        result = engine.wrap(data, sealed);
      }
    } while (result.getStatus() == SSLEngineResult.Status.OK
        && result.bytesProduced() > 0
        && (data.hasRemaining() || result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP));
    if (sealed.position() > 0) {
      out.write(output, 0, sealed.position());
    }
    return result;
  }

  /** A small output for small writes. */
  private void reserve(int plaintextBytes) {
    int records = plaintextBytes / RustlsSession.MAX_PLAINTEXT + 1;
    long wanted = Math.min(MAX_OUTPUT, plaintextBytes + 256L * records);
    if (output.length < wanted) {
      output = new byte[(int) wanted];
    }
  }

  /** Sends alerts, tickets and close_notify that wait. */
  private void sendPending() throws IOException {
    SSLEngineResult result;
    do {
      if (engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
        return;
      }
      result = wrapRecord(NOTHING);
    } while (result.bytesProduced() > 0
        || result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW);
  }

  /** As {@link #sendPending}, from a thread that is not the writer; gives up if that is stuck. */
  private void sendAlert() {
    try {
      if (writeLock.tryLock(WRITER_MILLIS, TimeUnit.MILLISECONDS)) {
        try {
          sendPending();
        } finally {
          writeLock.unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // The peer has gone without waiting for it.
      outputBroken = e;
    }
  }

  // ---- Ends ------------------------------------------------------------------------------------

  private void requireOpen() throws SocketException {
    if (closed.get()) {
      throw new SocketException("Socket is closed");
    }
  }

  private void requireSound() throws IOException {
    IOException failure = broken;
    if (failure != null) {
      throw new SSLException("The connection has failed: " + failure.getMessage(), failure);
    }
  }

  private void requireOutput() throws IOException {
    requireUsable();
    if (outputBroken != null) {
      throw withCause(new SocketException("The connection has failed"), outputBroken);
    }
  }

  private void requireUsable() throws IOException {
    requireOpen();
    requireSound();
  }

  /** Tells the peer what is wrong and ends the connection. Gives what to throw. */
  private IOException fail(IOException failure) {
    if (closed.get() && !(failure instanceof SSLException)) {
      return failure;
    }
    if (broken == null) {
      broken = failure;
      sendAlert();
      if (autoClose) {
        drain(true);
        closeTransport();
      }
      engine.abandon();
    }
    return failure;
  }

  private static <T extends Exception> T withCause(T exception, Exception cause) {
    exception.initCause(cause);
    return exception;
  }

  boolean isClosed() {
    return closed.get();
  }

  boolean isInputShutdown() {
    return inputShutdown;
  }

  boolean isOutputShutdown() {
    return outputShutdown;
  }

  private void sendCloseNotify() throws SSLException {
    try {
      sendPending();
    } catch (SSLException e) {
      throw e;
    } catch (IOException e) {
      // The peer has gone: nobody is left to be told. As in the JDK, that is no failure.
      return;
    }
  }

  /** Sends close_notify; reading goes on. */
  void shutdownOutput() throws IOException {
    requireOpen();
    writeLock.lock();
    try {
      if (!outputShutdown) {
        outputShutdown = true;
        engine.closeOutbound();
        sendCloseNotify();
        if (autoClose) {
          transport.shutdownOutput();
        }
      }
    } finally {
      writeLock.unlock();
    }
  }

  /**
   * Ends reading.
   *
   * @throws SSLException when the peer has not sent close_notify, as in the JDK
   */
  void shutdownInput() throws IOException {
    requireOpen();
    if (!inputShutdown) {
      inputShutdown = true;
      try {
        if (!endOfInput) {
          engine.closeInbound();
        }
      } finally {
        if (autoClose) {
          transport.shutdownInput();
        }
      }
    }
  }

  void close() throws IOException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      if (handshaken && broken == null && outputBroken == null) {
        engine.closeOutbound();
        sendAlert();
        if (autoClose) {
          drain(false);
        } else {
          awaitPeerClose();
        }
      }
    } finally {
      try {
        if (autoClose) {
          transport.close();
        }
      } finally {
        engine.abandon();
      }
    }
  }

  private void closeTransport() {
    try {
      transport.close();
    } catch (IOException e) {
      // What has failed before is what counts.
      broken.addSuppressed(e);
    }
  }

  /**
   * Reads what lies about, because a socket that is closed with unread input resets the connection,
   * and takes what was sent last with it.
   *
   * @param wait for the peer to read the alert and hang up
   */
  private void drain(boolean wait) {
    boolean reader = readLock.isHeldByCurrentThread();
    if (!reader && !readLock.tryLock()) {
      return; // somebody reads, so nothing lies about
    }
    try {
      transport.shutdownOutput();
      if (wait || input.atHand() > 0) {
        transport.setSoTimeout((int) DRAIN_MILLIS);
        input.discard(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS));
      }
    } catch (IOException | UnsupportedOperationException e) {
      // Timed out, or gone: either way there is nothing more to wait for.
      return;
    } finally {
      if (!reader) {
        readLock.unlock();
      }
    }
  }

  /** Leaves a transport that stays open behind the peer's last record. */
  private void awaitPeerClose() {
    if (endOfInput || !readLock.tryLock()) {
      return;
    }
    try {
      int timeout = transport.getSoTimeout();
      transport.setSoTimeout(
          timeout > 0 ? Math.min(timeout, PEER_CLOSE_MILLIS) : PEER_CLOSE_MILLIS);
      try {
        byte[] sink = new byte[RustlsSession.MAX_RECORD];
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PEER_CLOSE_MILLIS);
        while (!endOfInput && System.nanoTime() < deadline) {
          readRecords(sink, 0, sink.length);
        }
      } finally {
        transport.setSoTimeout(timeout);
      }
    } catch (IOException e) {
      // The peer does not say goodbye. We have.
      return;
    } finally {
      readLock.unlock();
    }
  }
}
