package io.rustlsjvm.jsse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.util.Set;
import javax.net.ssl.SSLSocket;

/**
 * A TLS socket's plain side: addresses and options are those of the socket that carries the bytes,
 * be it our own or one that TLS is layered on.
 */
abstract class TransportSocket extends SSLSocket {
  /** Carries the bytes. */
  final Socket transport;

  TransportSocket(Socket transport) {
    this.transport = transport;
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    transport.bind(address);
  }

  @Override
  public InetAddress getInetAddress() {
    return transport.getInetAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return transport.getLocalAddress();
  }

  @Override
  public int getPort() {
    return transport.getPort();
  }

  @Override
  public int getLocalPort() {
    return transport.getLocalPort();
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return transport.getRemoteSocketAddress();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return transport.getLocalSocketAddress();
  }

  /** None: a TLS socket's bytes are not those of its channel. */
  @Override
  public SocketChannel getChannel() {
    return null;
  }

  @Override
  public boolean isConnected() {
    return transport.isConnected();
  }

  @Override
  public boolean isBound() {
    return transport.isBound();
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    transport.setTcpNoDelay(on);
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    return transport.getTcpNoDelay();
  }

  @Override
  public void setSoLinger(boolean on, int seconds) throws SocketException {
    transport.setSoLinger(on, seconds);
  }

  @Override
  public int getSoLinger() throws SocketException {
    return transport.getSoLinger();
  }

  /**
   * @throws SocketException always: urgent data would stand in the middle of records
   */
  @Override
  public void sendUrgentData(int data) throws IOException {
    throw new SocketException("This method is not supported by SSLSockets");
  }

  /**
   * @throws SocketException always, as {@link #sendUrgentData}
   */
  @Override
  public void setOOBInline(boolean on) throws SocketException {
    throw new SocketException("This method is ineffective, since sending urgent data is not");
  }

  /**
   * @throws SocketException always, as {@link #sendUrgentData}
   */
  @Override
  public boolean getOOBInline() throws SocketException {
    throw new SocketException("This method is ineffective, since sending urgent data is not");
  }

  @Override
  public void setSoTimeout(int milliseconds) throws SocketException {
    transport.setSoTimeout(milliseconds);
  }

  @Override
  public int getSoTimeout() throws SocketException {
    return transport.getSoTimeout();
  }

  @Override
  public void setSendBufferSize(int bytes) throws SocketException {
    transport.setSendBufferSize(bytes);
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return transport.getSendBufferSize();
  }

  @Override
  public void setReceiveBufferSize(int bytes) throws SocketException {
    transport.setReceiveBufferSize(bytes);
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return transport.getReceiveBufferSize();
  }

  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    transport.setKeepAlive(on);
  }

  @Override
  public boolean getKeepAlive() throws SocketException {
    return transport.getKeepAlive();
  }

  @Override
  public void setTrafficClass(int trafficClass) throws SocketException {
    transport.setTrafficClass(trafficClass);
  }

  @Override
  public int getTrafficClass() throws SocketException {
    return transport.getTrafficClass();
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    transport.setReuseAddress(on);
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    return transport.getReuseAddress();
  }

  @Override
  public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
    transport.setPerformancePreferences(connectionTime, latency, bandwidth);
  }

  @Override
  public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
    transport.setOption(name, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    return transport.getOption(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return transport.supportedOptions();
  }
}
