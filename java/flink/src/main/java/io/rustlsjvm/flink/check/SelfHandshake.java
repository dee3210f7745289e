package io.rustlsjvm.flink.check;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A channel's client against its server: by engines in memory, or by sockets on this host. */
final class SelfHandshake {
  private static final int TIMEOUT_MILLIS = 10_000;

  /** More than both ends send in a handshake, even with giant chains. */
  private static final int WIRE = 1 << 18;

  /** Steps after which two engines would never come to an end. */
  private static final int PATIENCE = 1_000;

  private final SSLContext client;
  private final SSLContext server;
  private final String host;

  /**
   * @param host whom the client takes the server for
   */
  SelfHandshake(SSLContext client, SSLContext server, String host) {
    this.client = client;
    this.server = server;
    this.host = host;
  }

  /** As RPC, data plane and REST do it. */
  Negotiated byEngines() throws HandshakeFailure {
    return byEngines(client.createSSLEngine(host, 1));
  }

  /** Whether it would work but for the server's name. */
  boolean worksUnderAnyName() {
    SSLEngine engine = client.createSSLEngine(host, 1);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("");
    engine.setSSLParameters(parameters);
    try {
      byEngines(engine);
      return true;
    } catch (HandshakeFailure e) {
      return false;
    }
  }

  private Negotiated byEngines(SSLEngine clientEngine) throws HandshakeFailure {
    SSLEngine serverEngine = server.createSSLEngine();
    clientEngine.setUseClientMode(true);
    serverEngine.setUseClientMode(false);
    ByteBuffer toServer = ByteBuffer.allocate(WIRE);
    ByteBuffer toClient = ByteBuffer.allocate(WIRE);
    for (int i = 0; i < PATIENCE; i++) {
      boolean clientDone = step(clientEngine, toServer, toClient);
      boolean serverDone = step(serverEngine, toClient, toServer);
      if (clientDone && serverDone) {
        return new Negotiated(clientEngine.getSession());
      }
    }
    throw new HandshakeFailure(true, new SSLException("the handshake does not come to an end"));
  }

  /** One thing that the engine wants; true when its handshake is over. */
  private static boolean step(SSLEngine engine, ByteBuffer out, ByteBuffer in)
      throws HandshakeFailure {
    try {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK:
          engine.getDelegatedTask().run();
          return false;
        case NEED_WRAP:
          engine.wrap(ByteBuffer.allocate(0), out);
          return false;
        case NEED_UNWRAP:
          return unwrap(engine, in);
        default:
          if (!hasSession(engine)) {
            engine.beginHandshake();
            return false;
          }
          return true;
      }
    } catch (SSLException e) {
      throw new HandshakeFailure(engine.getUseClientMode(), e);
    }
  }

  private static boolean unwrap(SSLEngine engine, ByteBuffer in) throws SSLException {
    in.flip();
    try {
      SSLEngineResult result =
          engine.unwrap(in, ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()));
      return result.getHandshakeStatus() == HandshakeStatus.FINISHED;
    } finally {
      in.compact();
    }
  }

  private static boolean hasSession(SSLEngine engine) {
    return !engine.getSession().getProtocol().equals("NONE");
  }

  /** As the blob service does it. */
  Negotiated bySockets() throws HandshakeFailure, IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    ExecutorService accepting = Executors.newSingleThreadExecutor();
    try (SSLServerSocket listening =
        (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 1, loopback)) {
      listening.setSoTimeout(TIMEOUT_MILLIS);
      Future<Void> accepted =
          accepting.submit(
              () -> {
                try (SSLSocket socket = (SSLSocket) listening.accept()) {
                  socket.setSoTimeout(TIMEOUT_MILLIS);
                  socket.startHandshake();
                  socket.getOutputStream().write(1);
                  socket.getInputStream().read();
                }
                return null;
              });
      return bySocket(
          new InetSocketAddress(
              InetAddress.getByAddress(host, loopback.getAddress()), listening.getLocalPort()),
          accepted);
    } finally {
      accepting.shutdownNow();
    }
  }

  private Negotiated bySocket(InetSocketAddress address, Future<Void> accepted)
      throws HandshakeFailure, IOException {
    IOException clientFailure = null;
    Negotiated negotiated = null;
    try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket()) {
      socket.connect(address, TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.startHandshake();
      // TLS 1.3: only now it is known whether the server takes the client's certificate.
      socket.getInputStream().read();
      negotiated = new Negotiated(socket.getSession());
      socket.getOutputStream().write(1);
    } catch (IOException e) {
      clientFailure = e;
    }
    IOException serverFailure = failure(accepted);
    if (serverFailure != null && !isAlert(serverFailure)) {
      throw new HandshakeFailure(false, serverFailure);
    }
    if (clientFailure != null) {
      throw new HandshakeFailure(true, clientFailure);
    }
    return negotiated;
  }

  private static IOException failure(Future<Void> accepted) throws IOException {
    try {
      accepted.get();
      return null;
    } catch (ExecutionException e) {
      return e.getCause() instanceof IOException
          ? (IOException) e.getCause()
          : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** The other end's fault, of which this one has only been told. */
  static boolean isAlert(Exception e) {
    return e.getMessage() != null && e.getMessage().startsWith("Received fatal alert");
  }
}
