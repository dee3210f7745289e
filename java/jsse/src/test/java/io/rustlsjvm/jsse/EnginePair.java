package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** Two engines and the wires between them, in memory. */
final class EnginePair {
  /** Steps after which two engines that still shake hands will never end. */
  private static final int PATIENCE = 200;

  final SSLEngine client;
  final SSLEngine server;

  /** What the client has sent and the server not read; in reading position. */
  final ByteBuffer toServer = ByteBuffer.allocateDirect(1 << 18).flip();

  final ByteBuffer toClient = ByteBuffer.allocate(1 << 18).flip();

  boolean clientFinished;
  boolean serverFinished;

  EnginePair(SSLEngine client, SSLEngine server) {
    this.client = client;
    this.server = server;
    client.setUseClientMode(true);
    server.setUseClientMode(false);
  }

  static EnginePair of(SSLContext client, SSLContext server) {
    return new EnginePair(client.createSSLEngine("localhost", 4711), server.createSSLEngine());
  }

  EnginePair protocols(String... names) {
    client.setEnabledProtocols(names);
    server.setEnabledProtocols(names);
    return this;
  }

  EnginePair mutual() {
    server.setNeedClientAuth(true);
    return this;
  }

  /** Shakes hands, and carries over what is sent right afterwards (tickets). */
  EnginePair handshake() throws SSLException {
    client.beginHandshake();
    server.beginHandshake();
    int steps = 0;
    while (!(clientFinished && serverFinished)) {
      assertThat(steps++).as("steps of a handshake, %s, %s", client, server).isLessThan(PATIENCE);
      clientFinished |= step(client, toServer, toClient);
      serverFinished |= step(server, toClient, toServer);
    }
    settle();
    return this;
  }

  /** Lets both write what they have to and read what there is. */
  void settle() throws SSLException {
    for (int i = 0; i < 8; i++) {
      step(client, toServer, toClient);
      step(server, toClient, toServer);
    }
  }

  /** One thing that the engine wants; true when that finished its handshake. */
  static boolean step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK:
        Runnable task = engine.getDelegatedTask();
        assertThat(task).as("the task that is needed").isNotNull();
        assertThat(engine.getDelegatedTask()).as("the same task again").isNull();
        task.run();
        return false;
      case NEED_WRAP:
        SSLEngineResult wrapped = wrap(engine, ByteBuffer.allocate(0), out);
        return wrapped.getHandshakeStatus() == HandshakeStatus.FINISHED;
      default:
        if (!in.hasRemaining() || engine.isInboundDone()) {
          return false;
        }
        // Room, because the JDK's engine takes nothing without it once it has finished.
        ByteBuffer nothingYet = ByteBuffer.allocate(20_000);
        SSLEngineResult unwrapped = engine.unwrap(in, nothingYet);
        assertThat(nothingYet.position()).as("data in the handshake").isZero();
        return unwrapped.getHandshakeStatus() == HandshakeStatus.FINISHED;
    }
  }

  /** Wraps one record onto a wire. */
  static SSLEngineResult wrap(SSLEngine engine, ByteBuffer source, ByteBuffer wire)
      throws SSLException {
    wire.compact();
    try {
      return engine.wrap(source, wire);
    } finally {
      wire.flip();
    }
  }

  ByteBuffer wireFrom(SSLEngine engine) {
    return engine == client ? toServer : toClient;
  }

  /** Sends all of it in as many records as that takes. */
  void send(SSLEngine from, ByteBuffer data) throws SSLException {
    while (data.hasRemaining()) {
      SSLEngineResult result = wrap(from, data, wireFrom(from));
      assertThat(result.getStatus()).isEqualTo(Status.OK);
      assertThat(result.bytesConsumed()).isPositive();
    }
  }

  /** Reads everything that is on the wire to this engine. */
  byte[] receive(SSLEngine to) throws SSLException {
    ByteBuffer wire = wireFrom(to == client ? server : client);
    ByteBuffer plain = ByteBuffer.allocate(1 << 20);
    while (wire.hasRemaining()) {
      SSLEngineResult result = to.unwrap(wire, plain);
      if (result.getStatus() != Status.OK) {
        break;
      }
    }
    byte[] bytes = new byte[plain.flip().remaining()];
    plain.get(bytes);
    return bytes;
  }

  /** Data both ways, compared. */
  void exchange() throws SSLException {
    byte[] ping = pattern(50_000, 3);
    byte[] pong = pattern(40_000, 7);
    send(client, ByteBuffer.wrap(ping));
    assertThat(receive(server)).isEqualTo(ping);
    send(server, ByteBuffer.wrap(pong));
    assertThat(receive(client)).isEqualTo(pong);
  }

  static byte[] pattern(int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + seed + (i >> 8));
    }
    return bytes;
  }
}
