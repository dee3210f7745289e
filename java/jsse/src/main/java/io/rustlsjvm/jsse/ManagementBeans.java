package io.rustlsjvm.jsse;

import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/**
 * Registers {@link ChannelMXBean}s, where the JVM has JMX. In a thread of its own, which ends at
 * once: starting JMX takes some tenths of a second, and the first context is somebody's start-up.
 */
final class ManagementBeans {
  private static final String DOMAIN = "io.rustlsjvm:type=Channel,name=";
  private static final ThreadPoolExecutor THREAD = thread();

  private ManagementBeans() {}

  private static ThreadPoolExecutor thread() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(null, work, "rustls-jvm-jmx", 0, false);
              thread.setContextClassLoader(ManagementBeans.class.getClassLoader());
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Registers a channel some time soon; where that cannot be, it is left out. */
  static void register(String label, ChannelMonitor monitor) {
    if (ModuleLayer.boot().findModule("java.management").isPresent()) {
      THREAD.execute(() -> registerNow(label, monitor));
    }
  }

  private static void registerNow(String label, ChannelMonitor monitor) {
    try {
      Registration.register(label, monitor);
    } catch (RuntimeException | LinkageError e) {
      // Counters are no reason to have no TLS.
      System.getLogger("io.rustlsjvm")
          .log(Level.WARNING, "The counters of " + label + " cannot be seen by JMX: " + e);
    }
  }

  /** Apart, because {@code java.management} may be missing where the outer class is loaded. */
  private static final class Registration {
    static void register(String label, ChannelMonitor monitor) {
      try {
        registerBean(label, monitor);
      } catch (JMException e) {
        throw new IllegalStateException(e);
      }
    }

    private static void registerBean(String label, ChannelMonitor monitor) throws JMException {
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      StandardMBean bean = new StandardMBean(new Bean(label, monitor), ChannelMXBean.class, true);
      String name = DOMAIN + (label.matches("[\\w.-]+") ? label : ObjectName.quote(label));
      try {
        server.registerMBean(bean, new ObjectName(name));
      } catch (InstanceAlreadyExistsException e) {
        // Another class loader's copy of this jar.
        String loader = Integer.toHexString(System.identityHashCode(Registration.class));
        server.registerMBean(bean, new ObjectName(name + ",loader=" + loader));
      }
    }
  }

  private static final class Bean implements ChannelMXBean {
    private final String label;
    private final ChannelMonitor monitor;

    Bean(String label, ChannelMonitor monitor) {
      this.label = label;
      this.monitor = monitor;
    }

    @Override
    public String getChannel() {
      return label;
    }

    @Override
    public long getHandshakes() {
      return sum().handshakes();
    }

    @Override
    public long getResumedHandshakes() {
      return sum().resumed();
    }

    @Override
    public long getFailures() {
      return sum().failures();
    }

    @Override
    public Map<String, Long> getFailuresByAlert() {
      return StatisticsTable.SHARED.failuresByAlert(label);
    }

    @Override
    public long getBytesIn() {
      return sum().bytesIn();
    }

    @Override
    public long getBytesOut() {
      return sum().bytesOut();
    }

    @Override
    public long getReloads() {
      return monitor.reloads();
    }

    @Override
    public long getRefusedReloads() {
      return monitor.refusedReloads();
    }

    @Override
    public Long getDaysToExpiry() {
      return monitor.daysToExpiry();
    }

    @Override
    public Long getDaysToTrustExpiry() {
      return monitor.daysToTrustExpiry();
    }

    private ChannelStatistics.Row sum() {
      return StatisticsTable.SHARED.sum(label);
    }
  }
}
