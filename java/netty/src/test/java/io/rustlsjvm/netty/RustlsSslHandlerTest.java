package io.rustlsjvm.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.rustlsjvm.jsse.NativeStore;
import io.rustlsjvm.jsse.RustlsContextBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RustlsSslHandlerTest {
  @TempDir static Path folder;
  private static Path store;

  @BeforeAll
  static void makeStore() throws Exception {
    store = Keytool.selfSigned(folder, "pair");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void carriesBuffersOfEveryKindInOrder(String protocol) throws Exception {
    try (EmbeddedPair pair = pair(protocol)) {
      byte[] expected = random(1_300_000);
      List<ByteBuf> written = new ArrayList<>();
      List<ChannelFuture> futures = new ArrayList<>();
      int at = 0;
      int[] sizes = {41, 32_768, 0, 1, 2, 3, 4_095, 4_096, 16_384, 16_385, 60_000, 5, 700_000};
      for (int round = 0; at < expected.length; round++) {
        int size = Math.min(sizes[round % sizes.length], expected.length - at);
        ByteBuf buffer = ofKind(round % 6, expected, at, size);
        at += size;
        written.add(buffer);
        futures.add(pair.client.write(buffer));
        if (round % 5 == 4) {
          pair.client.flush();
        }
      }
      pair.client.flush();
      pair.deliver(pair.server, pair.take(pair.client));
      assertThat(pair.serverEnd.data()).isEqualTo(expected);
      assertThat(futures).allMatch(ChannelFuture::isSuccess);
      assertThat(written).allMatch(buffer -> buffer.capacity() == 0 || buffer.refCnt() == 0);
      assertThat(pair.allocated()).isZero();
    }
  }

  private static ByteBuf ofKind(int kind, byte[] bytes, int from, int length) {
    ByteBuf heap = Unpooled.copiedBuffer(bytes, from, length);
    switch (kind) {
      case 0:
        return Unpooled.directBuffer(Math.max(1, length)).writeBytes(heap);
      case 1:
        return heap;
      case 2:
        return heap.asReadOnly();
      case 3:
        return Unpooled.directBuffer(Math.max(1, length)).writeBytes(heap).asReadOnly();
      case 4:
        int half = length / 2;
        return Unpooled.wrappedBuffer(
            Unpooled.copiedBuffer(bytes, from, half),
            Unpooled.directBuffer(length + 1).writeBytes(bytes, from + half, length - half));
      default:
        // Not from its start, and with room behind.
        return Unpooled.buffer(length + 20).writeZero(7).writeBytes(heap).skipBytes(7);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void readsRecordsHoweverTheyAreCut(String protocol) throws Exception {
    try (EmbeddedPair pair = pair(protocol)) {
      Random random = new Random(7);
      for (int most : new int[] {1, 3, 7, 1_000, 20_000, 65_536}) {
        byte[] expected = random(most < 8 ? 2_000 : 200_000);
        pair.client.writeAndFlush(Unpooled.wrappedBuffer(expected));
        byte[] wire = pair.take(pair.client);
        for (int at = 0; at < wire.length; ) {
          int next = Math.min(wire.length, at + 1 + random.nextInt(most));
          pair.deliver(pair.server, wire, at, next);
          at = next;
        }
        assertThat(pair.serverEnd.data()).isEqualTo(expected);
      }
      assertThat(pair.allocated()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void talksToNettysOwnHandler(String protocol) throws Exception {
    SSLContext context = context(protocol);
    SslHandler plain =
        new SslHandler(
            new RustlsSslContext(context, false).newEngine(UnpooledByteBufAllocator.DEFAULT));
    try (EmbeddedPair pair =
        new EmbeddedPair(
            new RustlsSslContext(context, true).newHandler(UnpooledByteBufAllocator.DEFAULT),
            plain)) {
      byte[] expected = random(100_000);
      pair.client.writeAndFlush(Unpooled.wrappedBuffer(expected));
      pair.deliver(pair.server, pair.take(pair.client));
      assertThat(pair.serverEnd.data()).isEqualTo(expected);
      pair.server.writeAndFlush(Unpooled.wrappedBuffer(expected));
      pair.deliver(pair.client, pair.take(pair.server));
      assertThat(pair.clientEnd.data()).isEqualTo(expected);
    }
  }

  /** New keys in TLS 1.3, nothing in TLS 1.2; by our handler and by Netty's own. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void renegotiates(String protocol) throws Exception {
    SSLContext context = context(protocol);
    SslHandler plain =
        new SslHandler(
            new RustlsSslContext(context, false).newEngine(UnpooledByteBufAllocator.DEFAULT));
    try (EmbeddedPair pair =
        new EmbeddedPair(
            new RustlsSslContext(context, true).newHandler(UnpooledByteBufAllocator.DEFAULT),
            plain)) {
      byte[] expected = random(100_000);
      for (int round = 0; round < 3; round++) {
        for (EmbeddedChannel channel : new EmbeddedChannel[] {pair.client, pair.server}) {
          SslHandler handler = channel.pipeline().get(SslHandler.class);
          Future<Channel> done = handler.renegotiate();
          byte[] sent = pair.take(channel);
          assertThat(done.isSuccess()).isTrue();
          assertThat(sent.length > 0).isEqualTo(protocol.equals("TLSv1.3"));
          pair.deliver(channel == pair.client ? pair.server : pair.client, sent);
          exchange(pair, expected);
          // Past the handler: another thread's wish may come between any two of its calls.
          handler.engine().beginHandshake();
          exchange(pair, expected);
        }
      }
      assertThat(pair.clientEnd.failure).isNull();
      assertThat(pair.serverEnd.failure).isNull();
    }
  }

  private static void exchange(EmbeddedPair pair, byte[] data) throws Exception {
    pair.server.writeAndFlush(Unpooled.wrappedBuffer(data));
    pair.deliver(pair.client, pair.take(pair.server));
    assertThat(pair.clientEnd.data()).isEqualTo(data);
    ChannelFuture written = pair.client.writeAndFlush(Unpooled.wrappedBuffer(data));
    pair.deliver(pair.server, pair.take(pair.client));
    assertThat(written.isSuccess()).isTrue();
    assertThat(pair.serverEnd.data()).isEqualTo(data);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void opensSeveralRecordsIntoOneBuffer(String protocol) throws Exception {
    try (EmbeddedPair pair = pair(protocol)) {
      pair.client.writeAndFlush(Unpooled.wrappedBuffer(new byte[100]));
      pair.deliver(pair.server, pair.take(pair.client));
      pair.serverEnd.data();
      pair.serverEnd.reads = 0;
      pair.client.writeAndFlush(Unpooled.wrappedBuffer(random(3 << 14)));
      pair.deliver(pair.server, pair.take(pair.client));
      assertThat(pair.serverEnd.reads).isEqualTo(1);
      assertThat(pair.serverEnd.data()).hasSize(3 << 14);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void deliversWhatCameBeforeAForgeryAndThenFails(String protocol) throws Exception {
    try (EmbeddedPair pair = pair(protocol)) {
      byte[] good = random(2 << 14);
      pair.client.writeAndFlush(Unpooled.wrappedBuffer(good));
      byte[] wire = pair.take(pair.client);
      pair.client.writeAndFlush(Unpooled.wrappedBuffer(random(10_000)));
      byte[] forged = pair.take(pair.client);
      forged[forged.length - 1] ^= 1;
      int end = wire.length;
      wire = Arrays.copyOf(wire, end + forged.length);
      System.arraycopy(forged, 0, wire, end, forged.length);
      ChannelFuture waiting = pair.server.write(Unpooled.wrappedBuffer(new byte[9]));

      pair.deliver(pair.server, wire);
      assertThat(pair.serverEnd.data()).isEqualTo(good);
      assertThat(failure(pair.server, pair.serverEnd))
          .isInstanceOf(DecoderException.class)
          .hasCauseInstanceOf(SSLException.class)
          .hasMessageContaining("bad_record_mac");
      assertThat(pair.server.isOpen()).isFalse();
      assertThat(waiting.isDone()).isTrue();
      assertThat(waiting.isSuccess()).isFalse();

      pair.deliver(pair.client, pair.take(pair.server));
      assertThat(failure(pair.client, pair.clientEnd)).hasMessageContaining("bad_record_mac");
      assertThat(pair.allocated()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void tellsOfCloseNotifyBehindDataInOneRead(String protocol) throws Exception {
    try (EmbeddedPair pair = pair(protocol)) {
      byte[] data = random(40_000);
      pair.client.writeAndFlush(Unpooled.wrappedBuffer(data));
      ChannelFuture closed = pair.client.pipeline().get(SslHandler.class).closeOutbound();
      byte[] wire = pair.take(pair.client);
      assertThat(closed.isSuccess()).isTrue();
      SslHandler server = pair.server.pipeline().get(SslHandler.class);
      pair.deliver(pair.server, wire);
      assertThat(pair.serverEnd.data()).isEqualTo(data);
      assertThat(server.sslCloseFuture().isSuccess()).isTrue();
      // RFC 5246 §7.2.1 wants an answer, RFC 8446 §6.1 none.
      assertThat(pair.take(pair.server).length).isEqualTo(protocol.equals("TLSv1.2") ? 31 : 0);
      pair.server.pipeline().remove(SslHandler.class);
      assertThat(pair.serverEnd.data()).isEmpty();
      assertThat(pair.allocated()).isZero();
    }
  }

  /** RFC 5246 §7.2.1: pending writes are discarded. */
  @Test
  void closesItsHalfOfTls12WithThePeers() throws Exception {
    try (EmbeddedPair pair = pair("TLSv1.2")) {
      pair.client.pipeline().get(SslHandler.class).closeOutbound();
      pair.deliver(pair.server, pair.take(pair.client));
      ChannelFuture late = pair.server.writeAndFlush(Unpooled.wrappedBuffer(new byte[10]));
      pair.server.runPendingTasks();
      assertThat(late.cause()).isInstanceOf(SSLException.class);
      pair.deliver(pair.client, pair.take(pair.server));
      assertThat(pair.clientEnd.data()).isEmpty();
      assertThat(pair.client.pipeline().get(SslHandler.class).sslCloseFuture().isSuccess())
          .isTrue();
    }
  }

  /** RFC 8446 §6.1: the two directions end by themselves. */
  @Test
  void sendsOnAfterThePeerHasClosedItsHalfOfTls13() throws Exception {
    try (EmbeddedPair pair = pair("TLSv1.3")) {
      byte[] data = random(50_000);
      for (int round = 0; round < 2; round++) {
        pair.server.writeAndFlush(Unpooled.wrappedBuffer(data));
        pair.deliver(pair.client, pair.take(pair.server));
        assertThat(pair.clientEnd.data()).isEqualTo(data);
        if (round == 0) {
          pair.client.pipeline().get(SslHandler.class).closeOutbound();
          pair.deliver(pair.server, pair.take(pair.client));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void failsWhatWasWrittenAndNotFlushedBeforeClosing(String protocol) throws Exception {
    try (EmbeddedPair pair = pair(protocol)) {
      pair.client.writeAndFlush(Unpooled.wrappedBuffer(new byte[1]));
      pair.take(pair.client);
      ByteBuf small = Unpooled.directBuffer().writeZero(10);
      ByteBuf large = Unpooled.directBuffer().writeZero(10_000);
      ChannelFuture first = pair.client.write(small);
      ChannelFuture second = pair.client.write(large);
      pair.client.close();
      pair.client.runPendingTasks();
      assertThat(first.isDone() && second.isDone()).isTrue();
      assertThat(first.isSuccess() || second.isSuccess()).isFalse();
      assertThat(small.refCnt() + large.refCnt()).isZero();
      assertThat(pair.client.isOpen()).isFalse();
      pair.take(pair.client);
      assertThat(pair.allocated()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void failsWhatWaitsWhenItIsRemoved(String protocol) throws Exception {
    try (EmbeddedPair pair = pair(protocol)) {
      pair.client.writeAndFlush(Unpooled.wrappedBuffer(new byte[1]));
      pair.take(pair.client);
      ByteBuf buffer = Unpooled.directBuffer().writeZero(10_000);
      ChannelFuture future = pair.client.write(buffer);
      pair.client.pipeline().remove(SslHandler.class);
      assertThat(future.isDone()).isTrue();
      assertThat(future.isSuccess()).isFalse();
      assertThat(buffer.refCnt()).isZero();
      assertThat(pair.allocated()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void sendsARecordThoughItsWriteIsCancelled(String protocol) throws Exception {
    try (EmbeddedPair pair = pair(protocol)) {
      pair.client.writeAndFlush(Unpooled.wrappedBuffer(new byte[1]));
      ChannelPromise cancelled = pair.client.newPromise();
      pair.client.write(Unpooled.wrappedBuffer(new byte[5_000]), cancelled);
      assertThat(cancelled.cancel(false)).isTrue();
      pair.client.writeAndFlush(Unpooled.wrappedBuffer(new byte[5_000]));
      pair.deliver(pair.server, pair.take(pair.client));
      assertThat(pair.serverEnd.data()).hasSize(10_001);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void countsWhatWaitsAgainstTheChannelsLimit(String protocol) throws Exception {
    try (EmbeddedPair pair = pair(protocol)) {
      pair.client.writeAndFlush(Unpooled.wrappedBuffer(new byte[1]));
      int limit = pair.client.config().getWriteBufferHighWaterMark();
      assertThat(pair.client.isWritable()).isTrue();
      pair.client.write(Unpooled.wrappedBuffer(new byte[limit + 1]));
      assertThat(pair.client.isWritable()).isFalse();
      pair.client.flush();
      pair.take(pair.client);
      assertThat(pair.client.isWritable()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void asksForMoreOnlyWhenARecordIsCut(String protocol) throws Exception {
    try (EmbeddedPair pair = pair(protocol)) {
      pair.client.writeAndFlush(Unpooled.wrappedBuffer(random(20_000)));
      pair.deliver(pair.server, pair.take(pair.client));
      AtomicInteger asked = new AtomicInteger();
      pair.server
          .pipeline()
          .addFirst(
              new ChannelDuplexHandler() {
                @Override
                public void read(ChannelHandlerContext context) {
                  asked.incrementAndGet();
                }
              });
      pair.server.config().setAutoRead(false);
      pair.client.writeAndFlush(Unpooled.wrappedBuffer(random(20_000)));
      byte[] wire = pair.take(pair.client);
      pair.deliver(pair.server, wire, 0, 10_000);
      assertThat(asked).hasValue(1);
      pair.deliver(pair.server, wire, 10_000, wire.length);
      assertThat(asked).hasValue(1);
      assertThat(pair.serverEnd.data()).hasSize(40_000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void writesAndFlushesOutOfAListener(String protocol) throws Exception {
    try (EmbeddedPair pair = pair(protocol)) {
      pair.client.writeAndFlush(Unpooled.wrappedBuffer(new byte[1]));
      pair.client
          .writeAndFlush(Unpooled.wrappedBuffer(new byte[30_000]))
          .addListener(done -> pair.client.writeAndFlush(Unpooled.wrappedBuffer(new byte[70_000])));
      pair.serverEnd.onRead(
          context -> context.writeAndFlush(Unpooled.wrappedBuffer(new byte[1_000])));
      pair.deliver(pair.server, pair.take(pair.client));
      assertThat(pair.serverEnd.data()).hasSize(100_001);
      pair.deliver(pair.client, pair.take(pair.server));
      assertThat(pair.clientEnd.data().length).isPositive().isEqualTo(1_000 * pair.serverEnd.reads);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void refusesABufferThatWasReleasedAndEndsTheStream(String protocol) throws Exception {
    try (EmbeddedPair pair = pair(protocol)) {
      pair.client.writeAndFlush(Unpooled.wrappedBuffer(new byte[1]));
      pair.deliver(pair.server, pair.take(pair.client));
      ByteBuf buffer = Unpooled.directBuffer().writeZero(10_000);
      ChannelFuture future = pair.client.write(buffer);
      buffer.release();
      pair.client.flush();
      assertThat(future.isDone()).isTrue();
      assertThat(future.isSuccess()).isFalse();
      ChannelFuture after = pair.client.writeAndFlush(Unpooled.wrappedBuffer(new byte[1]));
      assertThat(after.isDone()).isTrue();
      assertThat(after.isSuccess()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void takesNothingButBuffers(String protocol) throws Exception {
    try (EmbeddedPair pair = pair(protocol)) {
      pair.client.writeAndFlush(Unpooled.wrappedBuffer(new byte[1]));
      ChannelFuture refused = pair.client.write("text");
      assertThat(refused.cause()).isInstanceOf(UnsupportedMessageTypeException.class);
      pair.client.writeAndFlush(Unpooled.wrappedBuffer(new byte[9]));
      pair.deliver(pair.server, pair.take(pair.client));
      assertThat(pair.serverEnd.data()).hasSize(10);
    }
  }

  /** What the end was told of; behind a closed channel's back the channel itself keeps it. */
  private static Throwable failure(EmbeddedChannel channel, EmbeddedPair.Collector end) {
    return end.failure != null ? end.failure : catchThrowable(channel::checkException);
  }

  private static EmbeddedPair pair(String protocol) throws Exception {
    SSLContext context = context(protocol);
    return new EmbeddedPair(
        new RustlsSslContext(context, true).newHandler(UnpooledByteBufAllocator.DEFAULT),
        new RustlsSslContext(context, false).newHandler(UnpooledByteBufAllocator.DEFAULT));
  }

  private static SSLContext context(String protocol) throws Exception {
    char[] password = Keytool.PASSWORD.toCharArray();
    return new RustlsContextBuilder()
        .keystore(NativeStore.readKeystore(store.toString(), "PKCS12", password, null))
        .truststore(NativeStore.readTruststore(store.toString(), "PKCS12", password))
        .protocols(List.of(protocol))
        .build();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
