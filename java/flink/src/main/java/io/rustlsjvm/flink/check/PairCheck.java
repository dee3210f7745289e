package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.ChannelSettings;
import io.rustlsjvm.flink.Options;
import io.rustlsjvm.flink.SslOptions;
import io.rustlsjvm.flink.StoreSettings;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Opens both sides of a channel, and lets them shake hands. */
final class PairCheck {
  private final Options options;
  private final Instant now;
  private final Findings findings;

  PairCheck(Options options, Instant now, Findings findings) {
    this.options = options;
    this.now = now;
    this.findings = findings;
  }

  PairResult check(ChannelPair pair, Role role) {
    OpenedChannel server =
        role.includes(pair.server()) ? OpenedChannel.open(options, pair.server(), findings) : null;
    OpenedChannel client =
        role.includes(pair.client()) ? OpenedChannel.open(options, pair.client(), findings) : null;
    if (server == null
        || client == null
        || server.context().isEmpty()
        || client.context().isEmpty()) {
      return new PairResult(pair, server, client, null, null, null);
    }
    String host = pair.host(options, server.chain());
    SelfHandshake handshake = new SelfHandshake(context(client), context(server), host);
    try {
      Negotiated negotiated =
          pair == ChannelPair.BLOB ? handshake.bySockets() : handshake.byEngines();
      return new PairResult(pair, server, client, host, negotiated, null);
    } catch (HandshakeFailure e) {
      explain(server, client, handshake, host, e);
      return new PairResult(pair, server, client, host, null, e.getMessage());
    } catch (IOException e) {
      findings.error(
          Rule.HANDSHAKE_FAILED, null, "Sockets on this host cannot be connected: " + e + ".", "");
      return new PairResult(pair, server, client, host, null, e.toString());
    }
  }

  private static SSLContext context(OpenedChannel opened) {
    return opened.context().orElseThrow();
  }

  private void explain(
      OpenedChannel server,
      OpenedChannel client,
      SelfHandshake handshake,
      String host,
      HandshakeFailure failure) {
    if (explainSuites(server)) {
      return;
    }
    OpenedChannel judge = failure.isByClient() ? client : server;
    OpenedChannel judged = failure.isByClient() ? server : client;
    Optional<String> name =
        failure.isByClient()
                && client.settings().orElseThrow().verifyHostname()
                && handshake.worksUnderAnyName()
            ? Optional.of(host)
            : Optional.empty();
    String source =
        judged
            .settings()
            .flatMap(ChannelSettings::keystore)
            .map(StoreSettings::toString)
            .orElse("no keystore");
    new Diagnosis(judge, judged.chain(), source, now, findings).add(failure.getMessage(), name);
  }

  /** A certificate's key and the suites must fit in TLS 1.2, whose suites name the signature. */
  private boolean explainSuites(OpenedChannel server) {
    ChannelSettings settings = server.settings().orElseThrow();
    List<String> suites = settings.suites().names();
    if (server.chain().isEmpty()
        || suites.stream().anyMatch(suite -> fits(suite, server.chain().get(0)))) {
      return false;
    }
    boolean rsa = isRsa(server.chain().get(0));
    findings.error(
        Rule.SUITES_UNFIT,
        SslOptions.ALGORITHMS,
        "None of the suites ("
            + String.join(", ", suites)
            + ") works with the "
            + CertificateFacts.key(server.chain().get(0))
            + " key of "
            + settings.keystore().orElseThrow()
            + ".",
        "Set "
            + SslOptions.ALGORITHMS
            + " to a list with "
            + (rsa
                ? "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
                : "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
            + ", or "
            + SslOptions.PROTOCOL
            + ": TLSv1.3, whose suites work with every key.");
    return true;
  }

  private static boolean fits(String suite, X509Certificate leaf) {
    return !suite.contains("_WITH_") || suite.contains(isRsa(leaf) ? "_RSA_" : "_ECDSA_");
  }

  private static boolean isRsa(X509Certificate leaf) {
    return leaf.getPublicKey().getAlgorithm().startsWith("RSA");
  }
}
