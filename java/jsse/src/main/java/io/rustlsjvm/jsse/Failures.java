package io.rustlsjvm.jsse;

import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLProtocolException;

/** Exceptions for what {@link EngineNatives#takeFailure} tells. */
final class Failures {
  static final String HANDSHAKE = "handshake";

  /** Stands for the alert where there was none, or it is not known. */
  static final String NO_ALERT = "none";

  /**
   * What a server of TLS 1.3 says of a client's certificate: the client has its handshake behind it
   * when it reads that, but the handshake is what has failed.
   */
  private static final Set<String> REFUSALS =
      Set.of(
          "received handshake_failure",
          "received bad_certificate",
          "received unsupported_certificate",
          "received certificate_revoked",
          "received certificate_expired",
          "received certificate_unknown",
          "received unknown_ca",
          "received access_denied",
          "received decrypt_error",
          "received certificate_required");

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
    String kind = cause != null || REFUSALS.contains(alert(failure)) ? HANDSHAKE : failure[0];
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
