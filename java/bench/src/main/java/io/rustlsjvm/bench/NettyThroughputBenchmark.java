package io.rustlsjvm.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Sends buffers of Flink's size through {@code SslHandler} from one event loop to another. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
public class NettyThroughputBenchmark {
  private static final int WRITE = 32 * 1024;
  private static final int WRITES = 256;

  /** Name of a {@link Peer}. */
  @Param({"JDK", "JDK_ACCP", "OPENSSL", "CONSCRYPT", "RUSTLS"})
  public String peer;

  /** TLS version. */
  @Param({"TLSv1.2", "TLSv1.3"})
  public String protocol;

  /** {@code nio} or {@code epoll}. */
  @Param({"nio", "epoll"})
  public String transport;

  private final Sender sender = new Sender();
  private final Sink sink = new Sink();
  private NettyLoopback loopback;

  /** Connects. */
  @Setup
  public void setUp() throws Exception {
    Endpoints endpoints =
        Peer.valueOf(peer).endpoints(new TlsSetup(protocol, "AES_128_GCM", KeyType.RSA_2048));
    loopback = new NettyLoopback(endpoints, transport.equals("epoll"), sender, sink);
  }

  /** Closes the connection. */
  @TearDown
  public void tearDown() {
    loopback.close();
  }

  /** One write of 32 KiB, sent and received; counted in batches. */
  @Benchmark
  @OperationsPerInvocation(WRITES)
  public void write() throws Exception {
    loopback.client.pipeline().fireUserEventTriggered(WRITES);
    if (!sink.received.tryAcquire(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("The bytes did not arrive", sink.failure);
    }
  }

  /** Writes as fast as the channel takes it. */
  private static final class Sender extends ChannelInboundHandlerAdapter {
    private final ByteBuf data = Unpooled.directBuffer(WRITE);
    private int left;

    Sender() {
      byte[] content = new byte[WRITE];
      new Random(42).nextBytes(content);
      data.writeBytes(content);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof Integer) {
        left += (Integer) event;
        send(context);
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      send(context);
    }

    private void send(ChannelHandlerContext context) {
      while (left > 0 && context.channel().isWritable()) {
        left--;
        // As Flink: each buffer goes out as soon as it is there.
        context.writeAndFlush(data.retainedDuplicate(), context.voidPromise());
      }
    }
  }

  /** Counts what arrives. */
  private static final class Sink extends ChannelInboundHandlerAdapter {
    private final Semaphore received = new Semaphore(0);
    private volatile Throwable failure;
    private long bytes;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf buffer = (ByteBuf) message;
      bytes += buffer.readableBytes();
      buffer.release();
      while (bytes >= (long) WRITES * WRITE) {
        bytes -= (long) WRITES * WRITE;
        received.release();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      failure = cause;
      context.close();
    }
  }
}
