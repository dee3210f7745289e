package io.rustlsjvm.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A client that begins to shake hands, and then says nothing more. */
final class SlowPeer {
  private static final int LIMIT_SECONDS = 60;

  private final CompletableFuture<Void> end = new CompletableFuture<>();

  /**
   * Connects, and waits in a thread of its own.
   *
   * @param port of this machine
   * @param beginning what it says
   * @throws IOException when it cannot connect
   */
  SlowPeer(int port, byte[] beginning) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.getOutputStream().write(beginning);
    Thread reader = new Thread(() -> read(socket), "slow peer");
    reader.setDaemon(true);
    reader.start();
  }

  private void read(Socket socket) {
    try (Socket closing = socket) {
      closing.setSoTimeout((int) TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
      closing.getInputStream().readAllBytes();
      end.complete(null);
    } catch (SocketTimeoutException e) {
      end.completeExceptionally(e);
    } catch (IOException e) {
      end.complete(null); // a reset ends it, too
    }
  }

  /** Done when the server has hung up; failed when it does not. */
  CompletableFuture<Void> end() {
    return end;
  }
}
