package io.rustlsjvm.jsse;

/**
 * Lets connections rest that move no records: their native side gives back what it can make anew
 * ({@link EngineNatives#rest}). A thread looks after them for as long as there are any.
 */
final class IdleConnections {
  /**
   * Between two looks; a connection is idle when it had no record in between. Short enough for the
   * connections of a burst to use the memory of those before them: what is given back later lies
   * between what stays, and whole pages become free of neither. Work after a rest takes a
   * microsecond more.
   */
  private static final long INTERVAL_MILLIS = 500;

  /**
   * Looks take at most one part in so many of a processor's time. One takes some fifty nanoseconds
   * for each connection that is idle already.
   */
  private static final long SHARE = 20;

  private static Thread watcher;

  private IdleConnections() {}

  /** There is an open connection. */
  static synchronized void watch() {
    if (watcher == null) {
      watcher = new Thread(IdleConnections::run, "rustls-jvm-idle");
      watcher.setDaemon(true);
      // Whichever thread came first: its application's classes are not ours to keep.
      watcher.setContextClassLoader(null);
      watcher.start();
    }
  }

  private static void run() {
    try {
      boolean any;
      long took = 0;
      do {
        Thread.sleep(Math.max(INTERVAL_MILLIS, SHARE * took / 1_000_000));
        long start = System.nanoTime();
        any = rest();
        took = System.nanoTime() - start;
      } while (any);
    } catch (InterruptedException e) {
      // Somebody wants this thread to end; the next connection starts another one.
      synchronized (IdleConnections.class) {
        watcher = null;
      }
    }
  }

  /** Looks at all connections; tells whether there are any. */
  private static synchronized boolean rest() {
    boolean any = StatisticsTable.SHARED.forEachOpen(EngineNatives::rest);
    if (!any) {
      watcher = null;
    }
    return any;
  }
}
