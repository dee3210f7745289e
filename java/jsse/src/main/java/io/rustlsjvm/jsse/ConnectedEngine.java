package io.rustlsjvm.jsse;

import java.net.InetSocketAddress;

/**
 * What the engines of {@link RustlsProvider} can be told beyond {@code SSLEngine}: where their
 * connection leads. Made for this project's Netty handler; may change with any version.
 */
public interface ConnectedEngine {
  /**
   * Says who is at the other end, for events in flight recordings. Whom the engine takes its peer
   * for ({@code getPeerHost}), and with it names that are checked and sessions that are resumed,
   * stays as it was made.
   */
  void connectedTo(InetSocketAddress peer);
}
