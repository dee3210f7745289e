package io.rustlsjvm.jsse;

import java.net.InetSocketAddress;
import jdk.jfr.FlightRecorder;

/**
 * The only class that touches {@code jdk.jfr}, with the two events.
 *
 * <p>The first event that is made costs more than a tenth of a second, recorded or not; so none is
 * made before there is a recorder.
 */
final class FlightRecorderEvents extends HandshakeEvents {
  @Override
  Object begin() {
    if (!FlightRecorder.isInitialized()) {
      return null;
    }
    TlsHandshakeEvent event = new TlsHandshakeEvent();
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return event;
  }

  @Override
  void finished(
      Object begun, RustlsEngine engine, String peerSubject, String group, boolean resumed) {
    TlsHandshakeEvent event = (TlsHandshakeEvent) begun;
    event.end();
    if (event.shouldCommit()) {
      event.channel = engine.label();
      event.client = engine.getUseClientMode();
      event.peerHost = peerHost(engine);
      event.peerPort = peerPort(engine);
      event.peerSubject = peerSubject;
      event.protocolVersion = engine.getSession().getProtocol();
      event.cipherSuite = engine.getSession().getCipherSuite();
      event.namedGroup = group;
      event.resumed = resumed;
      event.commit();
    }
  }

  @Override
  void failed(RustlsEngine engine, String alert, String reason, boolean established) {
    if (!FlightRecorder.isInitialized()) {
      return;
    }
    TlsFailureEvent event = new TlsFailureEvent();
    if (event.isEnabled()) {
      event.channel = engine.label();
      event.client = engine.getUseClientMode();
      event.peerHost = peerHost(engine);
      event.peerPort = peerPort(engine);
      event.alert = alert;
      event.reason = reason;
      event.established = established;
      event.commit();
    }
  }

  /** The name that the engine was made with, else the address that it was told. */
  private static String peerHost(RustlsEngine engine) {
    InetSocketAddress remote = engine.remote();
    if (engine.getPeerHost() != null || remote == null) {
      return engine.getPeerHost();
    }
    return remote.isUnresolved() ? remote.getHostString() : remote.getAddress().getHostAddress();
  }

  private static int peerPort(RustlsEngine engine) {
    InetSocketAddress remote = engine.remote();
    return engine.getPeerHost() != null || remote == null ? engine.getPeerPort() : remote.getPort();
  }
}
