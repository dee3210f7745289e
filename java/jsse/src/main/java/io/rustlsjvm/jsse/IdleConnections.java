package io.rustlsjvm.jsse;

/**
 * Lets connections rest that move no records: their native side gives back what it can make anew
 * ({@link EngineNatives#rest}). A thread looks after them for as long as there are any.
 */
final class IdleConnections {
  /**
   * Between two looks; a connection is idle when it had no record in between. Short enough for the
   * connections of a burst to use the memory of those before them, long enough to cost nothing: a
   * look takes some fifty nanoseconds for each connection, work after a rest a microsecond more.
   */
  private static final long INTERVAL_MILLIS = 2_000;

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
      do {
        Thread.sleep(INTERVAL_MILLIS);
      } while (rest());
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
