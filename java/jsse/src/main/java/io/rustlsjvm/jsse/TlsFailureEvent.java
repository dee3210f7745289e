package io.rustlsjvm.jsse;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A connection that failed, in its handshake or later. */
@Name("io.rustlsjvm.TLSFailure")
@Label("TLS Failure by rustls")
@Category({"rustls-jvm"})
@Description("A TLS connection that failed")
@StackTrace(false)
final class TlsFailureEvent extends Event {
  @Label("Peer Host")
  @Description("Name or address, where the engine was told it; empty otherwise")
  String peerHost;

  @Label("Peer Port")
  int peerPort;

  @Label("Channel")
  @Description("The label of the context, such as data-server")
  String channel;

  @Label("Client")
  @Description("Whether this end is the client")
  boolean client;

  @Label("Alert")
  @Description("The alert that ended the connection and who sent it, such as 'sent unknown_ca'")
  String alert;

  @Label("Reason")
  String reason;

  @Label("Established")
  @Description("Whether the handshake had finished")
  boolean established;
}
