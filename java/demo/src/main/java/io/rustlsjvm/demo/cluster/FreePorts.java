package io.rustlsjvm.demo.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/** Hands out ports of the loopback address that nobody listens on, each once. */
public final class FreePorts {
  private static final Set<Integer> GIVEN = new HashSet<>();

  private FreePorts() {}

  /**
   * A port that is free now. Another program could take it before it is used; with ports from the
   * system's own range, which it hands out in turn, that is unlikely.
   *
   * @throws IOException when there is none
   */
  public static synchronized int next() throws IOException {
    while (true) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        if (GIVEN.add(socket.getLocalPort())) {
          return socket.getLocalPort();
        }
      }
    }
  }
}
