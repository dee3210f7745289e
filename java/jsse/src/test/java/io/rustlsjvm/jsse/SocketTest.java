package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.HandshakeCompletedEvent;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocking sockets over TCP: ours with ours, and with the JDK's in both roles. */
@Timeout(60)
@SuppressWarnings("try") // what a close in the middle does is the point
class SocketTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final ExecutorService peers = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    peers.shutdownNow();
  }

  private interface Peer<T> {
    T run(SSLSocket socket) throws Exception;
  }

  private static SSLServerSocket listen(SSLContext context, String... protocols)
      throws IOException {
    SSLServerSocket listening =
        (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 10, LOOPBACK);
    listening.setNeedClientAuth(true);
    if (protocols.length > 0) {
      listening.setEnabledProtocols(protocols);
    }
    return listening;
  }

  /** Accepts one connection and plays its part. */
  private <T> Future<T> serve(SSLServerSocket listening, Peer<T> part) {
    return peers.submit(
        () -> {
          try (SSLSocket accepted = (SSLSocket) listening.accept()) {
            return part.run(accepted);
          }
        });
  }

  private static SSLSocket connect(SSLContext context, ServerSocket to) throws IOException {
    return (SSLSocket) context.getSocketFactory().createSocket("localhost", to.getLocalPort());
  }

  private static int echo(SSLSocket socket) throws IOException {
    InputStream in = socket.getInputStream();
    OutputStream out = socket.getOutputStream();
    byte[] buffer = new byte[10_000];
    int total = 0;
    int read;
    while ((read = in.read(buffer)) >= 0) {
      out.write(buffer, 0, read);
      total += read;
    }
    return total;
  }

  static Stream<Arguments> pairs() {
    return EngineHandshakeTest.pairs();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void echoAndHalfClose(TestContexts client, TestContexts server, String protocol)
      throws Exception {
    byte[] data = EnginePair.pattern(300_000, 6);
    try (SSLServerSocket listening = listen(server.server(), protocol);
        SSLSocket socket = connect(client.client(), listening)) {
      Future<Integer> served = serve(listening, SocketTest::echo);
      Future<?> writer =
          peers.submit(
              () -> {
                OutputStream out = socket.getOutputStream();
                out.write(data, 0, 1);
                out.write(data, 1, 100);
                out.write(data, 101, 20_000);
                out.write(data, 20_101, data.length - 20_101);
                if (client != TestContexts.JDK || protocol.equals("TLSv1.3")) {
                  socket.shutdownOutput();
                }
                return null;
              });
      byte[] back = new byte[data.length];
      InputStream in = socket.getInputStream();
      int at = 0;
      int step = 1;
      while (at < back.length) {
        int read = in.read(back, at, Math.min(step, back.length - at));
        assertThat(read).isPositive();
        at += read;
        step = step * 2 % 40_000 + 1;
      }
      writer.get(20, TimeUnit.SECONDS);
      assertThat(back).isEqualTo(data);
      SSLSession session = socket.getSession();
      assertThat(session.getProtocol()).isEqualTo(protocol);
      assertThat(session.getPeerPrincipal().getName()).isEqualTo("CN=server");
      if (!writer.isCancelled() && socket.isOutputShutdown()) {
        assertThat(in.read()).as("the server's end").isEqualTo(-1);
      }
      socket.close();
      assertThat(served.get(20, TimeUnit.SECONDS)).isEqualTo(data.length);
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void strangersGetAnAlertThatTheyCanRead(TestContexts client, TestContexts server, String protocol)
      throws Exception {
    try (SSLServerSocket listening = listen(server.server(), protocol);
        SSLSocket socket = connect(client.of(TestKeys.STRANGER, TestKeys.SERVER), listening)) {
      Future<Integer> served = serve(listening, SocketTest::echo);
      assertThatThrownBy(
              () -> {
                socket.startHandshake();
                socket.getOutputStream().write(1);
                socket.getInputStream().read();
              })
          .isInstanceOf(IOException.class)
          .satisfies(
              e -> {
                if (server != TestContexts.JDK && client != TestContexts.JDK) {
                  assertThat(e)
                      .isInstanceOf(SSLException.class)
                      .hasMessageContaining("Received fatal alert: ");
                }
              });
      assertThatThrownBy(() -> served.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(SSLHandshakeException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void handshakeIsNotInAccept(String protocol) throws Exception {
    try (SSLServerSocket listening = listen(TestContexts.STORES.server(), protocol);
        Socket silent = new Socket(LOOPBACK, listening.getLocalPort());
        SSLSocket accepted = (SSLSocket) listening.accept()) {
      accepted.setSoTimeout(50);
      assertThatThrownBy(() -> accepted.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(silent.isConnected()).isTrue();
      assertThat(accepted.getUseClientMode()).isFalse();
      assertThat(accepted.getNeedClientAuth()).isTrue();
      assertThat(accepted.getEnabledProtocols()).containsExactly(protocol);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void timeoutLosesNothing(String protocol) throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (SSLServerSocket listening = listen(TestContexts.STORES.server(), protocol);
        SSLSocket socket =
            (SSLSocket) TestContexts.STORES.client().getSocketFactory().createSocket()) {
      Future<Integer> served =
          serve(
              listening,
              accepted -> {
                accepted.startHandshake();
                go.await();
                accepted.getOutputStream().write("hello".getBytes());
                return echo(accepted);
              });
      socket.connect(new InetSocketAddress(LOOPBACK, listening.getLocalPort()), 5_000);
      socket.startHandshake();
      socket.setSoTimeout(50);
      InputStream in = socket.getInputStream();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
      }
      go.countDown();
      socket.setSoTimeout(10_000);
      assertThat(in.readNBytes(5)).isEqualTo("hello".getBytes());
      socket.shutdownOutput();
      assertThat(in.read()).isEqualTo(-1);
      assertThat(served.get(20, TimeUnit.SECONDS)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void closeFromAnotherThreadWakesTheReader(String protocol) throws Exception {
    try (SSLServerSocket listening = listen(TestContexts.STORES.server(), protocol);
        SSLSocket socket = connect(TestContexts.STORES.client(), listening)) {
      Future<Integer> served = serve(listening, SocketTest::echo);
      socket.startHandshake();
      CountDownLatch reading = new CountDownLatch(1);
      Future<Integer> reader =
          peers.submit(
              () -> {
                reading.countDown();
                return socket.getInputStream().read();
              });
      reading.await();
      Thread.sleep(100);
      long before = System.nanoTime();
      socket.close();
      assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(2));
      assertThatThrownBy(() -> reader.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(SocketException.class);
      assertThat(served.get(20, TimeUnit.SECONDS)).as("the peer saw close_notify").isZero();
      assertThat(socket.isClosed()).isTrue();
      assertThatThrownBy(() -> socket.getInputStream()).isInstanceOf(SocketException.class);
      socket.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void closeFromAnotherThreadDoesNotWaitForAStuckWriter(String protocol) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (SSLServerSocket listening = listen(TestContexts.STORES.server(), protocol);
        SSLSocket socket = connect(TestContexts.STORES.client(), listening)) {
      serve(
          listening,
          accepted -> {
            accepted.startHandshake();
            end.await();
            return 0;
          });
      socket.startHandshake();
      Future<?> writer =
          peers.submit(
              () -> {
                while (true) {
                  socket.getOutputStream().write(new byte[100_000]);
                }
              });
      Thread.sleep(500);
      assertThat(writer.isDone()).isFalse();
      long before = System.nanoTime();
      socket.close();
      assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(3));
      assertThatThrownBy(() -> writer.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(IOException.class);
    } finally {
      end.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void cutStreamIsNoProperEnd(String protocol) throws Exception {
    try (SSLServerSocket listening = listen(TestContexts.STORES.server(), protocol);
        Socket plain = new Socket(LOOPBACK, listening.getLocalPort())) {
      Future<Integer> served = serve(listening, SocketTest::echo);
      SSLSocket socket =
          (SSLSocket)
              TestContexts.STORES
                  .client()
                  .getSocketFactory()
                  .createSocket(plain, "localhost", listening.getLocalPort(), true);
      socket.startHandshake();
      socket.getOutputStream().write(7);
      assertThat(socket.getInputStream().read()).isEqualTo(7);
      plain.close();
      assertThatThrownBy(() -> served.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(SSLException.class)
          .hasMessageContaining("close_notify");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void cutHandshake(String protocol) throws Exception {
    try (SSLServerSocket listening = listen(TestContexts.STORES.server(), protocol)) {
      Future<Integer> served = serve(listening, SocketTest::echo);
      try (Socket plain = new Socket(LOOPBACK, listening.getLocalPort())) {
        plain.getOutputStream().write(new byte[] {22, 3, 1});
      }
      assertThatThrownBy(() -> served.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("terminated the handshake");
    }
  }

  @Test
  void plaintextClientGetsAnAlert() throws Exception {
    try (SSLServerSocket listening = listen(TestContexts.STORES.server());
        Socket plain = new Socket(LOOPBACK, listening.getLocalPort())) {
      Future<Integer> served = serve(listening, SocketTest::echo);
      plain.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes());
      byte[] alert = plain.getInputStream().readNBytes(7);
      assertThat(alert[0]).as("content type alert").isEqualTo((byte) 21);
      assertThatThrownBy(() -> served.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(SSLException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void closeNotifyEndsTheStream(TestContexts client, TestContexts server, String protocol)
      throws Exception {
    try (SSLServerSocket listening = listen(server.server(), protocol);
        SSLSocket socket = connect(client.client(), listening)) {
      Future<Integer> served =
          serve(
              listening,
              accepted -> {
                accepted.getOutputStream().write(new byte[] {1, 2, 3});
                return 3;
              });
      InputStream in = socket.getInputStream();
      assertThat(in.readAllBytes()).containsExactly(1, 2, 3);
      assertThat(in.read()).isEqualTo(-1);
      assertThat(served.get(20, TimeUnit.SECONDS)).isEqualTo(3);
    }
  }

  /** A layered socket that is not to close its transport leaves it where TLS ended. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void layeredSocketLeavesItsTransport(String protocol) throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 10, LOOPBACK);
        Socket plain = new Socket(LOOPBACK, listening.getLocalPort());
        Socket accepted = listening.accept()) {
      byte[] opening = accepted(plain, accepted, protocol);
      assertThat(opening).isEqualTo("STARTTLS".getBytes());
    }
  }

  private byte[] accepted(Socket plain, Socket accepted, String protocol) throws Exception {
    plain.getOutputStream().write("STARTTLS".getBytes());
    byte[] opening = accepted.getInputStream().readNBytes(8);
    Future<byte[]> server =
        peers.submit(
            () -> {
              // The first bytes of the ClientHello have been read by somebody else.
              byte[] consumed = accepted.getInputStream().readNBytes(20);
              SSLSocket tls =
                  (SSLSocket)
                      TestContexts.STORES
                          .server()
                          .getSocketFactory()
                          .createSocket(accepted, new ByteArrayInputStream(consumed), false);
              assertThat(tls.getUseClientMode()).isFalse();
              tls.setEnabledProtocols(new String[] {protocol});
              byte[] got = tls.getInputStream().readAllBytes();
              tls.getOutputStream().write(got);
              tls.close();
              accepted.getOutputStream().write("plain again".getBytes());
              return accepted.getInputStream().readNBytes(3);
            });
    SSLSocket tls =
        (SSLSocket)
            TestContexts.STORES
                .client()
                .getSocketFactory()
                .createSocket(plain, "localhost", 1, false);
    tls.getOutputStream().write("secret".getBytes());
    tls.shutdownOutput();
    plain.getOutputStream().write("bye".getBytes());
    assertThat(tls.getInputStream().readAllBytes()).isEqualTo("secret".getBytes());
    tls.close();
    assertThat(tls.isClosed()).isTrue();
    assertThat(plain.isClosed()).isFalse();
    assertThat(plain.getInputStream().readNBytes(11)).isEqualTo("plain again".getBytes());
    assertThat(server.get(20, TimeUnit.SECONDS)).isEqualTo("bye".getBytes());
    return opening;
  }

  /** A close_notify that nobody waits for is no failure, and a second one is none either. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void outputEndsWhereThePeerHasGone(String protocol) throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    try (SSLServerSocket listening = listen(TestContexts.STORES.server(), protocol);
        Socket plain = new Socket(LOOPBACK, listening.getLocalPort())) {
      Future<Boolean> served =
          serve(
              listening,
              accepted -> {
                accepted.startHandshake();
                accepted.getOutputStream().write(7);
                gone.await();
                accepted.shutdownOutput();
                accepted.shutdownOutput();
                return accepted.isOutputShutdown();
              });
      SSLSocket socket =
          (SSLSocket)
              TestContexts.STORES
                  .client()
                  .getSocketFactory()
                  .createSocket(plain, "localhost", listening.getLocalPort(), true);
      socket.startHandshake();
      assertThat(socket.getInputStream().read()).isEqualTo(7);
      plain.setSoLinger(true, 0); // a reset
      plain.close();
      gone.countDown();
      assertThat(served.get(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void listenersAreTold() throws Exception {
    AtomicReference<HandshakeCompletedEvent> event = new AtomicReference<>();
    CountDownLatch told = new CountDownLatch(1);
    try (SSLServerSocket listening = listen(TestContexts.STORES.server());
        SSLSocket socket = connect(TestContexts.STORES.client(), listening)) {
      serve(listening, SocketTest::echo);
      socket.addHandshakeCompletedListener(
          e -> {
            event.set(e);
            told.countDown();
          });
      socket.startHandshake();
      socket.startHandshake();
      assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(event.get().getSocket()).isSameAs(socket);
      assertThat(event.get().getCipherSuite()).isEqualTo(socket.getSession().getCipherSuite());
      assertThatThrownBy(() -> socket.removeHandshakeCompletedListener(e -> {}))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void sessionOfAFailedHandshakeIsInvalid() throws Exception {
    try (SSLServerSocket listening = listen(TestContexts.STORES.server());
        SSLSocket socket =
            connect(TestContexts.STORES.of(TestKeys.CLIENT, TestKeys.STRANGER), listening)) {
      serve(listening, SocketTest::echo);
      assertThat(socket.getSession().getCipherSuite()).isEqualTo("SSL_NULL_WITH_NULL_NULL");
      assertThat(socket.getSession().isValid()).isFalse();
      assertThatThrownBy(() -> socket.getOutputStream().write(1)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void hostNameIsChecked() throws Exception {
    for (boolean good : new boolean[] {true, false}) {
      try (SSLServerSocket listening = listen(TestContexts.STORES.server());
          Socket plain = new Socket(LOOPBACK, listening.getLocalPort());
          SSLSocket socket =
              (SSLSocket)
                  TestContexts.MANAGERS
                      .client()
                      .getSocketFactory()
                      .createSocket(plain, good ? "localhost" : "other.example", 1, true)) {
        serve(listening, SocketTest::echo);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        if (good) {
          socket.startHandshake();
        } else {
          assertThatThrownBy(socket::startHandshake)
              .isInstanceOf(SSLHandshakeException.class)
              .hasMessageContaining("other.example");
        }
      }
    }
  }

  @Test
  void socketsBeforeTheyAreConnected() throws Exception {
    try (SSLSocket socket =
        (SSLSocket) TestContexts.STORES.client().getSocketFactory().createSocket()) {
      assertThat(socket.isConnected()).isFalse();
      assertThat(socket.getUseClientMode()).isTrue();
      assertThat(socket.getSession().isValid()).isFalse();
      assertThat(socket.getHandshakeSession()).isNull();
      assertThat(socket.getApplicationProtocol()).isNull();
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SocketException.class);
      assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
      assertThatThrownBy(() -> socket.sendUrgentData(1)).isInstanceOf(SocketException.class);
      assertThatThrownBy(() -> socket.setOOBInline(true)).isInstanceOf(SocketException.class);
      assertThat(socket.getTcpNoDelay()).isTrue();
      socket.setTcpNoDelay(false);
      assertThat(socket.getTcpNoDelay()).isFalse();
      assertThat(socket.toString()).contains("client").doesNotContain(TestKeys.PASSWORD);
    }
  }

  @Test
  void connectingToNobody() throws Exception {
    int port;
    try (ServerSocket gone = new ServerSocket(0, 1, LOOPBACK)) {
      port = gone.getLocalPort();
    }
    assertThatThrownBy(
            () -> TestContexts.STORES.client().getSocketFactory().createSocket(LOOPBACK, port))
        .isInstanceOf(IOException.class);
  }

  @Test
  void serverSocketsOfEachKind() throws Exception {
    SSLServerSocketFactory factory = TestContexts.STORES.server().getServerSocketFactory();
    assertThat(factory.getDefaultCipherSuites()).isEqualTo(factory.getSupportedCipherSuites());
    try (ServerSocket unbound = factory.createServerSocket();
        ServerSocket bound = factory.createServerSocket(0);
        ServerSocket backlog = factory.createServerSocket(0, 3)) {
      assertThat(unbound.isBound()).isFalse();
      unbound.bind(new InetSocketAddress(LOOPBACK, 0));
      assertThat(bound.isBound()).isTrue();
      assertThat(backlog.isBound()).isTrue();
      SSLServerSocket settings = (SSLServerSocket) unbound;
      assertThat(settings.getUseClientMode()).isFalse();
      settings.setEnabledProtocols(new String[] {"TLSv1.2", "TLSv1"});
      assertThat(settings.getEnabledProtocols()).containsExactly("TLSv1.2");
      settings.setWantClientAuth(true);
      assertThat(settings.getSSLParameters().getWantClientAuth()).isTrue();
      unbound.setSoTimeout(50);
      assertThatThrownBy(unbound::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  /** Many short connections, closed by whoever comes first. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void closeRaces(String protocol) throws Exception {
    SSLContext clients = TestContexts.STORES.client();
    try (SSLServerSocket listening = listen(TestContexts.STORES.server(), protocol)) {
      for (int i = 0; i < 60; i++) {
        Future<Integer> served =
            serve(
                listening,
                accepted -> {
                  accepted.getOutputStream().write(new byte[1_000]);
                  return accepted.getInputStream().read();
                });
        SSLSocket socket = connect(clients, listening);
        assertThat(socket.getInputStream().readNBytes(1_000)).hasSize(1_000);
        Future<?> first = peers.submit(() -> closeQuietly(socket));
        Future<?> second = peers.submit(() -> closeQuietly(socket));
        first.get(20, TimeUnit.SECONDS);
        second.get(20, TimeUnit.SECONDS);
        assertThat(served.get(20, TimeUnit.SECONDS)).isEqualTo(-1);
      }
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
