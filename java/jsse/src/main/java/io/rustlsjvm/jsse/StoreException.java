package io.rustlsjvm.jsse;

import java.io.IOException;

/** A key store or trust store that cannot be used, and why; the message names the file. */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Which of the operator's settings is at fault. */
  public enum Kind {
    /** The file is missing or cannot be read. */
    FILE,
    /** The content is no store of a known type, or is damaged. */
    FORMAT,
    /** The store's password does not fit. */
    STORE_PASSWORD,
    /** The key's password does not fit. */
    KEY_PASSWORD,
    /** The store is sound but lacks a usable key or trusted certificate. */
    CONTENT,
    /** The store type or key algorithm is one that the native reader does not have. */
    UNSUPPORTED
  }

  private final Kind kind;

  /** Called by the native side with the name of a {@link Kind}. */
  StoreException(String kind, String message) {
    this(Kind.valueOf(kind), message);
  }

  public StoreException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
