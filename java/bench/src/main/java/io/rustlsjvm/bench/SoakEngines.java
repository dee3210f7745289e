package io.rustlsjvm.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** One thread's lives of engines: each call of {@link #next} lives one, chosen at random. */
final class SoakEngines {
  /** Connections that stay open for a while. */
  private static final int KEPT = 100;

  private static final String[] PROTOCOLS = {"TLSv1.2", "TLSv1.3"};

  private final SoakContexts contexts;
  private final SoakCounts counts;
  private final Random random;
  private final EnginePair.Buffers[] buffers = {
    new EnginePair.Buffers(ByteBuffer::allocateDirect), new EnginePair.Buffers(ByteBuffer::allocate)
  };
  private final ByteBuffer record = ByteBuffer.allocateDirect(16384);
  private final List<EnginePair> kept = new ArrayList<>();

  /** Those of the connection at hand. */
  private EnginePair.Buffers wires;

  SoakEngines(SoakContexts contexts, SoakCounts counts, Random random) {
    this.contexts = contexts;
    this.counts = counts;
    this.random = random;
  }

  /**
   * Opens connections and lets them come to one of the ends there are.
   *
   * @throws SSLException when what should have worked did not
   */
  void next() throws SSLException {
    wires = buffers[random.nextInt(buffers.length)];
    int dice = random.nextInt(100);
    if (dice < 62) {
      EnginePair pair = connected();
      exchange(pair, random.nextInt(3));
      pair.close();
    } else if (dice < 72) {
      keep(connected());
    } else if (dice < 76) {
      end(connected());
    } else if (dice < 81) {
      refusedByClient();
    } else if (dice < 85) {
      refusedByServer();
    } else if (dice < 90) {
      abandoned();
    } else if (dice < 93) {
      halfAHello();
    } else if (dice < 95) {
      forgottenTask();
    } else if (dice < 97) {
      garbage();
    } else {
      forged();
    }
  }

  /** A new pair; most of the clients know a session. */
  private EnginePair pair(SSLContext clients, SSLContext servers) {
    SSLEngine client =
        random.nextInt(4) > 0
            ? clients.createSSLEngine(Engines.HOST, Engines.PORT)
            : clients.createSSLEngine();
    SSLEngine server = servers.createSSLEngine();
    client.setUseClientMode(true);
    server.setUseClientMode(false);
    server.setNeedClientAuth(true);
    client.setEnabledProtocols(new String[] {PROTOCOLS[random.nextInt(PROTOCOLS.length)]});
    return new EnginePair(client, server, wires);
  }

  private EnginePair pair() {
    return random.nextInt(20) > 0
        ? pair(contexts.client, contexts.server)
        : pair(contexts.managers, contexts.managers);
  }

  private EnginePair connected() throws SSLException {
    EnginePair pair = pair();
    pair.handshake();
    counts.handshakes.incrementAndGet();
    return pair;
  }

  private void exchange(EnginePair pair, int records) throws SSLException {
    for (int i = 0; i < records; i++) {
      record.clear().limit(1 + random.nextInt(record.capacity()));
      pair.transfer(record, wires.toServer, wires.plain);
      EnginePair.transfer(pair.server, pair.client, record, wires.toClient, wires.plain);
    }
  }

  /** Lets a connection stay, another one go, and a third one work again after its rest. */
  private void keep(EnginePair pair) throws SSLException {
    kept.add(pair);
    if (kept.size() > KEPT) {
      end(kept.remove(random.nextInt(kept.size())));
      exchange(kept.get(random.nextInt(kept.size())), 1);
    }
  }

  /** Ends a connection in another way than by closing both directions. */
  private void end(EnginePair pair) throws SSLException {
    switch (random.nextInt(4)) {
      case 0:
        // Left to the collector.
        break;
      case 1:
        // One direction only: the other end never says goodbye.
        pair.client.closeOutbound();
        wires.toServer.clear();
        while (pair.client.wrap(ByteBuffer.allocate(0), wires.toServer).bytesProduced() > 0) {
          continue;
        }
        wires.toServer.flip();
        pair.server.unwrap(wires.toServer, wires.plain);
        if (!pair.server.isInboundDone()) {
          throw new SSLException("the goodbye was not seen: " + pair.server);
        }
        break;
      case 2:
        // As a reset connection: no goodbye comes.
        expectFailure("truncation", () -> pair.server.closeInbound());
        break;
      default:
        // The goodbye is never sent.
        pair.server.closeOutbound();
        break;
    }
  }

  private void refusedByClient() throws SSLException {
    SSLContext clients = random.nextInt(10) > 0 ? contexts.strangeClient : contexts.strangeManagers;
    fails("a client believed a stranger", pair(clients, contexts.server).begin());
  }

  private void refusedByServer() throws SSLException {
    SSLContext servers = random.nextInt(10) > 0 ? contexts.strangeServer : contexts.strangeManagers;
    fails("a server believed a stranger", pair(contexts.client, servers).begin());
  }

  private void abandoned() throws SSLException {
    EnginePair pair = pair().begin();
    int turns = 1 + random.nextInt(3);
    for (int i = 0; i < turns; i++) {
      if (i % 2 == 0) {
        pair.clientTurn();
      } else {
        pair.serverTurn();
      }
    }
    if (random.nextInt(3) == 0) {
      pair.client.closeOutbound();
      pair.clientTurn();
    }
    counts.broken.incrementAndGet();
  }

  private void halfAHello() throws SSLException {
    EnginePair pair = pair().begin();
    pair.clientTurn();
    wires.toServer.position(random.nextInt(wires.toServer.position()));
    pair.serverTurn();
    counts.broken.incrementAndGet();
  }

  /** A task that is fetched and never run, or run after its engine has been closed. */
  private void forgottenTask() throws SSLException {
    EnginePair pair = pair().begin();
    pair.clientTurn();
    wires.toServer.flip();
    pair.server.unwrap(wires.toServer, wires.plain);
    if (pair.server.getHandshakeStatus() != HandshakeStatus.NEED_TASK) {
      throw new SSLException("a hello without work: " + pair.server);
    }
    Runnable task = pair.server.getDelegatedTask();
    if (random.nextBoolean()) {
      pair.server.closeOutbound();
      task.run();
    }
    counts.broken.incrementAndGet();
  }

  private void garbage() throws SSLException {
    EnginePair pair = pair().begin();
    pair.clientTurn();
    byte[] noise = new byte[100];
    random.nextBytes(noise);
    if (random.nextBoolean()) {
      // A record with a message of the handshake, whose body is looked at.
      byte[] headers = {22, 3, 3, 0, 95, (byte) random.nextInt(25), 0, 0, 91};
      System.arraycopy(headers, 0, noise, 0, headers.length);
    } else {
      // Not a type that there is.
      noise[0] = 99;
    }
    wires.toServer.clear().put(noise);
    fails("garbage was taken for a handshake", pair);
  }

  /** A record that was tampered with: its receiver sends an alert, and the sender sees it. */
  private void forged() throws SSLException {
    EnginePair pair = connected();
    record.clear().limit(1_000);
    wires.toServer.clear();
    pair.client.wrap(record, wires.toServer);
    int byteAt = 5 + random.nextInt(wires.toServer.position() - 5);
    wires.toServer.put(byteAt, (byte) (wires.toServer.get(byteAt) ^ 1 << random.nextInt(8)));
    wires.toServer.flip();
    wires.plain.clear();
    expectFailure("forgery", () -> pair.server.unwrap(wires.toServer, wires.plain));
    wires.toClient.clear();
    pair.server.wrap(ByteBuffer.allocate(0), wires.toClient);
    wires.toClient.flip();
    expectFailure("alert", () -> pair.client.unwrap(wires.toClient, wires.plain));
  }

  /** What an engine should refuse to do. */
  private interface Refused {
    void run() throws SSLException;
  }

  private void expectFailure(String what, Refused action) {
    boolean worked = true;
    try {
      action.run();
    } catch (SSLException expected) {
      worked = false;
    }
    if (worked) {
      counts.surprise(what, new SSLException("was let pass"));
    }
  }

  /** Goes on, over failures, until neither end moves: alerts are sent and read. */
  private void fails(String what, EnginePair pair) {
    int failures = 0;
    boolean moved = true;
    for (int i = 0; moved && i < 20; i++) {
      moved = false;
      for (boolean ofClient : new boolean[] {true, false}) {
        try {
          moved |= ofClient ? pair.clientTurn() : pair.serverTurn();
        } catch (SSLException expected) {
          failures++;
          moved = true;
        }
      }
    }
    if (failures == 0) {
      counts.surprise(what, new SSLException(pair.client + " " + pair.server));
    }
    counts.broken.incrementAndGet();
  }
}
