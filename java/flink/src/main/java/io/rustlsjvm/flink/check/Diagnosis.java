package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.ChannelSettings;
import io.rustlsjvm.flink.Fingerprints;
import io.rustlsjvm.flink.Scope;
import io.rustlsjvm.flink.Setting;
import io.rustlsjvm.flink.SslOptions;
import io.rustlsjvm.flink.StoreSettings;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Why one side does not take the other's certificate, and which option has to change. */
final class Diagnosis {
  private final OpenedChannel judge;
  private final List<X509Certificate> chain;
  private final String source;
  private final Instant now;
  private final Findings findings;

  /**
   * @param judge who has refused
   * @param chain whom, leaf first
   * @param source where that chain is from, for messages
   */
  Diagnosis(
      OpenedChannel judge,
      List<X509Certificate> chain,
      String source,
      Instant now,
      Findings findings) {
    this.judge = judge;
    this.chain = chain;
    this.source = source;
    this.now = now;
    this.findings = findings;
  }

  /**
   * Adds the finding.
   *
   * @param reason what the library said
   * @param name the server's name, where that is what it was refused for
   */
  void add(String reason, Optional<String> name) {
    ChannelSettings settings = judge.settings().orElseThrow();
    if (chain.isEmpty()) {
      failed(reason);
    } else if (settings.fingerprints().isPresent()) {
      pins(settings.fingerprints().get(), reason);
    } else if (isOutOfDate()) {
      outOfDate();
    } else if (name.isPresent()) {
      name(name.get());
    } else {
      untrusted(settings, reason);
    }
  }

  private void failed(String reason) {
    findings.error(
        Rule.HANDSHAKE_FAILED,
        null,
        "The handshake with " + source + " fails: " + reason + ".",
        "");
  }

  private void pins(Setting pins, String reason) {
    if (Fingerprints.contains(pins.value(), leaf())) {
      failed(reason);
      return;
    }
    String message =
        pins.key()
            + " ("
            + pins.value()
            + ") is not the fingerprint of "
            + subject()
            + " in "
            + source
            + ".";
    String advice =
        "If that is the one to trust, set "
            + pins.key()
            + ": "
            + Fingerprints.sha1(leaf())
            + " (or the SHA-256 "
            + Fingerprints.sha256(leaf())
            + ").";
    boolean forProxy =
        judge.channel().scope() == Scope.REST
            && judge.settings().orElseThrow().keystore().isPresent();
    if (forProxy) {
      findings.warning(
          Rule.PIN_MISMATCH,
          pins.key(),
          message,
          "Right for a server that only another certificate's owner may speak to, such as a"
              + " proxy; clients with this configuration cannot reach it. "
              + advice);
    } else {
      findings.error(Rule.PIN_MISMATCH, pins.key(), message, advice);
    }
  }

  private boolean isOutOfDate() {
    return chain.stream().anyMatch(this::isOutOfDate);
  }

  private boolean isOutOfDate(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant().isBefore(now)
        || certificate.getNotBefore().toInstant().isAfter(now);
  }

  private void outOfDate() {
    X509Certificate certificate =
        chain.stream().filter(this::isOutOfDate).findFirst().orElseThrow();
    boolean expired = certificate.getNotAfter().toInstant().isBefore(now);
    findings.error(
        expired ? Rule.CERTIFICATE_EXPIRED : Rule.CERTIFICATE_NOT_YET_VALID,
        judge.settings().orElseThrow().keystore().map(StoreSettings::option).orElse(null),
        "The certificate of "
            + CertificateFacts.subject(certificate)
            + " in "
            + source
            + (expired
                ? " has expired on " + CertificateFacts.end(certificate)
                : " is valid only from " + CertificateFacts.start(certificate))
            + ", and is refused.",
        expired ? "Renew it." : "Check the clocks, or wait.");
  }

  private void name(String name) {
    boolean rest = judge.channel().scope() == Scope.REST;
    List<String> names = CertificateFacts.names(leaf());
    findings.error(
        Rule.HOST_NAME_MISMATCH,
        rest ? SslOptions.REST_VERIFY_HOSTNAME : SslOptions.INTERNAL_VERIFY_HOSTNAME,
        "The certificate of "
            + subject()
            + " in "
            + source
            + " is not for '"
            + name
            + "': its subjectAltName has "
            + (names.isEmpty() ? "no name" : String.join(", ", names))
            + ".",
        "Give it a certificate with that name, or the clients another address; or do without the"
            + " check by "
            + (rest
                ? SslOptions.VERIFY_HOSTNAME
                    + ": false ("
                    + SslOptions.REST_VERIFY_HOSTNAME
                    + " from Flink 2.3 on)."
                : SslOptions.INTERNAL_VERIFY_HOSTNAME + ": false."));
  }

  private void untrusted(ChannelSettings settings, String reason) {
    String option =
        settings
            .truststore()
            .map(StoreSettings::option)
            .orElse(judge.channel().scope().key("truststore"));
    String truster =
        settings.truststore().isPresent()
            ? "The truststore of " + settings.truststore().get()
            : "The JVM's default CAs, which count as " + option + " is not set,";
    findings.error(
        Rule.CERTIFICATE_UNTRUSTED,
        option,
        truster
            + " do"
            + (settings.truststore().isPresent() ? "es" : "")
            + " not verify the certificate of "
            + subject()
            + " (issued by "
            + CertificateFacts.issuer(leaf())
            + ") in "
            + source
            + ": "
            + reason
            + ".",
        "Put the certificate of its CA, or for a self-signed one the certificate itself, into the"
            + " truststore.");
  }

  private X509Certificate leaf() {
    return chain.get(0);
  }

  private String subject() {
    return CertificateFacts.subject(leaf());
  }
}
