package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.ChannelSettings;
import io.rustlsjvm.flink.Options;
import io.rustlsjvm.flink.Setting;
import io.rustlsjvm.flink.StoreSettings;
import io.rustlsjvm.jsse.NativeStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A report for programs; docs/check.md has its form. */
final class JsonReport {
  private final Report report;

  private JsonReport(Report report) {
    this.report = report;
  }

  static String of(Report report) {
    return JsonWriter.write(new JsonReport(report).document());
  }

  private Map<String, Object> document() {
    FlinkConfiguration configuration = report.configuration();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("library", report.library().orElse(null));
    json.put("configuration", configuration.file().toString());
    json.put("flink", configuration.flink().map(FlinkInstallation::version).orElse(null));
    json.put("provider", report.provider().orElse(null));
    List<Object> channels = new ArrayList<>();
    for (PairResult pair : report.pairs()) {
      pair.server().ifPresent(side -> channels.add(channel(side)));
      pair.client().ifPresent(side -> channels.add(channel(side)));
    }
    json.put("channels", channels);
    List<Object> handshakes = new ArrayList<>();
    report.pairs().forEach(pair -> handshakes.add(handshake(pair)));
    json.put("handshakes", handshakes);
    json.put("connection", report.connection().map(JsonReport::connection).orElse(null));
    List<Object> findings = new ArrayList<>();
    report.findings().forEach(finding -> findings.add(finding(finding)));
    json.put("findings", findings);
    json.put("errors", report.count(Finding.Severity.ERROR));
    json.put("warnings", report.count(Finding.Severity.WARNING));
    return json;
  }

  private Map<String, Object> channel(OpenedChannel side) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("channel", side.channel().label());
    json.put("usable", side.context().isPresent());
    if (side.settings().isEmpty()) {
      return json;
    }
    ChannelSettings settings = side.settings().get();
    json.put("protocols", settings.protocols());
    json.put("cipherSuites", settings.suites().names());
    json.put("clientAuthentication", settings.authentication().name().toLowerCase(Locale.ROOT));
    json.put("verifyHostname", settings.verifyHostname());
    json.put("sessionCacheSize", ChannelFacts.sessionCacheSize(settings));
    json.put("sessionTimeoutSeconds", ChannelFacts.sessionTimeoutSeconds(settings));
    Options options = report.configuration();
    ChannelFacts.handshakeTimeoutMillis(options, settings)
        .ifPresent(value -> json.put("handshakeTimeoutMillis", value));
    ChannelFacts.closeNotifyFlushTimeoutMillis(options, settings)
        .ifPresent(value -> json.put("closeNotifyFlushTimeoutMillis", value));
    json.put("keystore", store(settings.keystore(), side.keystore(), side.chain()));
    json.put("truststore", store(settings.truststore(), side.truststore(), side.trusted()));
    json.put("fingerprints", settings.fingerprints().map(Setting::value).orElse(null));
    json.put("trustsDefaultAuthorities", settings.trustsDefaultAuthorities());
    return json;
  }

  private static Map<String, Object> store(
      Optional<StoreSettings> settings,
      Optional<NativeStore> store,
      List<X509Certificate> certificates) {
    if (settings.isEmpty()) {
      return null;
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("option", settings.get().option());
    json.put("file", settings.get().file());
    json.put("format", store.map(NativeStore::format).orElse(null));
    json.put("certificates", CertificateFacts.json(certificates));
    return json;
  }

  private static Map<String, Object> handshake(PairResult result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("pair", result.pair().name().toLowerCase(Locale.ROOT));
    json.put("host", result.host().orElse(null));
    outcome(json, result.negotiated(), result.failure());
    return json;
  }

  private static Map<String, Object> connection(ConnectionResult connection) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("endpoint", connection.endpoint().toString());
    json.put("channel", connection.client().channel().label());
    outcome(json, connection.negotiated(), connection.failure());
    json.put("answer", connection.answer().orElse(null));
    json.put("certificates", CertificateFacts.json(connection.chain()));
    return json;
  }

  private static void outcome(
      Map<String, Object> json, Optional<Negotiated> negotiated, Optional<String> failure) {
    json.put("works", negotiated.isPresent());
    json.put("protocol", negotiated.map(Negotiated::protocol).orElse(null));
    json.put("cipherSuite", negotiated.map(Negotiated::cipherSuite).orElse(null));
    json.put("namedGroup", negotiated.flatMap(Negotiated::namedGroup).orElse(null));
    json.put("failure", failure.orElse(null));
  }

  private static Map<String, Object> finding(Finding finding) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
    json.put("rule", finding.rule().id());
    json.put("option", finding.option());
    json.put("message", finding.message());
    return json;
  }
}
