package io.rustlsjvm.jsse;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A handshake that finished. The first fields are those of the JDK's {@code jdk.TLSHandshake}. */
@Name("io.rustlsjvm.TLSHandshake")
@Label("TLS Handshake by rustls")
@Category({"rustls-jvm"})
@Description("A TLS handshake that finished; the duration is from its start to its end")
@StackTrace(false)
final class TlsHandshakeEvent extends Event {
  @Label("Peer Host")
  @Description("Name or address, where the engine was told it; empty otherwise")
  String peerHost;

  @Label("Peer Port")
  int peerPort;

  @Label("Protocol Version")
  String protocolVersion;

  @Label("Cipher Suite")
  String cipherSuite;

  @Label("Channel")
  @Description("The label of the context, such as data-server")
  String channel;

  @Label("Client")
  @Description("Whether this end is the client")
  boolean client;

  @Label("Peer Subject")
  @Description("Subject of the peer's certificate, where it has shown one")
  String peerSubject;

  @Label("Named Group")
  @Description("The group of the key exchange, where there was one")
  String namedGroup;

  @Label("Resumed")
  @Description("Whether an earlier session was resumed")
  boolean resumed;
}
