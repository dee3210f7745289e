package io.rustlsjvm.flink;

import io.rustlsjvm.jsse.ChannelMonitor;
import io.rustlsjvm.jsse.NativeStore;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;

/**
 * The context of a channel, made anew when its files change. Keystore and truststore change
 * together or not at all; a state of the files that cannot be used leaves the old context in force.
 */
final class RotatingContext implements Supplier<SSLContext> {
  /**
   * How long changed files must have stayed the same before they are read, so that files that are
   * written one after the other, or slowly, are taken as a whole.
   */
  static final Duration SETTLED = Duration.ofSeconds(1);

  private static final Duration DAY = Duration.ofDays(1);

  private final ChannelSettings settings;
  private final Clock clock;
  private final Logger log;
  private final ChannelMonitor monitor;

  /** Written by whoever looks, one at a time; read by every new connection. */
  private volatile Loaded current;

  /** How the files looked when they were last found changed; guarded by this, as all below. */
  private Object changed;

  /** Why the files as they are cannot be used; null where they can. */
  private String refused;

  private Instant warned;

  /** What was made of one state of the files. */
  private static final class Loaded {
    final Object stamp;
    final ChannelReport report;
    final List<List<X509Certificate>> certificates;
    final SSLContext context;

    Loaded(
        Object stamp,
        ChannelReport report,
        List<List<X509Certificate>> certificates,
        SSLContext context) {
      this.stamp = stamp;
      this.report = report;
      this.certificates = certificates;
      this.context = context;
    }

    Loaded as(Object otherStamp) {
      return new Loaded(otherStamp, report, certificates, context);
    }
  }

  /**
   * Reads the files, which must be usable, and says in the log what they hold.
   *
   * @throws IOException as {@link ChannelContexts#get}
   * @throws GeneralSecurityException as {@link ChannelContexts#get}
   */
  RotatingContext(ChannelSettings settings, Clock clock, Logger log)
      throws IOException, GeneralSecurityException {
    this.settings = settings;
    this.clock = clock;
    this.log = log;
    this.monitor = ChannelMonitor.of(settings.channel().label());
    this.current = load();
    this.warned = clock.instant();
    current.report.logStart(log, warned);
    current.report.tell(monitor);
  }

  @Override
  public SSLContext get() {
    return current.context;
  }

  /** Whether there is any file that could change. */
  boolean hasFiles() {
    return settings.keystore().isPresent() || settings.truststore().isPresent();
  }

  /** How often to look, as configured. */
  Duration interval() {
    return settings.reloadInterval();
  }

  /**
   * Looks at the files once, and takes them over where they have changed and can be used.
   *
   * @return when to look again
   */
  synchronized Duration look() {
    warnDaily();
    Object seen = stamp();
    if (seen.equals(current.stamp)) {
      return unchanged();
    }
    if (!seen.equals(changed)) {
      changed = seen;
      return SETTLED.compareTo(interval()) < 0 ? SETTLED : interval();
    }
    try {
      return take(load());
    } catch (IOException | GeneralSecurityException | RuntimeException | InternalError e) {
      refuse(e);
      return interval();
    }
  }

  private Duration take(Loaded next) {
    if (!next.stamp.equals(stamp())) {
      // They change under our eyes, so keystore and truststore may not belong together.
      changed = null;
      return look();
    }
    if (next.certificates.equals(current.certificates)) {
      // Touched or copied; sessions may go on.
      current = current.as(next.stamp);
      return unchanged();
    }
    current = next;
    changed = null;
    refused = null;
    warned = clock.instant();
    next.report.logReload(log, warned);
    next.report.tell(monitor);
    monitor.reloaded();
    return interval();
  }

  private Duration unchanged() {
    if (refused != null) {
      log.info("{} has the files back that it goes on with.", channel());
    }
    changed = null;
    refused = null;
    return interval();
  }

  private void refuse(Throwable reason) {
    String why = reason.getMessage() == null ? reason.toString() : reason.getMessage();
    if (!why.equals(refused)) {
      monitor.refused();
      log.error(
          "{} goes on with the certificates that it has, because the changed files cannot be used:"
              + " {} They are tried again as often as {} says.",
          channel(),
          why.endsWith(".") ? why : why + ".",
          SslOptions.RELOAD_INTERVAL);
      log.debug("Why they cannot be used", reason);
    }
    refused = why;
  }

  private void warnDaily() {
    Instant now = clock.instant();
    if (Duration.between(warned, now).compareTo(DAY) >= 0) {
      warned = now;
      current.report.warnOfExpiry(log, now);
    }
  }

  private String channel() {
    return "TLS of " + settings.channel().label();
  }

  private Loaded load() throws IOException, GeneralSecurityException {
    Object stamp = stamp();
    NativeStore keystore =
        settings.keystore().isPresent() ? Stores.read(settings.keystore().get()) : null;
    NativeStore truststore =
        settings.truststore().isPresent() ? Stores.read(settings.truststore().get()) : null;
    SSLContext context =
        StoreContexts.build(
            settings,
            keystore,
            truststore,
            remark ->
                log.warn(
                    "{}: {}.", settings.truststore().map(Object::toString).orElse("-"), remark));
    List<List<X509Certificate>> certificates = new ArrayList<>();
    certificates.add(keystore == null ? List.of() : keystore.certificateChain());
    certificates.add(truststore == null ? List.of() : truststore.trustedCertificates());
    return new Loaded(
        stamp, new ChannelReport(settings, keystore, truststore), certificates, context);
  }

  private Object stamp() {
    List<Object> stamp = new ArrayList<>();
    settings.keystore().ifPresent(store -> stamp.add(FileStamp.of(store.file())));
    settings.truststore().ifPresent(store -> stamp.add(FileStamp.of(store.file())));
    return stamp;
  }
}
