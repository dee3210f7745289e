package io.rustlsjvm.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** An echo behind real sockets, and clients that leave it in every way there is. */
final class SoakSockets implements Closeable {
  private static final int LISTENERS = 4;
  private static final int TIMEOUT_MILLIS = 5_000;

  private final SoakContexts contexts;
  private final SoakCounts counts;
  private final SSLServerSocket listener;

  SoakSockets(SoakContexts contexts, SoakCounts counts) throws IOException {
    this.contexts = contexts;
    this.counts = counts;
    listener =
        (SSLServerSocket)
            contexts
                .managers
                .getServerSocketFactory()
                .createServerSocket(0, 100, InetAddress.getLoopbackAddress());
    listener.setNeedClientAuth(true);
    for (int i = 0; i < LISTENERS; i++) {
      Thread thread = new Thread(this::echo, "echo-" + i);
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void echo() {
    byte[] buffer = new byte[4096];
    while (!listener.isClosed()) {
      try (SSLSocket socket = (SSLSocket) listener.accept()) {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        for (int count; (count = in.read(buffer)) >= 0; ) {
          out.write(buffer, 0, count);
        }
      } catch (IOException expected) {
        // Most clients are rude.
        continue;
      }
    }
  }

  /**
   * One connection, left in a way chosen at random.
   *
   * @throws IOException when what should have worked did not
   */
  void next(Random random) throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    Socket plain = new Socket(here, listener.getLocalPort());
    plain.setSoTimeout(TIMEOUT_MILLIS);
    int dice = random.nextInt(20);
    if (dice == 0) {
      plain.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 252, 3, 3, 7});
      plain.close();
      counts.broken.incrementAndGet();
      return;
    }
    SSLContext context = dice == 1 ? contexts.strangeManagers : contexts.managers;
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(plain, Engines.HOST, listener.getLocalPort(), true);
    socket.setEnabledProtocols(new String[] {random.nextBoolean() ? "TLSv1.2" : "TLSv1.3"});
    if (dice == 1) {
      refused(socket);
      return;
    }
    byte[] sent = new byte[1 + random.nextInt(40_000)];
    OutputStream out = socket.getOutputStream();
    out.write(sent);
    byte[] back = socket.getInputStream().readNBytes(sent.length);
    if (back.length != sent.length) {
      throw new SSLException("of " + sent.length + " bytes came back " + back.length);
    }
    counts.handshakes.incrementAndGet();
    switch (dice) {
      case 2:
        plain.setSoLinger(true, 0);
        plain.close();
        break;
      case 3:
        socket.shutdownOutput();
        if (socket.getInputStream().read() >= 0) {
          throw new SSLException("data after the end");
        }
        socket.close();
        break;
      case 4:
        // No goodbye, an orderly end of the stream below.
        plain.close();
        break;
      case 5:
        // Left to the collector; the echo gives up after its time.
        break;
      default:
        socket.close();
    }
  }

  private void refused(SSLSocket socket) throws IOException {
    boolean worked = true;
    try (SSLSocket closed = socket) {
      closed.startHandshake();
    } catch (SSLException expected) {
      worked = false;
    }
    if (worked) {
      counts.surprise("socket", new SSLException("a client believed a stranger"));
    }
    counts.broken.incrementAndGet();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
