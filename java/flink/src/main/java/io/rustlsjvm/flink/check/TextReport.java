package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.ChannelSettings;
import io.rustlsjvm.flink.Options;
import io.rustlsjvm.flink.Scope;
import io.rustlsjvm.flink.StoreSettings;
import io.rustlsjvm.jsse.NativeStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A report for people. */
final class TextReport {
  private static final String INDENT = "                 ";

  private final Report report;
  private final StringBuilder out = new StringBuilder();

  private TextReport(Report report) {
    this.report = report;
  }

  static String of(Report report) {
    TextReport text = new TextReport(report);
    text.header();
    for (Scope scope : Scope.values()) {
      text.family(scope);
    }
    report.connection().ifPresent(text::connection);
    text.findings();
    return text.out.toString();
  }

  private void header() {
    FlinkConfiguration configuration = report.configuration();
    line("configuration", configuration.file().toString());
    line(
        "flink",
        configuration
            .flink()
            .map(flink -> flink.version() + " in " + flink.home())
            .orElse(
                "not found (--flink DIR names it); its defaults are taken for those of the newest"));
    report.provider().ifPresent(provider -> line("provider", provider));
    report.library().ifPresent(library -> line("library", library));
  }

  private void family(Scope scope) {
    List<PairResult> pairs =
        report.pairs().stream()
            .filter(result -> result.pair().server().scope() == scope)
            .collect(Collectors.toList());
    if (pairs.isEmpty()) {
      return;
    }
    out.append('\n').append(scope.name().toLowerCase(Locale.ROOT)).append('\n');
    // The sides of a family differ in what they check, not in what they are made of.
    sides(pairs).flatMap(side -> side.settings().stream()).findFirst().ifPresent(this::settings);
    sides(pairs).filter(side -> side.keystore().isPresent()).findFirst().ifPresent(this::key);
    sides(pairs)
        .filter(side -> !trust(side).isEmpty())
        .findFirst()
        .ifPresent(side -> line("trust", trust(side)));
    pairs.forEach(this::handshake);
  }

  private static Stream<OpenedChannel> sides(List<PairResult> pairs) {
    return pairs.stream()
        .flatMap(result -> Stream.concat(result.server().stream(), result.client().stream()));
  }

  private void settings(ChannelSettings settings) {
    Options options = report.configuration();
    line("protocols", String.join(", ", settings.protocols()));
    line("suites", String.join(",\n" + INDENT, settings.suites().names()));
    line("clients", ChannelFacts.clients(settings));
    line("sessions", ChannelFacts.sessions(settings));
    ChannelFacts.timeouts(options, settings).ifPresent(text -> line("timeouts", text));
  }

  private void key(OpenedChannel side) {
    StoreSettings store = side.settings().orElseThrow().keystore().orElseThrow();
    line("keystore", store.toString() + ", " + side.keystore().orElseThrow().format());
    for (X509Certificate certificate : side.chain()) {
      line("", describe(certificate));
    }
  }

  private String trust(OpenedChannel side) {
    ChannelSettings settings = side.settings().orElse(null);
    if (settings == null) {
      return "";
    }
    if (settings.fingerprints().isPresent()) {
      return settings.fingerprints().get().key()
          + " alone: "
          + settings.fingerprints().get().value();
    }
    Optional<NativeStore> store = side.truststore();
    if (store.isPresent()) {
      return settings.truststore().orElseThrow()
          + ", "
          + store.get().format()
          + "\n"
          + INDENT
          + store.get().trustedCertificates().stream()
              .map(
                  certificate -> CertificateFacts.summary(certificate, report.now(), INDENT + "  "))
              .collect(Collectors.joining("\n" + INDENT));
    }
    return settings.trustsDefaultAuthorities() ? "the JVM's default CAs" : "";
  }

  private String describe(X509Certificate certificate) {
    return CertificateFacts.describe(certificate, report.now(), INDENT + "  ").stripTrailing();
  }

  private void handshake(PairResult result) {
    String name = result.pair().name().toLowerCase(Locale.ROOT);
    line(
        name,
        result
            .negotiated()
            .map(
                negotiated ->
                    "works: "
                        + negotiated
                        + result.client().map(client -> ", " + names(client, result)).orElse(""))
            .orElseGet(
                () ->
                    result
                        .failure()
                        .map(failure -> "FAILS: " + failure)
                        .orElse(isUsable(result) ? "usable; only one side is here" : "UNUSABLE")));
  }

  private static boolean isUsable(PairResult result) {
    return Stream.concat(result.server().stream(), result.client().stream())
        .allMatch(side -> side.context().isPresent());
  }

  private static String names(OpenedChannel client, PairResult result) {
    return client.settings().orElseThrow().verifyHostname()
        ? "host name is checked: " + result.host().orElse("")
        : "host names are not checked";
  }

  private void connection(ConnectionResult connection) {
    Instant now = report.now();
    out.append('\n').append(connection.endpoint()).append('\n');
    connection.negotiated().ifPresent(negotiated -> line("works", negotiated.toString()));
    connection.failure().ifPresent(failure -> line("FAILS", failure));
    connection.answer().ifPresent(answer -> line("answer", answer));
    connection
        .chain()
        .forEach(
            certificate ->
                line(
                    "shows",
                    CertificateFacts.describe(certificate, now, INDENT + "  ").stripTrailing()));
  }

  private void findings() {
    for (Finding finding : report.findings()) {
      out.append('\n')
          .append(finding.severity())
          .append(' ')
          .append(finding.rule().id())
          .append('\n')
          .append("  ")
          .append(finding.message())
          .append('\n');
    }
    out.append('\n')
        .append(count(Finding.Severity.ERROR, "error"))
        .append(", ")
        .append(count(Finding.Severity.WARNING, "warning"))
        .append('\n');
  }

  private String count(Finding.Severity severity, String name) {
    int count = report.count(severity);
    return count + " " + name + (count == 1 ? "" : "s");
  }

  private void line(String name, String value) {
    out.append(String.format("  %-15s%s%n", name, value));
  }
}
