package io.rustlsjvm.flink;

/**
 * TLS cannot be had as configured, so the process must stop.
 *
 * <p>An {@link Error}, because Flink answers an exception of an RPC system's loader by trying the
 * next loader, and would then talk by another TLS provider, or none.
 */
public final class RustlsStartupError extends Error {
  private static final long serialVersionUID = 1L;

  public RustlsStartupError(String message) {
    super(message);
  }

  public RustlsStartupError(String message, Throwable cause) {
    super(message, cause);
  }
}
