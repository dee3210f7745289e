package io.rustlsjvm.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import io.rustlsjvm.jsse.ConnectedEngine;
import io.rustlsjvm.jsse.RecordBatches;
import io.rustlsjvm.jsse.RecordBatches.Next;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Netty's handler, with a way of its own for application data.
 *
 * <p>For an engine that is not Netty's own, {@link SslHandler} copies: what is read into one
 * buffer, small writes with the large ones behind them, and what it has encrypted once more on its
 * way to the socket. Here data is sealed from the buffer that was written, and opened from the one
 * that was read, into direct buffers, several records at a time.
 *
 * <p>Whatever is not plain data of a connection that stands is left to {@link SslHandler}:
 * handshakes, alerts, {@code close_notify}, failures, the end of the channel. On its way there,
 * what was written and not flushed is handed over, in order.
 */
final class RustlsSslHandler extends SslHandler {
  private final RecordBatches records;
  private RecordReader reader;
  private RecordWriter writer;

  /** Whether writes are ours: only while {@link SslHandler} itself has none waiting. */
  private boolean writing;

  /** {@link SslHandler} keeps the length of the record that is to be decoded next. */
  private boolean recordBegun;

  /** The record that is to be decoded next is known to the engine, and is no data. */
  private boolean controlRecord;

  /** Since the last end of reading, data was passed on here; {@link SslHandler} has decoded. */
  private boolean fired;

  private boolean decodedByNetty;

  /**
   * @param engine the engine that Netty sees
   * @param records the same, or the one within it
   */
  RustlsSslHandler(SSLEngine engine, RecordBatches records, boolean startTls) {
    super(engine, startTls);
    this.records = records;
    keepWhatIsRead();
  }

  /**
   * @param tasks runs what the engine delegates
   */
  RustlsSslHandler(SSLEngine engine, RecordBatches records, boolean startTls, Executor tasks) {
    super(engine, startTls, tasks);
    this.records = records;
    keepWhatIsRead();
  }

  private void keepWhatIsRead() {
    setCumulator(RecordCumulator.INSTANCE);
    // A buffer whose records are opened goes back at once, and is the next one to be read into.
    setDiscardAfterReads(1);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) throws Exception {
    reader = new RecordReader(records);
    writer = new RecordWriter(records, context);
    tellPeer(context);
    super.handlerAdded(context);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) throws Exception {
    tellPeer(context);
    super.channelActive(context);
  }

  /** For events: the engines of servers are made for nobody in particular. */
  private void tellPeer(ChannelHandlerContext context) {
    SocketAddress remote = context.channel().remoteAddress();
    if (records instanceof ConnectedEngine && remote instanceof InetSocketAddress) {
      ((ConnectedEngine) records).connectedTo((InetSocketAddress) remote);
    }
  }

  // ---- Writing ---------------------------------------------------------------------------------

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (writing && message instanceof ByteBuf) {
      writer.add((ByteBuf) message, promise);
    } else {
      super.write(context, message, promise);
    }
  }

  @Override
  public void flush(ChannelHandlerContext context) throws Exception {
    if (writer.isRunning()) {
      return; // a listener's flush; whoever runs will flush
    }
    if (writing && !writer.isEmpty()) {
      if (sealAll(context)) {
        context.flush();
        return;
      }
      handOver(context);
    }
    super.flush(context);
    // Netty has now sent all that it had, unless the handshake is still on.
    writing = !context.isRemoved() && handshakeFuture().isSuccess() && records.takesBatches();
  }

  private boolean sealAll(ChannelHandlerContext context) {
    try {
      return writer.run();
    } catch (RuntimeException | Error e) {
      // The stream has a gap: nothing may follow, and the peer is to know.
      engine().closeOutbound();
      context.flush();
      throw e;
    }
  }

  /** Gives what was not sent to Netty, which knows how to fail it. */
  private void handOver(ChannelHandlerContext context) throws Exception {
    writing = false;
    writer.drain((message, promise) -> super.write(context, message, promise));
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    handOver(context);
    super.channelInactive(context);
  }

  @Override
  public void handlerRemoved0(ChannelHandlerContext context) throws Exception {
    handOver(context);
    super.handlerRemoved0(context);
  }

  // ---- Reading ---------------------------------------------------------------------------------

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws SSLException {
    if (controlRecord) {
      decodeControl(context, in, out);
    } else if (recordBegun || !handshakeFuture().isSuccess() || !records.takesBatches()) {
      decodeByNetty(context, in, out);
    } else {
      int length = RecordReader.dataRecords(in);
      if (length < 0) {
        decodeByNetty(context, in, out);
      } else if (length > 0) {
        decodeData(context, in, out, length);
      }
    }
  }

  private void decodeData(ChannelHandlerContext context, ByteBuf in, List<Object> out, int length)
      throws SSLException {
    int before = in.readableBytes();
    Next next = reader.read(context.alloc(), in, length);
    controlRecord = next == Next.UNWRAP;
    if (controlRecord && in.readableBytes() == before) {
      decodeControl(context, in, out);
      return;
    }
    // From here on the buffer may be gone: whoever gets the data may come back with more.
    ByteBuf data = reader.take();
    if (data != null) {
      fired = true;
      context.fireChannelRead(data);
    }
    if (next == Next.WRAP && !context.isRemoved()) {
      try {
        flush(context);
      } catch (SSLException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new SSLException(e);
      }
    }
  }

  /** The engine has taken the record at the buffer's front, and has something to say of it. */
  private void decodeControl(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws SSLException {
    controlRecord = false;
    int start = in.readerIndex();
    decodeByNetty(context, in, out);
    if (recordBegun && engine().isInboundDone()) {
      in.skipBytes(RecordReader.recordLength(in, start));
      recordBegun = false;
    }
  }

  private void decodeByNetty(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws SSLException {
    int before = in.readableBytes();
    decodedByNetty = true;
    super.decode(context, in, out);
    recordBegun = in.isReadable() && in.readableBytes() == before;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    boolean onlyHere = fired && !decodedByNetty;
    fired = false;
    decodedByNetty = false;
    if (onlyHere) {
      // Netty does not know that data was passed on, and would ask for more where nobody did.
      discardSomeReadBytes();
      context.fireChannelReadComplete();
    } else {
      super.channelReadComplete(context);
    }
  }
}
