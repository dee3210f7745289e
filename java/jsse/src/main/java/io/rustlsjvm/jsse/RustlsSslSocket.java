package io.rustlsjvm.jsse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import javax.net.ssl.HandshakeCompletedEvent;
import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * A blocking TLS socket, over TCP of its own or layered on another socket.
 *
 * <p>The handshake comes with the first read, write, {@code getSession} or {@code startHandshake},
 * and runs in that thread. A second {@code startHandshake} changes the keys of TLS 1.3, and does
 * nothing in TLS 1.2: there is no renegotiation. TCP_NODELAY is set from the start on connections
 * of its own; {@code setTcpNoDelay} changes that.
 */
final class RustlsSslSocket extends TransportSocket {
  private final ContextCore core;
  private final InputStream consumed;
  private final boolean autoClose;
  private final CopyOnWriteArrayList<HandshakeCompletedListener> listeners =
      new CopyOnWriteArrayList<>();
  private final InputStream in = new TlsInputStream(this);
  private final OutputStream out = new TlsOutputStream(this);

  /** Guards the engine's making. */
  private final Object makingLock = new Object();

  private final Settings settings;
  private volatile String peerHost;
  private volatile RustlsEngine engine;
  private volatile TlsPipe pipe;
  private volatile boolean closed;

  /** A socket of its own, not connected yet. */
  RustlsSslSocket(ContextCore core) {
    this(core, null);
  }

  /**
   * A socket of its own, not connected yet.
   *
   * @param peerHost who will be spoken to, or null: then {@code connect} tells
   */
  RustlsSslSocket(ContextCore core, String peerHost) {
    this(core, sendingAtOnce(new Socket()), peerHost, null, true, core.defaults(true));
  }

  /**
   * @param transport carries the bytes
   * @param peerHost who is spoken to, or null: then the transport's address tells
   * @param consumed what was read of the transport before, or null
   * @param autoClose whether the transport is closed with this
   */
  RustlsSslSocket(
      ContextCore core,
      Socket transport,
      String peerHost,
      InputStream consumed,
      boolean autoClose,
      EngineSettings settings) {
    super(transport);
    this.core = core;
    this.peerHost = peerHost;
    this.consumed = consumed;
    this.autoClose = autoClose;
    this.settings = new Settings(settings);
  }

  @Override
  public void connect(SocketAddress endpoint) throws IOException {
    connect(endpoint, 0);
  }

  @Override
  public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
    if (closed) {
      throw new SocketException("Socket is closed");
    }
    transport.connect(endpoint, timeoutMillis);
    synchronized (makingLock) {
      if (peerHost == null && endpoint instanceof InetSocketAddress) {
        // The name that the caller gave, if any; never a look-up of our own.
        peerHost = ((InetSocketAddress) endpoint).getHostString();
      }
    }
  }

  /**
   * Sets TCP_NODELAY; for transports of our own. With Nagle's algorithm (RFC 896) the data after a
   * handshake's last message waits for that one's delayed acknowledgement, some 40 ms.
   */
  static Socket sendingAtOnce(Socket transport) {
    try {
      transport.setTcpNoDelay(true);
      return transport;
    } catch (SocketException e) {
      // The peer has gone already; the first read or write says so.
      return transport;
    }
  }

  // ---- The connection --------------------------------------------------------------------------

  /** The pipe, made at its first use. */
  TlsPipe pipe() throws IOException {
    TlsPipe current = pipe;
    if (current != null) {
      return current;
    }
    synchronized (makingLock) {
      if (pipe == null) {
        if (closed) {
          throw new SocketException("Socket is closed");
        }
        if (!transport.isConnected()) {
          throw new SocketException("Socket is not connected");
        }
        RustlsEngine made =
            new RustlsEngine(core, host(), transport.getPort(), settings.values(), this);
        TlsPipe opened =
            new TlsPipe(made, transport, consumed, autoClose, core.handshakeTimeoutMillis());
        engine = made;
        pipe = opened;
      }
      return pipe;
    }
  }

  private String host() {
    if (peerHost == null && transport.getInetAddress() != null) {
      peerHost = transport.getInetAddress().getHostAddress();
    }
    return peerHost;
  }

  /** The pipe after its handshake. */
  TlsPipe connected() throws IOException {
    TlsPipe current = pipe();
    if (current.handshake()) {
      notifyListeners();
    }
    return current;
  }

  /** Shakes hands; on a connection that stands, has both ends change their keys (TLS 1.3). */
  @Override
  public void startHandshake() throws IOException {
    TlsPipe current = pipe();
    if (current.isHandshaken()) {
      current.renewKeys();
    } else {
      connected();
    }
  }

  @Override
  public SSLSession getSession() {
    try {
      connected();
      return engine.getSession();
    } catch (IOException e) {
      // JSSE: an error gives a session without a valid cipher suite, not an exception.
      return RustlsSession.none(peerHost, isConnected() ? getPort() : -1);
    }
  }

  /** Plaintext that can be read at once; none before the handshake, which this does not start. */
  int available() throws IOException {
    TlsPipe current = pipe;
    if (current != null) {
      return current.available();
    }
    requireConnected();
    return 0;
  }

  @Override
  public SSLSession getHandshakeSession() {
    RustlsEngine current = engine;
    return current == null ? null : current.getHandshakeSession();
  }

  @Override
  public String getApplicationProtocol() {
    RustlsEngine current = engine;
    return current == null ? null : current.getApplicationProtocol();
  }

  @Override
  public String getHandshakeApplicationProtocol() {
    RustlsEngine current = engine;
    return current == null ? null : current.getHandshakeApplicationProtocol();
  }

  @Override
  public void addHandshakeCompletedListener(HandshakeCompletedListener listener) {
    if (listener == null) {
      throw new IllegalArgumentException("listener is null");
    }
    listeners.addIfAbsent(listener);
  }

  @Override
  public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) {
    if (!listeners.remove(listener)) {
      throw new IllegalArgumentException("listener is not registered");
    }
  }

  /** On a thread of their own, as in the JDK: a listener may use the socket. */
  private void notifyListeners() {
    if (listeners.isEmpty()) {
      return;
    }
    HandshakeCompletedEvent event = new HandshakeCompletedEvent(this, engine.getSession());
    Thread notifier =
        new Thread(
            () -> listeners.forEach(listener -> listener.handshakeCompleted(event)),
            "rustls-handshake-completed");
    notifier.setDaemon(true);
    notifier.start();
  }

  // ---- Streams and their ends ------------------------------------------------------------------

  @Override
  public InputStream getInputStream() throws IOException {
    requireConnected();
    if (isInputShutdown()) {
      throw new SocketException("Socket input is already shutdown");
    }
    return in;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    requireConnected();
    if (isOutputShutdown()) {
      throw new SocketException("Socket output is already shutdown");
    }
    return out;
  }

  private void requireConnected() throws SocketException {
    if (isClosed()) {
      throw new SocketException("Socket is closed");
    }
    if (!isConnected()) {
      throw new SocketException("Socket is not connected");
    }
  }

  /** Sends close_notify. What the peer sends can still be read. Again, it does nothing. */
  @Override
  public void shutdownOutput() throws IOException {
    requireConnected();
    if (!isOutputShutdown()) {
      connected().shutdownOutput();
    }
  }

  @Override
  public void shutdownInput() throws IOException {
    requireConnected();
    if (!isInputShutdown()) {
      connected().shutdownInput();
    }
  }

  @Override
  public boolean isInputShutdown() {
    TlsPipe current = pipe;
    return current != null && current.isInputShutdown() || transport.isInputShutdown();
  }

  @Override
  public boolean isOutputShutdown() {
    TlsPipe current = pipe;
    return current != null && current.isOutputShutdown() || transport.isOutputShutdown();
  }

  @Override
  public boolean isClosed() {
    return closed || transport.isClosed();
  }

  /** Sends close_notify where that can be done; a thread that waits in a read is woken. */
  @Override
  public void close() throws IOException {
    TlsPipe current;
    synchronized (makingLock) {
      closed = true;
      current = pipe;
    }
    if (current != null) {
      current.close();
    } else if (autoClose) {
      transport.close();
    }
  }

  // ---- Settings --------------------------------------------------------------------------------

  @Override
  public void setUseClientMode(boolean mode) {
    synchronized (makingLock) {
      if (pipe != null) {
        throw new IllegalArgumentException("Cannot change mode after SSL traffic has started");
      }
      settings.setUseClientMode(mode);
    }
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
    return settings.getSSLParameters(peerHost);
  }

  @Override
  public void setSSLParameters(SSLParameters parameters) {
    settings.setSSLParameters(parameters);
  }

  /** For servers; a client's is kept and never called. */
  @Override
  public void setHandshakeApplicationProtocolSelector(
      BiFunction<SSLSocket, List<String>, String> selector) {
    settings.setSocketSelector(selector);
  }

  @Override
  public BiFunction<SSLSocket, List<String>, String> getHandshakeApplicationProtocolSelector() {
    return settings.getSocketSelector();
  }

  @Override
  public String toString() {
    RustlsEngine current = engine;
    SSLSession session = current == null ? RustlsSession.none(null, -1) : current.getSession();
    return "RustlsSslSocket["
        + (getUseClientMode() ? "client" : "server")
        + ", label="
        + core.label()
        + ", "
        + transport
        + ", "
        + session.getProtocol()
        + ", "
        + session.getCipherSuite()
        + "]";
  }
}
