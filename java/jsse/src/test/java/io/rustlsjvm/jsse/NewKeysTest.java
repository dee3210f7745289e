package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code beginHandshake} and {@code startHandshake} on a connection that stands: JSSE names "a need
 * to use new encryption keys" as a reason. RFC 8446 §4.6.3.
 */
@Timeout(60)
class NewKeysTest {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** Header, KeyUpdate, inner type, tag. */
  private static final int KEY_UPDATE = 5 + 5 + 1 + 16;

  // ---- Engines ---------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({"STORES,true", "STORES,false", "JDK,true", "JDK,false"})
  void enginesChangeTheirKeys(TestContexts peers, boolean client) throws Exception {
    TestContexts ours = TestContexts.STORES;
    EnginePair pair =
        EnginePair.of((client ? ours : peers).client(), (client ? peers : ours).server())
            .protocols("TLSv1.3")
            .handshake();
    SSLEngine engine = client ? pair.client : pair.server;
    SSLEngine peer = client ? pair.server : pair.client;
    for (int round = 0; round < 4; round++) {
      engine.beginHandshake();
      engine.beginHandshake();
      assertThat(engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_WRAP);
      assertThat(engine.getDelegatedTask()).isNull();
      // As the JDK's: it takes no data, and finishes what was begun.
      SSLEngineResult result =
          EnginePair.wrap(engine, ByteBuffer.wrap(new byte[10]), pair.wireFrom(engine));
      assertThat(result.getStatus()).isEqualTo(Status.OK);
      assertThat(result.getHandshakeStatus()).isEqualTo(HandshakeStatus.FINISHED);
      assertThat(result.bytesConsumed()).isZero();
      assertThat(result.bytesProduced()).isEqualTo(KEY_UPDATE);
      assertThat(engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
      assertThat(EnginePair.wrap(engine, NOTHING, pair.wireFrom(engine)).bytesProduced()).isZero();
      // It has been asked for its own; the JDK says at once what ours says with its next data.
      assertThat(pair.receive(peer)).isEmpty();
      pair.settle();
      pair.exchange();
      if (round % 2 == 1) {
        assertThat(StatisticsTable.SHARED.forEachOpen(EngineNatives::rest)).isTrue();
        assertThat(StatisticsTable.SHARED.forEachOpen(EngineNatives::rest)).isTrue();
      }
    }
    assertThat(engine.getSession().isValid()).isTrue();
  }

  @Test
  void thePeerAnswersBeforeItsNextData() throws Exception {
    EnginePair pair = pair("TLSv1.3");
    pair.client.beginHandshake();
    pair.settle();
    for (int expected : new int[] {KEY_UPDATE, 0}) {
      int plain = 5 + 4 + 1 + 16;
      ByteBuffer data = ByteBuffer.wrap(new byte[4]);
      SSLEngineResult result = EnginePair.wrap(pair.server, data, pair.toClient);
      assertThat(result.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
      assertThat(result.bytesProduced()).isEqualTo(expected + plain);
      assertThat(pair.receive(pair.client)).hasSize(4);
    }
  }

  /** A program that wishes for new keys all the time does not make its peer hang up. */
  @Test
  void idleConnectionsChangeTheirKeysOnce() throws Exception {
    EnginePair pair = pair("TLSv1.3");
    int records = 0;
    for (int i = 0; i < 100; i++) {
      pair.client.beginHandshake();
      records += EnginePair.wrap(pair.client, NOTHING, pair.toServer).bytesProduced() / KEY_UPDATE;
      assertThat(pair.receive(pair.server)).isEmpty();
    }
    assertThat(records).isEqualTo(1);
    pair.exchange();
  }

  @Test
  void tls12HasNoNewKeys() throws Exception {
    EnginePair pair = pair("TLSv1.2");
    pair.client.beginHandshake();
    assertThat(pair.client.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
    assertThat(EnginePair.wrap(pair.client, NOTHING, pair.toServer).bytesProduced()).isZero();
    pair.exchange();
  }

  @ParameterizedTest
  @EnumSource(names = {"STORES", "JDK"})
  void enginesThatAreClosedRefuse(TestContexts peers) throws Exception {
    EnginePair closing = pair("TLSv1.3");
    closing.client.closeOutbound();
    assertThatThrownBy(closing.client::beginHandshake).isInstanceOf(SSLException.class);
    EnginePair closed =
        EnginePair.of(TestContexts.STORES.client(), peers.server())
            .protocols("TLSv1.3")
            .handshake();
    closed.server.closeOutbound();
    closed.settle();
    assertThatThrownBy(closed.client::beginHandshake).isInstanceOf(SSLException.class);
    // What it has still to say it can say.
    closed.send(closed.client, ByteBuffer.wrap(new byte[10]));
  }

  private static EnginePair pair(String protocol) throws SSLException {
    return EnginePair.of(TestContexts.STORES.client(), TestContexts.STORES.server())
        .protocols(protocol)
        .handshake();
  }

  // ---- Sockets ---------------------------------------------------------------------------------

  /** A client's socket that counts what it sends, and the server's. */
  private static final class Sockets implements AutoCloseable {
    final AtomicInteger sent = new AtomicInteger();
    final SSLSocket client;
    final SSLSocket server;

    Sockets(TestContexts clients, TestContexts servers, String protocol) throws Exception {
      try (SSLServerSocket listener =
          (SSLServerSocket)
              servers
                  .server()
                  .getServerSocketFactory()
                  .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        listener.setEnabledProtocols(new String[] {protocol});
        Socket transport =
            new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort()) {
              @Override
              public OutputStream getOutputStream() throws IOException {
                return new FilterOutputStream(super.getOutputStream()) {
                  @Override
                  public void write(byte[] bytes, int offset, int length) throws IOException {
                    sent.addAndGet(length);
                    out.write(bytes, offset, length);
                  }
                };
              }
            };
        client =
            (SSLSocket)
                clients.client().getSocketFactory().createSocket(transport, "localhost", 1, true);
        server = (SSLSocket) listener.accept();
        client.setSoTimeout(20_000);
        server.setSoTimeout(20_000);
        CompletableFuture<Void> accepted = inThread(server::startHandshake);
        client.startHandshake();
        accepted.get(20, TimeUnit.SECONDS);
      }
    }

    /** One byte each way. */
    void ping() throws IOException {
      client.getOutputStream().write(1);
      assertThat(server.getInputStream().read()).isEqualTo(1);
      server.getOutputStream().write(2);
      assertThat(client.getInputStream().read()).isEqualTo(2);
    }

    /** Both at once: the JDK's waits for its peer. */
    @Override
    public void close() throws IOException {
      CompletableFuture<Void> closed = inThread(server::close);
      client.close();
      closed.join();
    }
  }

  private interface Io {
    void run() throws Exception;
  }

  private static CompletableFuture<Void> inThread(Io io) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            io.run();
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        },
        task -> new Thread(task).start());
  }

  @ParameterizedTest
  @EnumSource(names = {"STORES", "JDK"})
  void socketsSendThemAtOnce(TestContexts servers) throws Exception {
    try (Sockets sockets = new Sockets(TestContexts.STORES, servers, "TLSv1.3")) {
      sockets.ping();
      for (int round = 0; round < 3; round++) {
        int before = sockets.sent.get();
        sockets.client.startHandshake();
        assertThat(sockets.sent.get() - before).isEqualTo(KEY_UPDATE);
        sockets.ping();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STORES", "JDK"})
  void serversDoSoToo(TestContexts clients) throws Exception {
    try (Sockets sockets = new Sockets(clients, TestContexts.STORES, "TLSv1.3")) {
      for (int round = 0; round < 3; round++) {
        sockets.server.startHandshake();
        sockets.ping();
      }
    }
  }

  @Test
  void socketsOfTls12SendNothing() throws Exception {
    try (Sockets sockets = new Sockets(TestContexts.STORES, TestContexts.STORES, "TLSv1.2")) {
      int before = sockets.sent.get();
      sockets.client.startHandshake();
      assertThat(sockets.sent.get()).isEqualTo(before);
      sockets.ping();
    }
  }

  @Test
  void socketsThatAreClosedRefuseAndStayAsTheyAre() throws Exception {
    try (Sockets sockets = new Sockets(TestContexts.STORES, TestContexts.STORES, "TLSv1.3")) {
      sockets.client.shutdownOutput();
      assertThatThrownBy(sockets.client::startHandshake).isInstanceOf(SocketException.class);
      assertThat(sockets.server.getInputStream().read()).isEqualTo(-1);
      assertThatThrownBy(sockets.server::startHandshake).isInstanceOf(SocketException.class);
      sockets.server.getOutputStream().write(7);
      assertThat(sockets.client.getInputStream().read()).isEqualTo(7);
      sockets.client.close();
      assertThatThrownBy(sockets.client::startHandshake)
          .isInstanceOf(SocketException.class)
          .hasMessage("Socket is closed");
    }
  }

  /** Readers and writers of both sides at work, and threads that wish for new keys meanwhile. */
  @ParameterizedTest
  @EnumSource(names = {"STORES", "JDK"})
  void newKeysUnderBulkDataBothWays(TestContexts servers) throws Exception {
    byte[] data = EnginePair.pattern(4_000_000, 5);
    try (Sockets sockets = new Sockets(TestContexts.STORES, servers, "TLSv1.3")) {
      CompletableFuture<Void> wishes =
          inThread(
              () -> {
                for (int i = 0; i < 300; i++) {
                  sockets.client.startHandshake();
                }
              });
      CompletableFuture.allOf(
              wishes,
              inThread(() -> sockets.client.getOutputStream().write(data)),
              inThread(() -> sockets.server.getOutputStream().write(data)),
              inThread(() -> assertReads(sockets.client, data)),
              inThread(() -> assertReads(sockets.server, data)))
          .get(40, TimeUnit.SECONDS);
      sockets.ping();
    }
  }

  private static void assertReads(SSLSocket socket, byte[] data) throws IOException {
    assertThat(socket.getInputStream().readNBytes(data.length)).isEqualTo(data);
  }
}
