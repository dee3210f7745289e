package io.rustlsjvm.jsse;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The plaintext that a socket receives. */
final class TlsInputStream extends InputStream {
  private final RustlsSslSocket socket;

  TlsInputStream(RustlsSslSocket socket) {
    this.socket = socket;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    // Nothing to read is no reason for a handshake.
    return length == 0 ? 0 : socket.connected().read(target, offset, length);
  }

  @Override
  public int available() throws IOException {
    return socket.available();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
