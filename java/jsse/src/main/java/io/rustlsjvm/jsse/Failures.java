package io.rustlsjvm.jsse;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLProtocolException;

/** Exceptions for what {@link EngineNatives#takeFailure} tells. */
final class Failures {
  static final String HANDSHAKE = "handshake";

  /** Stands for the alert where there was none, or it is not known. */
  static final String NO_ALERT = "none";

  private Failures() {}

  /**
   * The alert of a failure with who sent it: {@code sent unknown_ca}.
   *
   * @param failure {@code {kind, message, alert}}, or null
   */
  static String alert(String[] failure) {
    return failure == null || failure[2].isEmpty() ? NO_ALERT : failure[2];
  }

  /**
   * @param failure {@code {kind, message, alert}}, or null when it was taken before
   * @param cause what a manager has thrown, or null; its message then is the failure's
   */
  static SSLException of(String[] failure, Throwable cause) {
    if (failure == null && cause == null) {
      return new SSLException("The connection has failed before");
    }
    String kind = cause != null ? HANDSHAKE : failure[0];
    String message =
        cause != null && cause.getMessage() != null
            ? cause.getMessage()
            : failure != null && failure[1] != null ? failure[1] : String.valueOf(cause);
    SSLException exception = ofKind(kind, message);
    if (cause != null) {
      exception.initCause(cause);
    }
    return exception;
  }

  private static SSLException ofKind(String kind, String message) {
    switch (kind) {
      case HANDSHAKE:
        return new SSLHandshakeException(message);
      case "peer":
        return new SSLPeerUnverifiedException(message);
      case "protocol":
        return new SSLProtocolException(message);
      default:
        return new SSLException(message);
    }
  }
}
