package io.rustlsjvm.it.lab;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.apache.flink.runtime.io.network.netty.SSLHandlerFactory;
import org.apache.flink.shaded.netty4.io.netty.bootstrap.Bootstrap;
import org.apache.flink.shaded.netty4.io.netty.bootstrap.ServerBootstrap;
import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBuf;
import org.apache.flink.shaded.netty4.io.netty.buffer.Unpooled;
import org.apache.flink.shaded.netty4.io.netty.channel.Channel;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandlerContext;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInboundHandlerAdapter;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInitializer;
import org.apache.flink.shaded.netty4.io.netty.channel.EventLoopGroup;
import org.apache.flink.shaded.netty4.io.netty.channel.MultiThreadIoEventLoopGroup;
import org.apache.flink.shaded.netty4.io.netty.channel.nio.NioIoHandler;
import org.apache.flink.shaded.netty4.io.netty.channel.socket.SocketChannel;
import org.apache.flink.shaded.netty4.io.netty.channel.socket.nio.NioServerSocketChannel;
import org.apache.flink.shaded.netty4.io.netty.channel.socket.nio.NioSocketChannel;
import org.apache.flink.shaded.netty4.io.netty.handler.ssl.SslHandler;

/** The data plane or REST: an echo through Netty with Flink's own handler factories. */
final class NettyChannel {
  private static final int BYTES = 300_000;
  private static final int SECONDS = 15;

  private NettyChannel() {}

  static void talk(SSLHandlerFactory server, SSLHandlerFactory client, Observation seen)
      throws Exception {
    CompletableFuture<Void> serverEnd = new CompletableFuture<>();
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    try {
      Channel listening =
          new ServerBootstrap()
              .group(loops)
              .channel(NioServerSocketChannel.class)
              .childHandler(
                  new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                      SslHandler tls = server.createNettySSLHandler(channel.alloc());
                      seen.server = tls.engine().getClass().getName();
                      channel.pipeline().addLast(tls, new Echo(seen, serverEnd));
                    }
                  })
              .bind(InetAddress.getLoopbackAddress(), 0)
              .sync()
              .channel();
      int port = ((InetSocketAddress) listening.localAddress()).getPort();
      CompletableFuture<Void> done = new CompletableFuture<>();
      new Bootstrap()
          .group(loops)
          .channel(NioSocketChannel.class)
          .handler(
              new ChannelInitializer<SocketChannel>() {
                @Override
                protected void initChannel(SocketChannel channel) {
                  SslHandler tls = client.createNettySSLHandler(channel.alloc(), "localhost", port);
                  seen.client = tls.engine().getClass().getName();
                  channel.pipeline().addLast(tls, new Asker(tls.engine(), seen, done));
                }
              })
          .connect("localhost", port)
          .sync();
      try {
        done.get(SECONDS, TimeUnit.SECONDS);
        seen.passed = true;
      } catch (ExecutionException e) {
        // What the server says of it is of interest, too.
        serverEnd.completeOnTimeout(null, SECONDS, TimeUnit.SECONDS).join();
        throw e;
      }
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    private final Observation seen;
    private final CompletableFuture<Void> end;

    Echo(Observation seen, CompletableFuture<Void> end) {
      this.seen = seen;
      this.end = end;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.writeAndFlush(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      seen.serverError += ChannelLab.describe(cause);
      context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      end.complete(null);
    }
  }

  private static final class Asker extends ChannelInboundHandlerAdapter {
    private final SSLEngine engine;
    private final Observation seen;
    private final CompletableFuture<Void> done;
    private int missing = BYTES;

    Asker(SSLEngine engine, Observation seen, CompletableFuture<Void> done) {
      this.engine = engine;
      this.seen = seen;
      this.done = done;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      byte[] bytes = new byte[BYTES];
      for (int i = 0; i < BYTES; i++) {
        bytes[i] = (byte) i;
      }
      context.writeAndFlush(Unpooled.wrappedBuffer(bytes));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      while (bytes.isReadable()) {
        if (bytes.readByte() != (byte) (BYTES - missing)) {
          done.completeExceptionally(new IllegalStateException("wrong byte"));
        }
        missing--;
      }
      bytes.release();
      if (missing == 0) {
        seen.protocol = engine.getSession().getProtocol();
        seen.cipherSuite = engine.getSession().getCipherSuite();
        done.complete(null);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      done.completeExceptionally(new IllegalStateException("closed by the server"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      done.completeExceptionally(cause);
    }
  }
}
