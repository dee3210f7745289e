package io.rustlsjvm.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server that sends back what it gets, and one client of it, over real sockets. */
final class EchoPair implements AutoCloseable {
  private static final int SECONDS = 20;

  private final EventLoopGroup group;
  private final Channel client;
  private final SslHandler clientHandler;
  private final CompletableFuture<SslHandler> serverHandler = new CompletableFuture<>();
  private final BlockingQueue<ByteBuf> received = new LinkedBlockingQueue<>();

  /**
   * @param tasks runs delegated tasks of both sides, or null for the event loop
   */
  EchoPair(
      Transport transport, SslContext serverContext, SslContext clientContext, Executor tasks) {
    group = transport.group();
    Channel server =
        new ServerBootstrap()
            .group(group)
            .channel(transport.server)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    SslHandler handler =
                        tasks == null
                            ? serverContext.newHandler(channel.alloc())
                            : serverContext.newHandler(channel.alloc(), tasks);
                    serverHandler.complete(handler);
                    channel.pipeline().addLast(handler, new Echo());
                  }
                })
            .bind("localhost", 0)
            .syncUninterruptibly()
            .channel();
    InetSocketAddress address = (InetSocketAddress) server.localAddress();
    CompletableFuture<SslHandler> made = new CompletableFuture<>();
    client =
        new Bootstrap()
            .group(group)
            .channel(transport.client)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    SslHandler handler =
                        tasks == null
                            ? clientContext.newHandler(
                                channel.alloc(), "localhost", address.getPort())
                            : clientContext.newHandler(
                                channel.alloc(), "localhost", address.getPort(), tasks);
                    made.complete(handler);
                    channel.pipeline().addLast(handler, new Collect());
                  }
                })
            .connect(address)
            .syncUninterruptibly()
            .channel();
    clientHandler = made.join();
  }

  /** The client's handler once it has shaken hands. */
  SslHandler client() throws Exception {
    clientHandler.handshakeFuture().get(SECONDS, TimeUnit.SECONDS);
    return clientHandler;
  }

  /** The server's handler once it has shaken hands. */
  SslHandler server() throws Exception {
    SslHandler handler = serverHandler.get(SECONDS, TimeUnit.SECONDS);
    handler.handshakeFuture().get(SECONDS, TimeUnit.SECONDS);
    return handler;
  }

  /** Sends bytes and returns as many that have come back. */
  byte[] echo(byte[] bytes) throws Exception {
    client.writeAndFlush(Unpooled.wrappedBuffer(bytes)).sync();
    byte[] back = new byte[bytes.length];
    int length = 0;
    while (length < back.length) {
      ByteBuf part = received.poll(SECONDS, TimeUnit.SECONDS);
      if (part == null) {
        throw new IllegalStateException("Only " + length + " bytes came back.");
      }
      int readable = part.readableBytes();
      part.readBytes(back, length, readable);
      part.release();
      length += readable;
    }
    return back;
  }

  @Override
  public void close() {
    client.close().syncUninterruptibly();
    group.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.writeAndFlush(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close(); // the handshake's future has it
    }
  }

  private final class Collect extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
      received.add(message.retain());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close(); // the handshake's future has it
    }
  }
}
