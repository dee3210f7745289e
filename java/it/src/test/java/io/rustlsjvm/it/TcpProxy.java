package io.rustlsjvm.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A piece of network between clients and one port of this machine, which can fail. */
final class TcpProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private enum State {
    WHOLE,
    STALLED,
    CUT
  }

  private final int target;
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private State state = State.WHOLE;
  private long carried;

  /**
   * Starts to forward.
   *
   * @param target the port to forward to, where nobody has to listen yet
   * @throws IOException when it cannot listen
   */
  TcpProxy(int target) throws IOException {
    this.target = target;
    this.listening = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  /** Where it listens. */
  int port() {
    return listening.getLocalPort();
  }

  /** From now on nothing is forwarded, and nobody is told. */
  synchronized void stall() {
    state = State.STALLED;
  }

  /** All connections end, and so does every new one. */
  void cut() {
    synchronized (this) {
      state = State.CUT;
      notifyAll();
    }
    open.forEach(this::end);
  }

  /** Goes on where it has stalled, and takes new connections. */
  synchronized void heal() {
    state = State.WHOLE;
    notifyAll();
  }

  /** How many bytes it has forwarded. */
  synchronized long carried() {
    return carried;
  }

  @Override
  public void close() throws IOException {
    cut();
    listening.close();
  }

  private void accept() {
    while (true) {
      try {
        connect(listening.accept());
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void connect(Socket client) {
    Socket server = new Socket();
    open.add(client);
    open.add(server);
    try {
      server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    } catch (IOException e) {
      end(client);
      end(server);
      return;
    }
    start(() -> forward(client, server));
    start(() -> forward(server, client));
  }

  private void forward(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int length = in.read(buffer);
      while (length >= 0 && let(length)) {
        out.write(buffer, 0, length);
        length = in.read(buffer);
      }
    } catch (IOException e) {
      // Either end has gone: so does the other.
    }
    end(from);
    end(to);
  }

  /** Whether bytes may pass; waits while it has stalled. */
  private synchronized boolean let(int length) {
    try {
      while (state == State.STALLED) {
        wait();
      }
    } catch (InterruptedException e) {
      return false;
    }
    carried += length;
    return state == State.WHOLE;
  }

  private void end(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use any more.
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "proxy");
    thread.setDaemon(true);
    thread.start();
  }
}
