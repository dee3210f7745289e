package io.rustlsjvm.jsse;

import java.io.IOException;
import java.io.InputStream;

/** A stream of which somebody has read the beginning. */
final class PrefixedInput extends InputStream {
  private final InputStream rest;
  private InputStream consumed;

  PrefixedInput(InputStream consumed, InputStream rest) {
    this.consumed = consumed;
    this.rest = rest;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (consumed != null) {
      int read = consumed.read(target, offset, length);
      if (read >= 0) {
        return read;
      }
      consumed = null;
    }
    return rest.read(target, offset, length);
  }

  @Override
  public int available() throws IOException {
    return (consumed != null ? consumed.available() : 0) + rest.available();
  }
}
