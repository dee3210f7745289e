package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What blocking sockets do at the edges; the JDK's do the same where it takes part. */
@Timeout(60)
class SocketContractTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final ExecutorService peers = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    peers.shutdownNow();
  }

  /** Two connected sockets, before their handshake. */
  private static final class Connection implements AutoCloseable {
    final SSLServerSocket listening;
    final Socket transport;
    final SSLSocket client;
    final SSLSocket server;

    Connection(TestContexts kind, boolean autoClose, String... protocols) throws IOException {
      SSLServerSocketFactory factory = kind.server().getServerSocketFactory();
      listening = (SSLServerSocket) factory.createServerSocket(0, 10, LOOPBACK);
      if (protocols.length > 0) {
        listening.setEnabledProtocols(protocols);
      }
      int port = listening.getLocalPort();
      transport = new Socket(LOOPBACK, port);
      client =
          (SSLSocket)
              kind.client()
                  .getSocketFactory()
                  .createSocket(transport, "localhost", port, autoClose);
      server = (SSLSocket) listening.accept();
    }

    Connection handshake(ExecutorService peers) throws Exception {
      Future<?> served =
          peers.submit(
              () -> {
                server.startHandshake();
                return null;
              });
      client.startHandshake();
      served.get(20, TimeUnit.SECONDS);
      return this;
    }

    @Override
    public void close() throws IOException {
      listening.close();
      transport.close();
      client.close();
      server.close();
    }
  }

  @ParameterizedTest
  @EnumSource(TestContexts.class)
  void nothingToReadOrWriteIsNoReasonForAHandshake(TestContexts kind) throws Exception {
    try (Connection connection = new Connection(kind, true)) {
      InputStream in = connection.client.getInputStream();
      OutputStream out = connection.client.getOutputStream();
      // Nobody serves: a handshake would never end.
      Future<Integer> read =
          peers.submit(
              () -> {
                out.write(new byte[0]);
                out.write(new byte[3], 1, 0);
                out.flush();
                return in.read(new byte[0]) + in.read(new byte[3], 1, 0) + in.available();
              });
      assertThat(read.get(20, TimeUnit.SECONDS)).isZero();
      assertThatThrownBy(() -> in.read(new byte[3], 4, 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(connection.transport.isClosed()).isFalse();
      connection.client.setUseClientMode(true);
      connection.handshake(peers);
      assertThat(in.read(new byte[0])).isZero();
    }
  }

  @Test
  void availableDoesNotWaitForAReader() throws Exception {
    try (Connection connection = new Connection(TestContexts.STORES, true).handshake(peers)) {
      InputStream in = connection.client.getInputStream();
      CountDownLatch reading = new CountDownLatch(1);
      Future<Integer> reader =
          peers.submit(
              () -> {
                reading.countDown();
                return in.read();
              });
      reading.await();
      Thread.sleep(100);
      Future<Integer> available = peers.submit(in::available);
      assertThat(available.get(20, TimeUnit.SECONDS)).isZero();
      connection.server.getOutputStream().write(new byte[] {7, 8});
      assertThat(reader.get(20, TimeUnit.SECONDS)).isEqualTo(7);
      assertThat(in.available()).isEqualTo(1);
    }
  }

  /** One direction's end is not the other's. */
  @ParameterizedTest
  @MethodSource("io.rustlsjvm.jsse.SessionContractTest#kinds")
  void aWriteThatIsRefusedLeavesReadingAlone(TestContexts kind, String protocol) throws Exception {
    try (Connection connection = new Connection(kind, true, protocol).handshake(peers)) {
      OutputStream out = connection.client.getOutputStream();
      connection.server.getOutputStream().write(7);
      connection.client.shutdownOutput();
      assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class);
      assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class);
      assertThat(connection.client.getInputStream().read()).isEqualTo(7);
      connection.server.close();
      assertThat(connection.client.getInputStream().read()).isEqualTo(-1);
    }
  }

  /** So that a client can read why the server did not want the rest. */
  @ParameterizedTest
  @MethodSource("io.rustlsjvm.jsse.SessionContractTest#kinds")
  void aWriteThatFailsLeavesReadingAlone(TestContexts kind, String protocol) throws Exception {
    try (Connection connection = new Connection(kind, true, protocol).handshake(peers)) {
      OutputStream out = connection.client.getOutputStream();
      connection.server.getOutputStream().write(7);
      connection.transport.shutdownOutput();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class);
      }
      assertThat(connection.client.getInputStream().read()).isEqualTo(7);
    }
  }

  @ParameterizedTest
  @MethodSource("io.rustlsjvm.jsse.SessionContractTest#kinds")
  void noHandshakeOnAClosedSocket(TestContexts kind, String protocol) throws Exception {
    try (Connection connection = new Connection(kind, true, protocol).handshake(peers)) {
      SSLSession session = connection.client.getSession();
      connection.client.close();
      assertThatThrownBy(connection.client::startHandshake).isInstanceOf(SocketException.class);
      assertThat(connection.client.getSession()).isSameAs(session);
      assertThat(session.isValid()).isTrue();
    }
  }

  /** A layered socket that may not close its transport cannot wake who reads from that. */
  @ParameterizedTest
  @EnumSource(
      value = TestContexts.class,
      names = {"STORES", "MANAGERS"})
  void aHandshakeThatHangsHoldsUpNobodyElse(TestContexts kind) throws Exception {
    try (Connection connection = new Connection(kind, false)) {
      peers.submit(
          () -> {
            connection.client.startHandshake();
            return null;
          });
      assertThat(connection.server.getInetAddress()).isNotNull();
      Thread.sleep(200);
      connection.client.close();
      Future<SSLSession> session = peers.submit(connection.client::getSession);
      assertThat(session.get(20, TimeUnit.SECONDS).isValid()).isFalse();
      Future<?> again =
          peers.submit(
              () -> {
                connection.client.startHandshake();
                return null;
              });
      assertThatThrownBy(() -> again.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(SocketException.class);
      assertThat(connection.transport.isClosed()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(TestContexts.class)
  void aListenerIsToldOnce(TestContexts kind) throws Exception {
    AtomicInteger told = new AtomicInteger();
    CountDownLatch last = new CountDownLatch(1);
    HandshakeCompletedListener twice = event -> told.incrementAndGet();
    try (Connection connection = new Connection(kind, true)) {
      connection.client.addHandshakeCompletedListener(twice);
      connection.client.addHandshakeCompletedListener(twice);
      connection.server.addHandshakeCompletedListener(twice);
      connection.server.removeHandshakeCompletedListener(twice);
      connection.handshake(peers);
      connection.client.removeHandshakeCompletedListener(twice);
      assertThatThrownBy(() -> connection.client.removeHandshakeCompletedListener(twice))
          .isInstanceOf(IllegalArgumentException.class);
    }
    try (Connection connection = new Connection(kind, true)) {
      connection.client.addHandshakeCompletedListener(event -> last.countDown());
      connection.handshake(peers);
      assertThat(last.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(told.get()).isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(TestContexts.class)
  void noModeIsSetOnceTheHandshakeIsDone(TestContexts kind) throws Exception {
    try (Connection connection = new Connection(kind, true).handshake(peers)) {
      for (SSLSocket socket : new SSLSocket[] {connection.client, connection.server}) {
        boolean mode = socket.getUseClientMode();
        for (boolean wanted : new boolean[] {true, false}) {
          assertThatThrownBy(() -> socket.setUseClientMode(wanted))
              .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(socket.getUseClientMode()).isEqualTo(mode);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TestContexts.class)
  void noHostIsTheLoopbackAddress(TestContexts kind) throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 10, LOOPBACK);
        Socket socket =
            kind.client()
                .getSocketFactory()
                .createSocket((String) null, listening.getLocalPort())) {
      assertThat(socket.getInetAddress().isLoopbackAddress()).isTrue();
      try (Socket bound =
          kind.client()
              .getSocketFactory()
              .createSocket((String) null, listening.getLocalPort(), LOOPBACK, 0)) {
        assertThat(bound.isConnected()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TestContexts.class)
  void anUnconnectedSocketHasNoPeer(TestContexts kind) throws Exception {
    try (SSLSocket socket = (SSLSocket) kind.client().getSocketFactory().createSocket()) {
      assertThat(socket.getSession().getPeerHost()).isNull();
      assertThat(socket.getSession().getPeerPort()).isEqualTo(-1);
    }
  }
}
