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

  /** What accepted sockets start with; guarded by itself. */
  private final EngineSettings settings;

  /**
   * One that is not bound yet.
   *
   * @param cores asked for each connection
   */
  RustlsSslServerSocket(Supplier<ContextCore> cores) throws IOException {
    this.cores = cores;
    this.settings = cores.get().newSettings(false);
  }

  RustlsSslServerSocket(Supplier<ContextCore> cores, int port, int backlog, InetAddress address)
      throws IOException {
    super(port, backlog, address);
    this.cores = cores;
    this.settings = cores.get().newSettings(false);
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
    synchronized (settings) {
      return new RustlsSslSocket(core, transport, null, null, true, new EngineSettings(settings));
    }
  }

  @Override
  public void setUseClientMode(boolean mode) {
    synchronized (settings) {
      settings.setClient(mode);
    }
  }

  @Override
  public boolean getUseClientMode() {
    synchronized (settings) {
      return settings.client();
    }
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return CipherSuites.supported().toArray(new String[0]);
  }

  @Override
  public String[] getEnabledCipherSuites() {
    synchronized (settings) {
      return settings.cipherSuites();
    }
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {
    synchronized (settings) {
      settings.setCipherSuites(suites);
    }
  }

  @Override
  public String[] getSupportedProtocols() {
    return Protocols.SUPPORTED.toArray(new String[0]);
  }

  @Override
  public String[] getEnabledProtocols() {
    synchronized (settings) {
      return settings.protocols();
    }
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {
    synchronized (settings) {
      settings.setProtocols(protocols);
    }
  }

  @Override
  public void setNeedClientAuth(boolean need) {
    setClientAuthentication(need, ClientAuthentication.NEED);
  }

  @Override
  public boolean getNeedClientAuth() {
    return isClientAuthentication(ClientAuthentication.NEED);
  }

  @Override
  public void setWantClientAuth(boolean want) {
    setClientAuthentication(want, ClientAuthentication.WANT);
  }

  @Override
  public boolean getWantClientAuth() {
    return isClientAuthentication(ClientAuthentication.WANT);
  }

  private void setClientAuthentication(boolean set, ClientAuthentication wanted) {
    synchronized (settings) {
      settings.setClientAuthentication(set ? wanted : ClientAuthentication.NONE);
    }
  }

  private boolean isClientAuthentication(ClientAuthentication asked) {
    synchronized (settings) {
      return settings.clientAuthentication() == asked;
    }
  }

  @Override
  public void setEnableSessionCreation(boolean flag) {
    synchronized (settings) {
      settings.setSessionCreation(flag);
    }
  }

  @Override
  public boolean getEnableSessionCreation() {
    synchronized (settings) {
      return settings.sessionCreation();
    }
  }

  @Override
  public SSLParameters getSSLParameters() {
    synchronized (settings) {
      return settings.toParameters();
    }
  }

  @Override
  public void setSSLParameters(SSLParameters parameters) {
    synchronized (settings) {
      settings.apply(parameters);
    }
  }

  @Override
  public String toString() {
    return "RustlsSslServerSocket[label=" + cores.get().label() + ", " + super.toString() + "]";
  }
}
