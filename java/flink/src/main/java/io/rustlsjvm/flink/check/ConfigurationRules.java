package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.FlinkDefaults;
import io.rustlsjvm.flink.OptionException;
import io.rustlsjvm.flink.OptionKeys;
import io.rustlsjvm.flink.Scope;
import io.rustlsjvm.flink.SslOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What is to be said about a configuration before any channel is looked at. */
final class ConfigurationRules {
  private static final String OURS = "security.ssl.";
  private static final String PASSWORD = "password";

  /** Flink 1 still defines them, and has nobody who reads them. */
  private static final List<String> WITHOUT_EFFECT =
      List.of("web.ssl.enabled", "jobmanager.web.ssl.enabled");

  private static final Set<String> OTHER_PROVIDERS = Set.of("JDK", "OPENSSL");

  private final FlinkConfiguration configuration;
  private final Findings findings;

  ConfigurationRules(FlinkConfiguration configuration, Findings findings) {
    this.configuration = configuration;
    this.findings = findings;
  }

  void check() {
    provider();
    jar();
    keys();
    permissions();
    defaultSuites();
  }

  private void provider() {
    if (SslOptions.isRustls(configuration)) {
      return;
    }
    String provider = configuration.text(SslOptions.PROVIDER).orElse("JDK");
    if (OTHER_PROVIDERS.contains(provider.toUpperCase(Locale.ROOT))) {
      findings.warning(
          Rule.PROVIDER_OTHER,
          SslOptions.PROVIDER,
          SslOptions.PROVIDER
              + " is "
              + provider
              + (configuration.text(SslOptions.PROVIDER).isEmpty() ? " (not set)" : "")
              + ", so Flink does not use RUSTLS. What is said here is what would be with it.",
          "Set " + SslOptions.PROVIDER + ": RUSTLS.");
    } else {
      findings.error(
          Rule.PROVIDER_UNKNOWN,
          SslOptions.PROVIDER,
          SslOptions.PROVIDER + " is '" + provider + "', which nobody has.",
          "Set it to RUSTLS.");
    }
  }

  private void jar() {
    boolean rustls = SslOptions.isRustls(configuration);
    if (configuration.flink().isEmpty()) {
      if (rustls && isInternalAlone()) {
        findings.warning(
            Rule.JAR_MISSING,
            SslOptions.PROVIDER,
            "It is not known here whether the jar is in Flink's lib folder. A JobManager without it"
                + " and with TLS on internal channels alone does not stop: it uses the JDK's.",
            "Put the jar into lib/ on every machine, and run this there, or with --flink.");
      }
      return;
    }
    FlinkInstallation flink = configuration.flink().get();
    List<String> jars = flink.plugins().stream().map(Path::toString).collect(Collectors.toList());
    if (jars.size() > 1) {
      findings.error(
          Rule.JAR_TWICE,
          null,
          "There are several jars of this plugin in Flink's lib folder: "
              + String.join(", ", jars)
              + ".",
          "Keep one.");
    }
    if (jars.isEmpty() && rustls) {
      findings.error(
          Rule.JAR_MISSING,
          SslOptions.PROVIDER,
          "There is no jar of this plugin in "
              + flink.home().resolve("lib")
              + ". "
              + (isInternalAlone()
                  ? "A JobManager with TLS on internal channels alone does not stop for that: it"
                      + " uses the JDK's TLS, and TaskManagers fail."
                  : "Flink stops with 'Unknown SSL provider'."),
          "Copy the jar there, on every machine.");
    }
  }

  private boolean isInternalAlone() {
    try {
      return SslOptions.isEnabled(configuration, Scope.INTERNAL)
          && !SslOptions.isEnabled(configuration, Scope.REST);
    } catch (OptionException e) {
      return false; // told of where the channels are looked at
    }
  }

  private void keys() {
    Set<String> known = OptionKeys.all();
    for (String key : configuration.keys()) {
      if (key.startsWith(OURS) && !known.contains(key)) {
        findings.warning(
            Rule.OPTION_UNKNOWN,
            key,
            "Nobody reads " + key + ".",
            "Check its name; docs/options.md has all that there are.");
      }
    }
    if (configuration.keys().contains(SslOptions.COMMON_ENABLED)
        && !configuration.defaults().hasCommonSwitch()) {
      ignored(
          SslOptions.COMMON_ENABLED,
          "Flink 2 does not read " + SslOptions.COMMON_ENABLED + ".",
          "Set "
              + Scope.INTERNAL.key("enabled")
              + " and "
              + Scope.REST.key("enabled")
              + " in its place.");
    }
    for (String key : WITHOUT_EFFECT) {
      if (configuration.keys().contains(key)) {
        ignored(key, key + " does nothing.", Scope.REST.key("enabled") + " switches REST.");
      }
    }
  }

  private void ignored(String key, String message, String advice) {
    findings.warning(Rule.OPTION_IGNORED, key, message, advice);
  }

  private void permissions() {
    boolean secret =
        configuration.keys().stream()
            .anyMatch(key -> key.startsWith(OURS) && key.endsWith(PASSWORD));
    try {
      if (secret && configuration.isReadableByAll()) {
        findings.warning(
            Rule.CONFIGURATION_READABLE_BY_ALL,
            null,
            "Everybody on this machine may read " + configuration.file() + ", which has passwords.",
            "Take the permission away: chmod o-r " + configuration.file() + ".");
      }
    } catch (IOException e) {
      findings.warning(
          Rule.CONFIGURATION_READABLE_BY_ALL,
          null,
          "The permissions of " + configuration.file() + " cannot be read: " + e + ".",
          "");
    }
  }

  /** Flink 2.0.0, 2.0.1 and 2.2.0, for example, have a suite that rustls leaves out. */
  private void defaultSuites() {
    FlinkDefaults defaults = configuration.defaults();
    if (configuration.text(SslOptions.ALGORITHMS).isPresent()
        || defaults.algorithms().contains("TLS_ECDHE_")) {
      return;
    }
    findings.warning(
        Rule.SUITES_DEFAULT,
        SslOptions.ALGORITHMS,
        SslOptions.ALGORITHMS
            + " is not set, and the default of this Flink, "
            + defaults.algorithms()
            + ", has nothing that RUSTLS has. Nodes with other providers offer nothing else: they"
            + " cannot talk to nodes with RUSTLS.",
        "Before you change a running cluster node by node, set "
            + SslOptions.ALGORITHMS
            + ": TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 on"
            + " all of them.");
  }
}
