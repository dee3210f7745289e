package io.rustlsjvm.jsse;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** The plaintext that a socket sends; every write goes out at once. */
final class TlsOutputStream extends OutputStream {
  private final RustlsSslSocket socket;

  TlsOutputStream(RustlsSslSocket socket) {
    this.socket = socket;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    if (length > 0) {
      socket.connected().write(source, offset, length);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
