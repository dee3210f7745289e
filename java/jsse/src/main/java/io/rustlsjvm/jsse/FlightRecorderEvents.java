package io.rustlsjvm.jsse;

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
      event.peerHost = engine.getPeerHost();
      event.peerPort = engine.getPeerPort();
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
      event.peerHost = engine.getPeerHost();
      event.peerPort = engine.getPeerPort();
      event.alert = alert;
      event.reason = reason;
      event.established = established;
      event.commit();
    }
  }
}
