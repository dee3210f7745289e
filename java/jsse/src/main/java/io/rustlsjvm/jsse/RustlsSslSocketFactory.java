package io.rustlsjvm.jsse;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;

/** Makes {@link RustlsSslSocket}s. */
final class RustlsSslSocketFactory extends SSLSocketFactory {
  private final Supplier<ContextCore> cores;

  /**
   * @param cores asked for each socket
   */
  RustlsSslSocketFactory(Supplier<ContextCore> cores) {
    this.cores = cores;
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return cores.get().defaults(true).cipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return CipherSuites.supported().toArray(new String[0]);
  }

  @Override
  public Socket createSocket() {
    return new RustlsSslSocket(cores.get());
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(address(host, port), host, null);
  }

  /** {@code SocketFactory}: null is the loopback address. */
  private static InetSocketAddress address(String host, int port) {
    return host == null
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
        : new InetSocketAddress(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connected(address(host, port), host, new InetSocketAddress(localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port), null, null);
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    return connected(
        new InetSocketAddress(address, port), null, new InetSocketAddress(localAddress, localPort));
  }

  @SuppressWarnings("resource") // the caller's, unless it cannot be connected
  private Socket connected(InetSocketAddress to, String host, InetSocketAddress from)
      throws IOException {
    RustlsSslSocket socket = new RustlsSslSocket(cores.get(), host);
    try {
      if (from != null) {
        socket.bind(from);
      }
      socket.connect(to);
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** A client's TLS over a socket that is connected already. */
  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    requireConnected(socket);
    ContextCore core = cores.get();
    return new RustlsSslSocket(core, socket, host, null, autoClose, core.defaults(true));
  }

  /** A server's TLS over a socket of which somebody may have read the beginning. */
  @Override
  public Socket createSocket(Socket socket, InputStream consumed, boolean autoClose)
      throws IOException {
    requireConnected(socket);
    ContextCore core = cores.get();
    return new RustlsSslSocket(core, socket, null, consumed, autoClose, core.defaults(false));
  }

  private static void requireConnected(Socket socket) throws SocketException {
    if (socket == null) {
      throw new NullPointerException("the existing socket cannot be null");
    }
    if (!socket.isConnected()) {
      throw new SocketException("Underlying socket is not connected");
    }
  }
}
