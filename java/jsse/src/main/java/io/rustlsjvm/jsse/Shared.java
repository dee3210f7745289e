package io.rustlsjvm.jsse;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * One object for all that are equal, for as long as somebody uses it: connections between the same
 * two parties need not keep a copy of the same certificates each.
 *
 * @param <T> immutable, with {@code equals} and {@code hashCode}
 */
final class Shared<T> {
  private final Map<T, WeakReference<T>> known = new WeakHashMap<>();

  /** The one that stands for all that are equal to {@code value}; maybe itself. */
  synchronized T of(T value) {
    WeakReference<T> held = known.get(value);
    T shared = held == null ? null : held.get();
    if (shared != null) {
      return shared;
    }
    // Not replaced but put anew: a map keeps the key that it has, which is about to go.
    known.remove(value);
    known.put(value, new WeakReference<>(value));
    return value;
  }

  synchronized int size() {
    return known.size();
  }
}
