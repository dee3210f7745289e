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
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;

/**
 * The sessions of one context in one role.
 *
 * <p>What resumption needs is kept on the native side, which size and timeout are handed to; here
 * stand the sessions as JSSE shows them, softly held. A size or timeout that is set after the first
 * connection starts with an empty native cache.
 */
final class RustlsSessionContext implements SSLSessionContext {
  /** As in the JDK since 12. */
  private static final int DEFAULT_SIZE = 20_480;

  /** One day, as in the JDK. RFC 5246 §F.1.4 names it as the upper limit. */
  private static final int DEFAULT_TIMEOUT_SECONDS = 86_400;

  private final ContextCore core;
  private final Map<Id, SoftReference<RustlsSession>> sessions = new LinkedHashMap<>();
  private final Map<String, SoftReference<RustlsSession>> byPeer = new LinkedHashMap<>();
  private int size;
  private int timeoutSeconds;
  private NativeHandle nativeContext;

  /** -1 means the default. */
  RustlsSessionContext(ContextCore core, int size, int timeoutSeconds) {
    this.core = core;
    this.size = size;
    this.timeoutSeconds = timeoutSeconds;
  }

  /** The native context with these sizes, made at its first use. */
  synchronized NativeHandle nativeContext() throws SSLException {
    if (nativeContext == null) {
      nativeContext = core.newNativeContext(size, timeoutSeconds);
    }
    return nativeContext;
  }

  synchronized void add(RustlsSession session, String peer) {
    trim(sessions);
    trim(byPeer);
    sessions.put(key(session.sharedId()), new SoftReference<>(session));
    if (peer != null) {
      byPeer.remove(peer);
      byPeer.put(peer, new SoftReference<>(session));
    }
  }

  private void trim(Map<?, ?> map) {
    int limit = size <= 0 ? DEFAULT_SIZE : size;
    Iterator<?> oldest = map.keySet().iterator();
    while (map.size() >= limit && oldest.hasNext()) {
      oldest.next();
      oldest.remove();
    }
  }

  /** The session that a client had with this peer last, or null. */
  synchronized RustlsSession lastWith(String peer) {
    SoftReference<RustlsSession> held = byPeer.get(peer);
    return held == null ? null : current(held.get());
  }

  synchronized void remove(RustlsSession session) {
    sessions.remove(key(session.sharedId()));
    byPeer.values().removeIf(held -> held.get() == null || held.get() == session);
  }

  @Override
  public synchronized SSLSession getSession(byte[] sessionId) {
    if (sessionId == null) {
      throw new NullPointerException("session id");
    }
    SoftReference<RustlsSession> held = sessions.get(key(sessionId));
    return held == null ? null : current(held.get());
  }

  @Override
  public synchronized Enumeration<byte[]> getIds() {
    List<byte[]> ids = new ArrayList<>();
    for (SoftReference<RustlsSession> held : sessions.values()) {
      RustlsSession session = current(held.get());
      if (session != null) {
        ids.add(session.getId());
      }
    }
    return Collections.enumeration(ids);
  }

  private RustlsSession current(RustlsSession session) {
    if (session == null || !session.isValid()) {
      return null;
    }
    int limit = getSessionTimeout();
    return limit == 0 || System.currentTimeMillis() - session.getCreationTime() < limit * 1000L
        ? session
        : null;
  }

  @Override
  public synchronized void setSessionTimeout(int seconds) {
    if (seconds < 0) {
      throw new IllegalArgumentException("negative session timeout: " + seconds);
    }
    if (seconds != timeoutSeconds) {
      timeoutSeconds = seconds;
      nativeContext = null;
    }
  }

  @Override
  public synchronized int getSessionTimeout() {
    return timeoutSeconds < 0 ? DEFAULT_TIMEOUT_SECONDS : timeoutSeconds;
  }

  @Override
  public synchronized void setSessionCacheSize(int newSize) {
    if (newSize < 0) {
      throw new IllegalArgumentException("negative session cache size: " + newSize);
    }
    if (newSize != size) {
      size = newSize;
      nativeContext = null;
    }
  }

  @Override
  public synchronized int getSessionCacheSize() {
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
