package io.rustlsjvm.jsse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.function.Supplier;
import javax.net.ssl.SSLServerSocketFactory;

/** Makes {@link RustlsSslServerSocket}s. */
final class RustlsSslServerSocketFactory extends SSLServerSocketFactory {
  /** As {@code ServerSocket(int)} has it. */
  private static final int DEFAULT_BACKLOG = 50;

  private final Supplier<ContextCore> cores;

  /**
   * @param cores asked for each connection
   */
  RustlsSslServerSocketFactory(Supplier<ContextCore> cores) {
    this.cores = cores;
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return cores.get().defaults(false).cipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return CipherSuites.supported().toArray(new String[0]);
  }

  @Override
  public ServerSocket createServerSocket() throws IOException {
    return new RustlsSslServerSocket(cores);
  }

  @Override
  public ServerSocket createServerSocket(int port) throws IOException {
    return createServerSocket(port, DEFAULT_BACKLOG, null);
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog) throws IOException {
    return createServerSocket(port, backlog, null);
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
      throws IOException {
    return new RustlsSslServerSocket(cores, port, backlog, address);
  }
}
