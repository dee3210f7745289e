package io.rustlsjvm.jsse;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;

/**
 * The sessions of one context in one role.
 *
 * <p>What resumption needs is kept on the native side, which size and timeout are handed to; here
 * stand the sessions as JSSE shows them, softly held.
 */
final class RustlsSessionContext implements SSLSessionContext {
  /** As in the JDK since 12. */
  private static final int DEFAULT_SIZE = 20_480;

  /** One day, as in the JDK. RFC 5246 §F.1.4 names it as the upper limit. */
  private static final int DEFAULT_TIMEOUT_SECONDS = 86_400;

  private final boolean client;
  private final Map<Id, SoftReference<RustlsSession>> sessions = new LinkedHashMap<>();
  private final Map<Long, SoftReference<RustlsSession>> byNative = new LinkedHashMap<>();
  private volatile int size;
  private volatile int timeoutSeconds;

  /** Null before the context is initialised. */
  private volatile ContextCore core;

  /** -1 means the default. */
  RustlsSessionContext(boolean client, int size, int timeoutSeconds) {
    this.client = client;
    this.size = size;
    this.timeoutSeconds = timeoutSeconds;
  }

  /** Serves this core from now on. What was agreed on under another one is not resumed. */
  synchronized void belongTo(ContextCore newCore) {
    core = newCore;
    sessions.clear();
    byNative.clear();
  }

  boolean isClient() {
    return client;
  }

  /** As it was set: 0 for no limit, -1 for the default. */
  int size() {
    return size;
  }

  /** As it was set: 0 for the protocol's limit, -1 for the default. */
  int timeoutSeconds() {
    return timeoutSeconds;
  }

  synchronized void add(RustlsSession session) {
    sessions.put(key(session.sharedId()), new SoftReference<>(session));
    if (session.nativeSession() != 0) {
      byNative.put(session.nativeSession(), new SoftReference<>(session));
    }
    trim();
  }

  private void trim() {
    trim(sessions);
    trim(byNative);
  }

  private void trim(Map<?, ?> map) {
    int limit = size <= 0 ? DEFAULT_SIZE : size;
    Iterator<?> oldest = map.keySet().iterator();
    while (map.size() > limit && oldest.hasNext()) {
      oldest.next();
      oldest.remove();
    }
  }

  /** The session with this {@link HandshakeFacts#session}, or null. */
  RustlsSession ofNative(long nativeSession) {
    SoftReference<RustlsSession> held;
    synchronized (this) {
      held = byNative.get(nativeSession);
    }
    return held == null ? null : current(held.get());
  }

  void remove(RustlsSession session) {
    synchronized (this) {
      sessions.remove(key(session.sharedId()));
      byNative.remove(session.nativeSession());
    }
    ContextCore current = core;
    if (current != null) {
      current.invalidateSession(session.nativeSession());
    }
  }

  @Override
  public SSLSession getSession(byte[] sessionId) {
    if (sessionId == null) {
      throw new NullPointerException("session id");
    }
    SoftReference<RustlsSession> held;
    synchronized (this) {
      held = sessions.get(key(sessionId));
    }
    return held == null ? null : current(held.get());
  }

  @Override
  public Enumeration<byte[]> getIds() {
    List<byte[]> ids = new ArrayList<>();
    for (RustlsSession session : current()) {
      ids.add(session.getId());
    }
    return Collections.enumeration(ids);
  }

  /** Those that are within the time; the others are invalidated. */
  private List<RustlsSession> current() {
    List<SoftReference<RustlsSession>> all;
    synchronized (this) {
      all = new ArrayList<>(sessions.values());
    }
    List<RustlsSession> current = new ArrayList<>();
    for (SoftReference<RustlsSession> held : all) {
      RustlsSession session = current(held.get());
      if (session != null) {
        current.add(session);
      }
    }
    return current;
  }

  /** The session, or null where its time is over: it is invalidated then. */
  private RustlsSession current(RustlsSession session) {
    if (session == null || !session.isValid()) {
      return null;
    }
    int limit = getSessionTimeout();
    if (limit == 0 || System.currentTimeMillis() - session.getCreationTime() < limit * 1000L) {
      return session;
    }
    session.invalidate();
    return null;
  }

  @Override
  public void setSessionTimeout(int seconds) {
    if (seconds < 0) {
      throw new IllegalArgumentException("negative session timeout: " + seconds);
    }
    timeoutSeconds = seconds;
    limitsChanged();
    current(); // JSSE: whose time is over now is invalidated at once
  }

  private void limitsChanged() {
    ContextCore current = core;
    if (current != null) {
      current.limitsChanged(this);
    }
  }

  @Override
  public int getSessionTimeout() {
    return timeoutSeconds < 0 ? DEFAULT_TIMEOUT_SECONDS : timeoutSeconds;
  }

  @Override
  public void setSessionCacheSize(int newSize) {
    if (newSize < 0) {
      throw new IllegalArgumentException("negative session cache size: " + newSize);
    }
    synchronized (this) {
      size = newSize;
      trim();
    }
    limitsChanged();
  }

  @Override
  public int getSessionCacheSize() {
    return size < 0 ? DEFAULT_SIZE : size;
  }

  private static Id key(byte[] id) {
    return new Id(id);
  }

  /** A session's id as a key. */
  private static final class Id {
    private final byte[] bytes;

    Id(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Id && Arrays.equals(bytes, ((Id) other).bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }
}
