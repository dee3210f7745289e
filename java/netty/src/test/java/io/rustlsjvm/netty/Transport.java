package io.rustlsjvm.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** The two transports that Flink has. Their groups are deprecated from Netty 4.2 on. */
@SuppressWarnings("deprecation")
enum Transport {
  NIO(NioServerSocketChannel.class, NioSocketChannel.class) {
    @Override
    EventLoopGroup group() {
      return new NioEventLoopGroup(2);
    }
  },
  EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class) {
    @Override
    EventLoopGroup group() {
      return new EpollEventLoopGroup(2);
    }
  };

  final Class<? extends ServerChannel> server;
  final Class<? extends SocketChannel> client;

  Transport(Class<? extends ServerChannel> server, Class<? extends SocketChannel> client) {
    this.server = server;
    this.client = client;
  }

  abstract EventLoopGroup group();
}
