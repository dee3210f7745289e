package io.rustlsjvm.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Opens connections to one port with the JDK's TLS, each with a whole handshake. */
final class Dialer {
  private static final int LIMIT_MILLIS = 60_000;
  private static final AtomicLong NUMBER = new AtomicLong();

  private final SSLContext context;
  private final int port;

  /**
   * @param context whom to trust and what to show
   * @param port of this machine
   */
  Dialer(SSLContext context, int port) {
    this.context = context;
    this.port = port;
  }

  /**
   * Connects, and has shaken hands as far as the client can see: with TLS 1.3, whether the server
   * believes it comes only with what is read.
   *
   * @throws IOException when the server refuses
   */
  SSLSocket connect() throws IOException {
    Socket transport = new Socket(InetAddress.getLoopbackAddress(), port);
    try {
      // The JDK looks for sessions to resume by the name, which it does not send: it has no dot.
      String name = "connection-" + NUMBER.incrementAndGet();
      SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket(transport, name, port, true);
      socket.setSoTimeout(LIMIT_MILLIS);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      transport.close();
      throw e;
    }
  }
}
