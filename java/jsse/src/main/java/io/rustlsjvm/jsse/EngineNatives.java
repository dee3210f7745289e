package io.rustlsjvm.jsse;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;

/**
 * Natives of one TLS connection.
 *
 * <p>{@link #wrap} may run beside {@link #unwrap} and {@link #runTask}; two calls of the same
 * method wait for one another. {@link #free} must be the last call. Nothing here keeps a Java
 * object beyond its call.
 *
 * <p>A packed result is {@code produced | consumed << 28 | state << 56}, where the lowest three
 * bits of {@code state} are one of the {@code STATUS} constants, the next three one of the {@code
 * HANDSHAKE} constants.
 */
final class EngineNatives {
  static final int STATUS_OK = 0;
  static final int STATUS_UNDERFLOW = 1;
  static final int STATUS_OVERFLOW = 2;
  static final int STATUS_CLOSED = 3;

  /** The connection has failed: {@link #takeFailure} tells how. */
  static final int STATUS_FAILED = 4;

  static final int NOT_HANDSHAKING = 0;
  static final int FINISHED = 1;
  static final int NEED_TASK = 2;
  static final int NEED_WRAP = 3;
  static final int NEED_UNWRAP = 4;

  /** A server's answer to its client depends on {@link HandshakeCallbacks#welcome}. */
  static final int FLAG_WELCOME = 1;

  /** That callback is told of the suite in TLS 1.2, too: the key is chosen before it. */
  static final int FLAG_FORESEE_SUITE = 2;

  private EngineNatives() {}

  /**
   * Makes a connection; nothing is sent before {@link #begin}.
   *
   * @param context address of a context, shared, not taken
   * @param terms number of {@link ContextNatives#terms}
   * @param peerHost host name or address, or null when unknown; names the session to resume and,
   *     where it is a DNS name, the SNI of a client
   * @param peerPort 0 to 65535, or -1 when unknown; names the session as well
   * @param serverName SNI to send in place of the peer's host, empty for none, or null
   * @param flags {@link #FLAG_WELCOME}, {@link #FLAG_FORESEE_SUITE}
   * @return 0 when the context does not keep these terms any more
   * @throws SSLException an {@code SSLHandshakeException} when protocols and suites leave nothing
   *     usable
   */
  static native long create(
      long context,
      long terms,
      boolean client,
      String peerHost,
      int peerPort,
      String serverName,
      int flags)
      throws SSLException;

  /** Starts the handshake (a client writes its ClientHello). Returns a packed result. */
  static native long begin(long engine);

  /**
   * Has both ends change their keys (TLS 1.3, RFC 8446 §4.6.3): the next {@link #wrap} hands out a
   * KeyUpdate, and {@link #FINISHED} with it. Does nothing before the handshake is done, in TLS
   * 1.2, and where nothing was sent since the last one and the peer has not answered that.
   */
  static native void renewKeys(long engine);

  /**
   * Seals at most one record of application data, or hands out pending handshake bytes.
   *
   * <p>For each side either a buffer, which has to be direct, or an array is given, the other null;
   * offsets are absolute in it. A read-only heap buffer must be copied by the caller.
   */
  static native long wrap(
      long engine,
      ByteBuffer sourceBuffer,
      byte[] sourceArray,
      int sourceOffset,
      int sourceLength,
      ByteBuffer destinationBuffer,
      byte[] destinationArray,
      int destinationOffset,
      int destinationLength);

  /** Opens one record, or takes it into the handshake. Parameters as for {@link #wrap}. */
  static native long unwrap(
      long engine,
      ByteBuffer sourceBuffer,
      byte[] sourceArray,
      int sourceOffset,
      int sourceLength,
      ByteBuffer destinationBuffer,
      byte[] destinationArray,
      int destinationOffset,
      int destinationLength);

  /**
   * As {@link #wrap}, for as many records as source and destination have. Failed or closed, it may
   * have produced records before.
   */
  static native long wrapBatch(
      long engine,
      ByteBuffer sourceBuffer,
      byte[] sourceArray,
      int sourceOffset,
      int sourceLength,
      ByteBuffer destinationBuffer,
      byte[] destinationArray,
      int destinationOffset,
      int destinationLength);

  /**
   * As {@link #unwrap}, for as many whole records as there are. A record that ends the connection
   * is not counted as consumed.
   */
  static native long unwrapBatch(
      long engine,
      ByteBuffer sourceBuffer,
      byte[] sourceArray,
      int sourceOffset,
      int sourceLength,
      ByteBuffer destinationBuffer,
      byte[] destinationArray,
      int destinationOffset,
      int destinationLength);

  /**
   * Does what {@code NEED_TASK} asked for; callbacks come on this thread. Packed result, {@link
   * #STATUS_FAILED} where there is a failure to be taken.
   */
  static native long runTask(long engine, HandshakeCallbacks callbacks);

  /** One of the {@code HANDSHAKE} constants, as things stand; never {@link #FINISHED}. */
  static native int handshakeStatus(long engine);

  /** Queues close_notify; what is pending goes out by {@link #wrap}. */
  static native void closeOutbound(long engine);

  /** Ends reading. Returns whether the peer's close_notify had been seen. */
  static native boolean closeInbound(long engine);

  static native boolean isOutboundDone(long engine);

  static native boolean isInboundDone(long engine);

  /**
   * What has failed, once: {@code {kind, message, alert}} with kind {@code handshake} ( {@code
   * SSLHandshakeException}), {@code peer} ({@code SSLPeerUnverifiedException}), {@code protocol}
   * ({@code SSLProtocolException}) or {@code ssl} ({@code SSLException}), and the alert with who
   * sent it ({@code sent unknown_ca}), or empty; null when nothing has, or it was taken before.
   */
  static native String[] takeFailure(long engine);

  /**
   * What a finished handshake has settled, for {@link HandshakeFacts} to read; null before that,
   * and once it is forgotten.
   *
   * <p>Version and suite (two bytes each), whether a session was resumed (one), the session's
   * number (eight); then, with two bytes of length before each and empty where there is none, the
   * group's JSSE name, the session's id of TLS 1.2, the ALPN name, the SNI that the client sent;
   * then to the end the code points of the signatures that the peer can verify. Numbers are
   * big-endian.
   */
  static native byte[] facts(long engine);

  /** ALPN name that was agreed on, or null. */
  static native String applicationProtocol(long engine);

  /** The peer's chain in DER, leaf first; null where the peer showed none. */
  static native byte[][] peerCertificates(long engine);

  /** Our chain as shown in this handshake, in DER, leaf first; null where none was. */
  static native byte[][] localCertificates(long engine);

  /**
   * Lets go of certificates and of all else that the handshake has found: what is wanted of it has
   * been asked for. Afterwards they are null, 0 or false.
   */
  static native void forgetHandshake(long engine);

  /**
   * To be called now and then: gives back what is needed only while records flow, if none has since
   * the last call. May run beside everything but {@link #free}, and waits for nothing.
   */
  static native void rest(long engine);

  static native void free(long engine);
}
