package io.rustlsjvm.flink;

import io.rustlsjvm.netty.RustlsSslContext;
import org.apache.flink.runtime.io.network.netty.SSLHandlerFactory;
import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBufAllocator;
import org.apache.flink.shaded.netty4.io.netty.handler.ssl.SslHandler;

/**
 * Flink's factory makes Netty's own handlers around the context's engines; this one asks for
 * handlers.
 */
final class RustlsHandlerFactory extends SSLHandlerFactory {
  private final RustlsSslContext context;
  private final int handshakeTimeoutMillis;
  private final int closeNotifyFlushTimeoutMillis;

  /** Timeouts in milliseconds; a negative one leaves Netty's. */
  RustlsHandlerFactory(
      RustlsSslContext context, int handshakeTimeoutMillis, int closeNotifyFlushTimeoutMillis) {
    super(context, handshakeTimeoutMillis, closeNotifyFlushTimeoutMillis);
    this.context = context;
    this.handshakeTimeoutMillis = handshakeTimeoutMillis;
    this.closeNotifyFlushTimeoutMillis = closeNotifyFlushTimeoutMillis;
  }

  @Override
  public SslHandler createNettySSLHandler(ByteBufAllocator allocator) {
    return withTimeouts(context.newHandler(allocator));
  }

  @Override
  public SslHandler createNettySSLHandler(ByteBufAllocator allocator, String host, int port) {
    return withTimeouts(context.newHandler(allocator, host, port));
  }

  private SslHandler withTimeouts(SslHandler handler) {
    if (handshakeTimeoutMillis >= 0) {
      handler.setHandshakeTimeoutMillis(handshakeTimeoutMillis);
    }
    if (closeNotifyFlushTimeoutMillis >= 0) {
      handler.setCloseNotifyFlushTimeoutMillis(closeNotifyFlushTimeoutMillis);
    }
    return handler;
  }
}
