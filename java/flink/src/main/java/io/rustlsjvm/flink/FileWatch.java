package io.rustlsjvm.flink;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of the process that looks whether files have changed. It is there as long as there
 * are contexts, and keeps neither them nor the JVM alive.
 */
final class FileWatch {
  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final ScheduledThreadPoolExecutor THREAD = thread();

  private FileWatch() {}

  /** Has the context look at its files for as long as it is in use. */
  static void add(RotatingContext context) {
    schedule(new Look(context), context.interval());
  }

  private static void schedule(Look look, Duration delay) {
    Duration bounded = delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
    THREAD.schedule(look, bounded.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static ScheduledThreadPoolExecutor thread() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            look -> {
              // Inherits nothing of whoever comes first: that may be user code.
              Thread thread = new Thread(null, look, "rustls-jvm-reload", 0, false);
              thread.setContextClassLoader(FileWatch.class.getClassLoader());
              thread.setDaemon(true);
              return thread;
            });
    executor.setKeepAliveTime(1, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  private static final class Look implements Runnable {
    private final WeakReference<RotatingContext> context;

    Look(RotatingContext context) {
      this.context = new WeakReference<>(context);
    }

    @Override
    public void run() {
      RotatingContext used = context.get();
      if (used == null) {
        return;
      }
      Duration next = used.interval();
      try {
        next = used.look();
      } catch (RuntimeException | Error e) {
        LOG.error("Changed keystores and truststores could not be looked for; will be again.", e);
      } finally {
        schedule(this, next);
      }
    }
  }
}
