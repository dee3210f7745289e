package io.rustlsjvm.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/** Two handlers without a socket between them: what one sends is carried over by hand. */
final class EmbeddedPair implements AutoCloseable {
  /** Counts what is allocated; nothing may be left at the end. */
  final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, false);

  final EmbeddedChannel client;
  final EmbeddedChannel server;
  final Collector clientEnd = new Collector();
  final Collector serverEnd = new Collector();

  /** Shakes hands. */
  EmbeddedPair(SslHandler clientHandler, SslHandler serverHandler) throws Exception {
    client = channel(clientHandler, clientEnd);
    server = channel(serverHandler, serverEnd);
    for (int round = 0; round < 8; round++) {
      deliver(server, take(client));
      deliver(client, take(server));
    }
    if (!clientHandler.handshakeFuture().isSuccess()
        || !serverHandler.handshakeFuture().isSuccess()) {
      throw new IllegalStateException("no handshake", clientHandler.handshakeFuture().cause());
    }
  }

  private EmbeddedChannel channel(SslHandler handler, Collector end) throws Exception {
    EmbeddedChannel channel = new EmbeddedChannel(false, false);
    channel.config().setAllocator(allocator);
    channel.pipeline().addLast(handler, end);
    channel.register();
    return channel;
  }

  /** All that the channel has sent. */
  byte[] take(EmbeddedChannel channel) {
    channel.runPendingTasks();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      byte[] copy = new byte[part.readableBytes()];
      part.readBytes(copy);
      part.release();
      bytes.write(copy, 0, copy.length);
    }
    return bytes.toByteArray();
  }

  /** Has the channel read these bytes at once. */
  void deliver(EmbeddedChannel channel, byte[] bytes) {
    deliver(channel, bytes, 0, bytes.length);
  }

  void deliver(EmbeddedChannel channel, byte[] bytes, int from, int to) {
    if (to > from) {
      channel
          .pipeline()
          .fireChannelRead(allocator.directBuffer(to - from).writeBytes(bytes, from, to - from))
          .fireChannelReadComplete();
    }
    channel.runPendingTasks();
  }

  /** Bytes that were allocated and are not released. */
  long allocated() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }

  @Override
  public void close() {
    client.close();
    server.close();
    take(client);
    take(server);
    client.checkException();
    server.checkException();
  }

  /** What comes out behind a handler. */
  static final class Collector extends ChannelInboundHandlerAdapter {
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private Consumer<ChannelHandlerContext> onRead = context -> {};

    /** The buffers that data came in. */
    int reads;

    /** How often reading came to an end. */
    int completed;

    Throwable failure;

    /** Has this done whenever data comes. */
    void onRead(Consumer<ChannelHandlerContext> action) {
      onRead = action;
    }

    byte[] data() {
      byte[] bytes = data.toByteArray();
      data.reset();
      return bytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf buffer = (ByteBuf) message;
      byte[] copy = new byte[buffer.readableBytes()];
      buffer.readBytes(copy);
      buffer.release();
      data.write(copy, 0, copy.length);
      reads++;
      onRead.accept(context);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      completed++;
      context.fireChannelReadComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      failure = cause;
    }
  }
}
