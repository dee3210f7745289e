package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.Channel;
import io.rustlsjvm.flink.ChannelSettings;
import io.rustlsjvm.flink.Fingerprints;
import io.rustlsjvm.flink.OptionException;
import io.rustlsjvm.flink.Options;
import io.rustlsjvm.flink.Scope;
import io.rustlsjvm.flink.SslOptions;
import io.rustlsjvm.flink.StoreSettings;
import io.rustlsjvm.jsse.ClientAuthentication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What is to be said about a channel whose handshake may well succeed. */
final class ChannelRules {
  private static final String KEY_OF_FOLDER = "tls.key";

  private final Instant now;
  private final Duration soon;
  private final Findings findings;

  /**
   * @throws OptionException where the time of warning cannot be read
   */
  ChannelRules(Options options, Instant now, Findings findings) {
    this.now = now;
    this.soon = SslOptions.expiryWarning(options);
    this.findings = findings;
  }

  void check(OpenedChannel opened) {
    if (opened.settings().isEmpty()) {
      return;
    }
    ChannelSettings settings = opened.settings().get();
    suites(settings);
    settings
        .keystore()
        .ifPresent(
            store -> {
              permissions(store);
              opened.chain().stream().limit(1).forEach(leaf -> expiry(store, leaf));
            });
    settings
        .truststore()
        .ifPresent(store -> opened.trusted().forEach(certificate -> expiry(store, certificate)));
    if (opened.channel() == Channel.REST_SERVER) {
      restServer(settings);
    }
  }

  private void suites(ChannelSettings settings) {
    List<String> leftOut = settings.suites().leftOut();
    if (!leftOut.isEmpty()) {
      findings.warning(
          Rule.SUITES_LEFT_OUT,
          SslOptions.ALGORITHMS,
          SslOptions.ALGORITHMS
              + " names suites that RUSTLS does not have, and leaves out: "
              + String.join(", ", leftOut)
              + ". Used are "
              + String.join(", ", settings.suites().names())
              + ".",
          "Remove them, unless nodes with another provider need them.");
    }
    List<String> without = settings.suites().withoutSuite(settings.protocols());
    if (!without.isEmpty()) {
      findings.warning(
          Rule.SUITES_MISSING,
          SslOptions.ALGORITHMS,
          SslOptions.ALGORITHMS
              + " names no suite for "
              + String.join(", ", without)
              + ", so that is not used, though "
              + SslOptions.PROTOCOL
              + " has it.",
          "Add one, such as TLS_AES_128_GCM_SHA256 for TLSv1.3, or take the protocol away.");
    }
  }

  private void permissions(StoreSettings store) {
    try {
      Path file = Path.of(store.file());
      Path secret = Files.isDirectory(file) ? file.resolve(KEY_OF_FOLDER) : file;
      if (Files.exists(secret) && Permissions.areReadableByAll(secret)) {
        findings.warning(
            Rule.STORE_READABLE_BY_ALL,
            store.option(),
            "Everybody on this machine may read the private key of " + store + ".",
            "Take the permission away: chmod o-r "
                + secret
                + " (in Kubernetes defaultMode: 0440).");
      }
    } catch (IOException e) {
      findings.warning(
          Rule.STORE_READABLE_BY_ALL,
          store.option(),
          "The permissions of " + store + " cannot be read: " + e + ".",
          "");
    }
  }

  private void expiry(StoreSettings store, X509Certificate certificate) {
    Instant end = certificate.getNotAfter().toInstant();
    String what =
        "The certificate of "
            + CertificateFacts.subject(certificate)
            + " in "
            + store
            + " (SHA-256 "
            + Fingerprints.sha256(certificate)
            + ")";
    if (end.isBefore(now)) {
      findings.warning(
          Rule.CERTIFICATE_EXPIRED,
          store.option(),
          what + " has expired on " + CertificateFacts.end(certificate) + ".",
          "It is taken only where it is in the truststore itself, or pinned. Renew it.");
    } else if (end.isBefore(now.plus(soon))) {
      findings.warning(
          Rule.CERTIFICATE_EXPIRING,
          store.option(),
          what + " expires on " + CertificateFacts.end(certificate) + ".",
          "Renew it.");
    }
    if (certificate.getNotBefore().toInstant().isAfter(now)) {
      findings.warning(
          Rule.CERTIFICATE_NOT_YET_VALID,
          store.option(),
          what + " is valid only from " + CertificateFacts.start(certificate) + ".",
          "Check the clocks, or wait.");
    }
  }

  private void restServer(ChannelSettings settings) {
    if (settings.authentication() == ClientAuthentication.NONE) {
      findings.warning(
          Rule.REST_UNAUTHENTICATED,
          SslOptions.REST_AUTHENTICATION,
          "The REST server asks clients for no certificate: who reaches it may run any code in"
              + " the cluster.",
          "Set "
              + SslOptions.REST_AUTHENTICATION
              + ": true, or put an authenticating proxy before it.");
    } else if (settings.trustsDefaultAuthorities()) {
      findings.warning(
          Rule.REST_TRUSTS_EVERYONE,
          Scope.REST.key("truststore"),
          "The REST server takes a client with a certificate of any CA that this JVM trusts by"
              + " default.",
          "Set " + Scope.REST.key("truststore") + " to your own CA.");
    }
  }
}
