package io.rustlsjvm.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Sends a small message through {@code SslHandler}, and waits for its echo. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class NettyLatencyBenchmark {
  private static final int MESSAGE = 256;

  /** Name of a {@link Peer}. */
  @Param({"JDK", "JDK_ACCP", "OPENSSL", "CONSCRYPT", "RUSTLS"})
  public String peer;

  /** TLS version. */
  @Param({"TLSv1.2", "TLSv1.3"})
  public String protocol;

  /** {@code nio} or {@code epoll}. */
  @Param({"nio", "epoll"})
  public String transport;

  private final ByteBuf message = Unpooled.directBuffer(MESSAGE).writeZero(MESSAGE);
  private final Caller caller = new Caller();
  private NettyLoopback loopback;

  /** Connects. */
  @Setup
  public void setUp() throws Exception {
    Endpoints endpoints =
        Peer.valueOf(peer).endpoints(new TlsSetup(protocol, "AES_128_GCM", KeyType.RSA_2048));
    loopback = new NettyLoopback(endpoints, transport.equals("epoll"), caller, new Echo());
  }

  /** Closes the connection. */
  @TearDown
  public void tearDown() {
    loopback.close();
  }

  /** There and back. */
  @Benchmark
  public void roundTrip() throws Exception {
    loopback.client.writeAndFlush(message.retainedDuplicate(), loopback.client.voidPromise());
    if (!caller.answered.tryAcquire(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("no answer");
    }
  }

  private static final class Caller extends ChannelInboundHandlerAdapter {
    private final Semaphore answered = new Semaphore(0);
    private int bytes;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf buffer = (ByteBuf) message;
      bytes += buffer.readableBytes();
      buffer.release();
      if (bytes >= MESSAGE) {
        bytes -= MESSAGE;
        answered.release();
      }
    }
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.writeAndFlush(message, context.voidPromise());
    }
  }
}
