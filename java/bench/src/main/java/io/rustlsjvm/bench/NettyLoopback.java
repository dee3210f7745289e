package io.rustlsjvm.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A client and a server on the loopback interface, each with an event loop of its own. */
final class NettyLoopback implements AutoCloseable {
  private final EventLoopGroup clients;
  private final EventLoopGroup servers;
  private final Channel listener;

  /** The client's channel, after the handshake. */
  final Channel client;

  /**
   * @param epoll Netty's native transport in place of the JDK's
   */
  NettyLoopback(
      Endpoints endpoints, boolean epoll, ChannelHandler clientHandler, ChannelHandler server)
      throws Exception {
    if (epoll) {
      Epoll.ensureAvailability();
    }
    clients = epoll ? new EpollEventLoopGroup(1) : new NioEventLoopGroup(1);
    servers = epoll ? new EpollEventLoopGroup(1) : new NioEventLoopGroup(1);
    listener =
        new ServerBootstrap()
            .group(servers)
            .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(tls(endpoints.netty(false), server))
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    client =
        new Bootstrap()
            .group(clients)
            .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(tls(endpoints.netty(true), clientHandler))
            .connect((InetSocketAddress) listener.localAddress())
            .sync()
            .channel();
    client.pipeline().get(SslHandler.class).handshakeFuture().sync();
  }

  private static ChannelInitializer<SocketChannel> tls(SslContext context, ChannelHandler last) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        channel.pipeline().addLast(context.newHandler(channel.alloc()), last);
      }
    };
  }

  @Override
  public void close() {
    client.close().syncUninterruptibly();
    listener.close().syncUninterruptibly();
    clients.shutdownGracefully();
    servers.shutdownGracefully();
  }
}
