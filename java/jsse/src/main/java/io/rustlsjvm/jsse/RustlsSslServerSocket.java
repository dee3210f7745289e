package io.rustlsjvm.jsse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;

/**
 * Accepts connections whose TLS starts with their first use, not in {@code accept}: a client that
 * dawdles holds up nobody but itself.
 */
final class RustlsSslServerSocket extends SSLServerSocket {
  private final Supplier<ContextCore> cores;

  /** What accepted sockets start with. */
  private final Settings settings;

  /**
   * One that is not bound yet.
   *
   * @param cores asked for each connection
   */
  RustlsSslServerSocket(Supplier<ContextCore> cores) throws IOException {
    this.cores = cores;
    this.settings = new Settings(cores.get().defaults(false));
  }

  RustlsSslServerSocket(Supplier<ContextCore> cores, int port, int backlog, InetAddress address)
      throws IOException {
    super(port, backlog, address);
    this.cores = cores;
    this.settings = new Settings(cores.get().defaults(false));
  }

  @Override
  @SuppressWarnings("resource") // the caller's
  public Socket accept() throws IOException {
    Socket transport = new Socket();
    try {
      implAccept(transport);
    } catch (IOException | RuntimeException e) {
      transport.close();
      throw e;
    }
    RustlsSslSocket.sendingAtOnce(transport);
    ContextCore core = cores.get();
    return new RustlsSslSocket(core, transport, null, null, true, settings.values());
  }

  @Override
  public void setUseClientMode(boolean mode) {
    settings.setUseClientMode(mode);
  }

  @Override
  public boolean getUseClientMode() {
    return settings.getUseClientMode();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return CipherSuites.supported().toArray(new String[0]);
  }

  @Override
  public String[] getEnabledCipherSuites() {
    return settings.getEnabledCipherSuites();
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {
    settings.setEnabledCipherSuites(suites);
  }

  @Override
  public String[] getSupportedProtocols() {
    return Protocols.SUPPORTED.toArray(new String[0]);
  }

  @Override
  public String[] getEnabledProtocols() {
    return settings.getEnabledProtocols();
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {
    settings.setEnabledProtocols(protocols);
  }

  @Override
  public void setNeedClientAuth(boolean need) {
    settings.setNeedClientAuth(need);
  }

  @Override
  public boolean getNeedClientAuth() {
    return settings.getNeedClientAuth();
  }

  @Override
  public void setWantClientAuth(boolean want) {
    settings.setWantClientAuth(want);
  }

  @Override
  public boolean getWantClientAuth() {
    return settings.getWantClientAuth();
  }

  @Override
  public void setEnableSessionCreation(boolean flag) {
    settings.setEnableSessionCreation(flag);
  }

  @Override
  public boolean getEnableSessionCreation() {
    return settings.getEnableSessionCreation();
  }

  @Override
  public SSLParameters getSSLParameters() {
    return settings.getSSLParameters(null);
  }

  @Override
  public void setSSLParameters(SSLParameters parameters) {
    settings.setSSLParameters(parameters);
  }

  @Override
  public String toString() {
    return "RustlsSslServerSocket[label=" + cores.get().label() + ", " + super.toString() + "]";
  }
}
