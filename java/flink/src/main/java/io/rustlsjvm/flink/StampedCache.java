package io.rustlsjvm.flink;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps what is costly to make for as long as what it was made from has not changed. */
final class StampedCache<K, V> {
  /** Makes a value that is not there yet. */
  interface Maker<V> {
    V make() throws IOException, GeneralSecurityException;
  }

  private final Map<K, Stamped<V>> entries;

  StampedCache(int capacity) {
    this.entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, Stamped<V>> eldest) {
            return size() > capacity;
          }
        };
  }

  /** The value that was made with an equal stamp, or a new one. One is made at a time. */
  synchronized V get(K key, Object stamp, Maker<V> maker)
      throws IOException, GeneralSecurityException {
    Stamped<V> entry = entries.get(key);
    if (entry == null || !entry.stamp.equals(stamp)) {
      entry = new Stamped<>(stamp, maker.make());
      entries.put(key, entry);
    }
    return entry.value;
  }

  private static final class Stamped<V> {
    final Object stamp;
    final V value;

    Stamped(Object stamp, V value) {
      this.stamp = stamp;
      this.value = value;
    }
  }
}
