package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.SslOptions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** All that a check has come to. */
final class Report {
  private final String library;
  private final FlinkConfiguration configuration;
  private final Instant now;
  private final List<PairResult> pairs;
  private final ConnectionResult connection;
  private final List<Finding> findings;

  /**
   * @param library null where it cannot be loaded
   * @param connection null for none
   */
  Report(
      String library,
      FlinkConfiguration configuration,
      Instant now,
      List<PairResult> pairs,
      ConnectionResult connection,
      Findings findings) {
    this.library = library;
    this.configuration = configuration;
    this.now = now;
    this.pairs = List.copyOf(pairs);
    this.connection = connection;
    this.findings = findings.all();
  }

  /** What does TLS here; empty where it cannot be loaded. */
  Optional<String> library() {
    return Optional.ofNullable(library);
  }

  FlinkConfiguration configuration() {
    return configuration;
  }

  /** As configured, or Flink's default; empty where the configuration cannot be read. */
  Optional<String> provider() {
    return configuration.isReadable()
        ? configuration.text(SslOptions.PROVIDER).or(() -> Optional.of("JDK"))
        : Optional.empty();
  }

  Instant now() {
    return now;
  }

  /** Those that have TLS and were asked for. */
  List<PairResult> pairs() {
    return pairs;
  }

  Optional<ConnectionResult> connection() {
    return Optional.ofNullable(connection);
  }

  /** Errors first. */
  List<Finding> findings() {
    return findings;
  }

  int count(Finding.Severity severity) {
    return (int) findings.stream().filter(finding -> finding.severity() == severity).count();
  }
}
