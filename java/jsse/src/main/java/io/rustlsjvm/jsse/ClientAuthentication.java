package io.rustlsjvm.jsse;

/** Whether a server asks its clients for a certificate. */
public enum ClientAuthentication {
  /** It does not ask. */
  NONE,
  /** It asks, and takes a client that has none. */
  WANT,
  /** It asks, and refuses a client that has none. */
  NEED
}
