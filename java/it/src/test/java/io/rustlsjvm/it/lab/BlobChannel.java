package io.rustlsjvm.it.lab;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocket;

/** The blob service: an echo through blocking sockets, used as Flink's blob client uses them. */
final class BlobChannel {
  private static final int BYTES = 300_000;
  private static final int TIMEOUT_MILLIS = 15_000;

  private BlobChannel() {}

  static void talk(ServerSocketFactory servers, SocketFactory clients, Observation seen)
      throws Exception {
    try (ServerSocket listening =
        servers.createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread echo = new Thread(() -> echo(listening, seen), "echo");
      echo.start();
      try (Socket socket = clients.createSocket()) {
        seen.client = socket.getClass().getName();
        socket.connect(
            new InetSocketAddress("localhost", listening.getLocalPort()), TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        byte[] sent = new byte[BYTES];
        Arrays.fill(sent, (byte) 7);
        Thread writer = new Thread(() -> write(socket, sent), "writer");
        writer.start();
        byte[] back = socket.getInputStream().readNBytes(BYTES);
        if (!Arrays.equals(sent, back)) {
          throw new IOException(back.length + " bytes came back");
        }
        writer.join(TIMEOUT_MILLIS);
        seen.protocol = ((SSLSocket) socket).getSession().getProtocol();
        seen.cipherSuite = ((SSLSocket) socket).getSession().getCipherSuite();
        seen.passed = true;
      } finally {
        echo.join(TIMEOUT_MILLIS);
      }
    }
  }

  private static void write(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      // The reader will see the same, and say so.
      return;
    }
  }

  private static void echo(ServerSocket listening, Observation seen) {
    try (Socket socket = listening.accept()) {
      seen.server = socket.getClass().getName();
      socket.setSoTimeout(TIMEOUT_MILLIS);
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[8192];
      int missing = BYTES;
      while (missing > 0) {
        int count = in.read(buffer);
        if (count < 0) {
          break;
        }
        socket.getOutputStream().write(buffer, 0, count);
        missing -= count;
      }
      socket.getOutputStream().flush();
    } catch (IOException e) {
      seen.serverError += ChannelLab.describe(e);
    }
  }
}
