package io.rustlsjvm.flink;

import io.rustlsjvm.jsse.ChannelMonitor;
import io.rustlsjvm.jsse.ClientAuthentication;
import io.rustlsjvm.jsse.NativeStore;
import io.rustlsjvm.jsse.RustlsLibrary;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.slf4j.Logger;

/** Says in the log what a channel has come up with. Names no secret. */
final class ChannelReport {
  private static final int CERTIFICATES_NAMED = 3;

  private static final RecentWarnings RECENT = new RecentWarnings();

  private final ChannelSettings settings;
  private final NativeStore keystore;
  private final NativeStore truststore;

  /**
   * @param keystore null for none
   * @param truststore null for none
   */
  ChannelReport(ChannelSettings settings, NativeStore keystore, NativeStore truststore) {
    this.settings = settings;
    this.keystore = keystore;
    this.truststore = truststore;
  }

  /** Says what the channel starts with. */
  void logStart(Logger log, Instant now) {
    log.info(line());
    warn(log, warnings(now), now);
  }

  /** Says that the channel's new connections use other certificates than before. */
  void logReload(Logger log, Instant now) {
    log.info(reloadLine());
    warnOfExpiry(log, now);
  }

  /** Warns of certificates that have expired or soon will. */
  void warnOfExpiry(Logger log, Instant now) {
    warn(log, expiryWarnings(now), now);
  }

  private static void warn(Logger log, List<String> warnings, Instant now) {
    for (String warning : warnings) {
      if (RECENT.isDue(warning, now)) {
        log.warn(warning);
      }
    }
  }

  /** One line for a channel whose files have changed. */
  String reloadLine() {
    return "TLS of "
        + settings.channel().label()
        + " has new certificates for new connections; key: "
        + key()
        + "; trust: "
        + trust();
  }

  /** One line for the channel. */
  String line() {
    StringJoiner line = new StringJoiner("; ");
    line.add(
        "TLS of "
            + settings.channel().label()
            + " is done by RUSTLS, "
            + RustlsLibrary.description());
    line.add("protocols " + String.join(", ", settings.protocols()));
    line.add("suites " + String.join(", ", settings.suites().names()));
    if (!settings.channel().isClient()) {
      line.add(
          settings.authentication() == ClientAuthentication.NONE
              ? "clients need no certificate"
              : "clients need a certificate");
    } else {
      line.add(settings.verifyHostname() ? "host names are checked" : "host names are not checked");
    }
    line.add("key: " + key());
    line.add("trust: " + trust());
    return line.toString();
  }

  /** What the operator should look after. */
  List<String> warnings(Instant now) {
    List<String> warnings = new ArrayList<>(RustlsLibrary.warnings());
    if (!settings.suites().leftOut().isEmpty()) {
      warnings.add(
          SslOptions.ALGORITHMS
              + ": security.ssl.provider: RUSTLS does not have "
              + String.join(", ", settings.suites().leftOut())
              + "; left out. Used are "
              + String.join(", ", settings.suites().names())
              + ".");
    }
    List<String> withoutSuite = settings.suites().withoutSuite(settings.protocols());
    if (!withoutSuite.isEmpty()) {
      warnings.add(
          SslOptions.ALGORITHMS
              + " names no cipher suite for "
              + String.join(", ", withoutSuite)
              + ", which "
              + SslOptions.PROTOCOL
              + " allows; it will not be used.");
    }
    if (settings.trustsDefaultAuthorities()
        && settings.authentication() != ClientAuthentication.NONE
        && !settings.channel().isClient()) {
      warnings.add(
          Scope.REST.key("truststore")
              + " is not set, so the REST server takes a client with a certificate of any CA that"
              + " this JVM trusts by default. Set it to your own CA.");
    }
    warnings.addAll(expiryWarnings(now));
    return warnings;
  }

  private List<String> expiryWarnings(Instant now) {
    List<String> warnings = new ArrayList<>();
    settings
        .keystore()
        .ifPresent(
            store ->
                addExpiry(
                    warnings, store, leaf(keystore.certificateChain()), "key's certificate", now));
    settings
        .truststore()
        .ifPresent(
            store ->
                addExpiry(warnings, store, truststore.trustedCertificates(), "certificate", now));
    return warnings;
  }

  private void addExpiry(
      List<String> warnings,
      StoreSettings store,
      List<X509Certificate> certificates,
      String what,
      Instant now) {
    for (X509Certificate certificate : certificates) {
      Instant end = certificate.getNotAfter().toInstant();
      if (end.isBefore(now.plus(settings.expiryWarning()))) {
        warnings.add(
            store
                + ": the "
                + what
                + " of "
                + certificate.getSubjectX500Principal()
                + (end.isBefore(now) ? " has expired on " : " expires on ")
                + day(certificate)
                + " (SHA-256 "
                + Fingerprints.sha256(certificate)
                + "). Renew it.");
      }
    }
  }

  /** Says when the channel's certificates end. */
  void tell(ChannelMonitor monitor) {
    monitor.certificates(
        keystore == null ? null : firstEnd(leaf(keystore.certificateChain())),
        truststore == null ? null : firstEnd(truststore.trustedCertificates()));
  }

  private static Instant firstEnd(List<X509Certificate> certificates) {
    return certificates.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  private String key() {
    return settings
        .keystore()
        .map(
            store ->
                leaf(keystore.certificateChain()).stream()
                        .map(ChannelReport::describe)
                        .collect(Collectors.joining())
                    + " ("
                    + store
                    + ", "
                    + keystore.format()
                    + ")")
        .orElse("none");
  }

  private String trust() {
    if (settings.fingerprints().isPresent()) {
      Setting pins = settings.fingerprints().get();
      return "the fingerprints of " + pins.key() + " alone: " + pins.value();
    }
    if (settings.truststore().isPresent()) {
      return describe(truststore.trustedCertificates())
          + " ("
          + settings.truststore().get()
          + ", "
          + truststore.format()
          + ")";
    }
    return settings.trustsDefaultAuthorities() ? "the JVM's default CAs" : "not needed";
  }

  private static String describe(List<X509Certificate> certificates) {
    String named =
        certificates.stream()
            .limit(CERTIFICATES_NAMED)
            .map(ChannelReport::describe)
            .collect(Collectors.joining(" and "));
    int more = certificates.size() - CERTIFICATES_NAMED;
    return more > 0 ? named + " and " + more + " more" : named;
  }

  private static String describe(X509Certificate certificate) {
    return certificate.getSubjectX500Principal()
        + ", valid until "
        + day(certificate)
        + ", SHA-256 "
        + Fingerprints.sha256(certificate);
  }

  private static List<X509Certificate> leaf(List<X509Certificate> chain) {
    return chain.isEmpty() ? chain : chain.subList(0, 1);
  }

  private static String day(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant().atZone(ZoneOffset.UTC).toLocalDate().toString();
  }
}
