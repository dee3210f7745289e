package io.rustlsjvm.flink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Two engines that talk in memory. */
final class EngineTalk {
  private static final int PATIENCE = 200;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine client;
  private final SSLEngine server;
  private final ByteBuffer toServer = ByteBuffer.allocate(1 << 18).flip();
  private final ByteBuffer toClient = ByteBuffer.allocate(1 << 18).flip();

  private EngineTalk(SSLContext clients, SSLContext servers) {
    client = clients.createSSLEngine("localhost", 4711);
    client.setUseClientMode(true);
    server = servers.createSSLEngine();
    server.setUseClientMode(false);
  }

  /** Shakes hands and says a word each way. */
  static EngineTalk between(SSLContext clients, SSLContext servers) throws SSLException {
    EngineTalk talk = new EngineTalk(clients, servers);
    talk.client.beginHandshake();
    talk.server.beginHandshake();
    boolean clientDone = false;
    boolean serverDone = false;
    for (int steps = 0; !(clientDone && serverDone); steps++) {
      if (steps == PATIENCE) {
        throw new SSLException("the handshake does not end");
      }
      clientDone |= step(talk.client, talk.toServer, talk.toClient);
      serverDone |= step(talk.server, talk.toClient, talk.toServer);
    }
    talk.exchange();
    return talk;
  }

  /** Says a word each way. */
  void exchange() throws SSLException {
    send(client, toServer, server);
    send(server, toClient, client);
  }

  /** The subject that the server has shown. */
  String shownByServer() throws SSLPeerUnverifiedException {
    return client.getSession().getPeerPrincipal().getName();
  }

  /** The same for a session and those that resume it. */
  byte[] sessionOfClient() {
    return client.getSession().getId();
  }

  private static boolean step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK:
        engine.getDelegatedTask().run();
        return false;
      case NEED_WRAP:
        return isFinished(wrap(engine, NOTHING, out));
      default:
        return in.hasRemaining()
            && isFinished(
                engine.unwrap(in, ByteBuffer.allocate(engine.getSession().getPacketBufferSize())));
    }
  }

  private static boolean isFinished(SSLEngineResult result) {
    return result.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.FINISHED;
  }

  private static SSLEngineResult wrap(SSLEngine engine, ByteBuffer source, ByteBuffer wire)
      throws SSLException {
    wire.compact();
    try {
      return engine.wrap(source, wire);
    } finally {
      wire.flip();
    }
  }

  private static void send(SSLEngine from, ByteBuffer wire, SSLEngine to) throws SSLException {
    wrap(from, ByteBuffer.wrap("word".getBytes(StandardCharsets.US_ASCII)), wire);
    ByteBuffer received = ByteBuffer.allocate(1 << 15);
    while (wire.hasRemaining()) {
      to.unwrap(wire, received); // tickets come before the word
    }
    if (received.position() != 4) {
      throw new SSLException(received.position() + " bytes came");
    }
  }
}
