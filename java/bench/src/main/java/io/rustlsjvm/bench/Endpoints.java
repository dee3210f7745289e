package io.rustlsjvm.bench;

import io.netty.handler.ssl.SslContext;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** Both ends of connections of one peer: mutual TLS with one protocol and one suite. */
interface Endpoints {
  /**
   * An engine that calls.
   *
   * @param resumable whether it may take up the session of an earlier one
   */
  SSLEngine client(boolean resumable) throws SSLException;

  /** An engine that is called, and wants to see a certificate. */
  SSLEngine server() throws SSLException;

  /** For {@code SslHandler}. */
  SslContext netty(boolean client) throws SSLException;

  /**
   * For sockets.
   *
   * @throws UnsupportedOperationException when this peer has none
   */
  SSLContext sockets(boolean client) throws SSLException;
}
