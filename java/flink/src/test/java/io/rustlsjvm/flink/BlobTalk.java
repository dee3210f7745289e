package io.rustlsjvm.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocket;
import org.apache.flink.configuration.Configuration;

/** A blob server's socket and a client's factory, made once and used for many connections. */
final class BlobTalk implements AutoCloseable {
  private static final int MILLIS = 20_000;

  private final ServerSocket server;
  private final SocketFactory clients;

  BlobTalk(Configuration config) throws Exception {
    server =
        SslFactories.blobServer(config).createServerSocket(0, 5, InetAddress.getLoopbackAddress());
    clients = SslFactories.blobClient(config);
  }

  /** The subject that the server shows in a new connection; empty where they do not agree. */
  String shownByServer() throws Exception {
    CompletableFuture<Void> accepted = CompletableFuture.runAsync(this::accept);
    String shown = "";
    try (Socket socket = clients.createSocket()) {
      socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), MILLIS);
      socket.setSoTimeout(MILLIS);
      if (socket.getInputStream().read() == 42) {
        shown = ((SSLSocket) socket).getSession().getPeerPrincipal().getName();
      }
    } catch (IOException e) {
      // One end has the new files already, the other not yet.
      shown = "";
    }
    accepted.join();
    return shown;
  }

  private void accept() {
    Socket socket;
    try {
      socket = server.accept();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (Socket used = socket) {
      used.setSoTimeout(MILLIS);
      used.getOutputStream().write(42);
    } catch (IOException e) {
      // The client says so, too.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
