package io.rustlsjvm.it;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLSocket;

/** Many connections to one port, all open at the same time. */
final class OpenConnections implements AutoCloseable {
  private static final int THREADS = 8;

  private final List<SSLSocket> sockets = new ArrayList<>();

  private OpenConnections() {}

  /** What is done with a new connection, by several threads. */
  interface Greeting {
    void say(SSLSocket socket) throws IOException;
  }

  /**
   * Opens them.
   *
   * @param count how many
   * @param greeting what is said on each
   * @throws IOException when one of them fails
   */
  static OpenConnections open(Dialer dialer, int count, Greeting greeting) throws IOException {
    OpenConnections connections = new OpenConnections();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<SSLSocket>> made = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        made.add(
            threads.submit(
                () -> {
                  SSLSocket socket = dialer.connect();
                  greeting.say(socket);
                  return socket;
                }));
      }
      for (Future<SSLSocket> one : made) {
        connections.sockets.add(one.get());
      }
      return connections;
    } catch (ExecutionException e) {
      connections.close();
      throw new IOException("A connection failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      connections.close();
      throw new IOException("interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * How many the server has kept, of those that it says nothing on.
   *
   * @throws IOException when a socket cannot be set up for reading
   */
  int silent() throws IOException {
    int silent = 0;
    for (SSLSocket socket : sockets) {
      socket.setSoTimeout(1);
      try {
        socket.getInputStream().read();
      } catch (SocketTimeoutException e) {
        silent++;
      } catch (IOException e) {
        // The server has ended it.
      }
    }
    return silent;
  }

  /**
   * Says something on each once more.
   *
   * @throws IOException when one of them fails
   */
  void forEach(Greeting greeting) throws IOException {
    for (SSLSocket socket : sockets) {
      greeting.say(socket);
    }
  }

  @Override
  public void close() throws IOException {
    for (SSLSocket socket : sockets) {
      socket.close();
    }
  }
}
