package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.Channel;
import io.rustlsjvm.flink.OptionException;
import io.rustlsjvm.flink.RustlsStartupError;
import io.rustlsjvm.flink.Scope;
import io.rustlsjvm.flink.SslOptions;
import io.rustlsjvm.flink.StoreContexts;
import io.rustlsjvm.jsse.RustlsLibrary;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code check}: what would come of a configuration. */
final class CheckCommand {
  private final CheckArguments arguments;
  private final Map<String, String> environment;
  private final Instant now = Instant.now();
  private final Findings findings;
  private FlinkConfiguration configuration;

  CheckCommand(CheckArguments arguments, Map<String, String> environment) {
    this.arguments = arguments;
    this.environment = environment;
    this.findings = new Findings(arguments.ignored());
  }

  /** Prints the report; true where nothing stands against the configuration. */
  boolean run(PrintStream out) throws UsageException, IOException {
    Path folder = folder();
    configuration =
        FlinkConfiguration.read(folder, flink(folder), arguments.overrides(environment), findings);
    List<PairResult> pairs = new ArrayList<>();
    ConnectionResult connection = null;
    if (configuration.isReadable()) {
      new ConfigurationRules(configuration, findings).check();
    }
    if (configuration.isReadable() && hasLibrary()) {
      pairs.addAll(pairs());
      rules(pairs);
      connection = arguments.endpoint().isPresent() ? connect(arguments.endpoint().get()) : null;
    }
    Report report = new Report(library(), configuration, now, pairs, connection, findings);
    out.print(arguments.isJson() ? JsonReport.of(report) : TextReport.of(report));
    return report.count(Finding.Severity.ERROR) == 0
        && !(arguments.isStrict() && report.count(Finding.Severity.WARNING) > 0);
  }

  private Path folder() throws UsageException {
    Path folder =
        arguments
            .folder()
            .or(() -> variable("FLINK_CONF_DIR").map(Path::of))
            .or(() -> variable("FLINK_HOME").map(home -> Path.of(home, "conf")))
            .orElseThrow(
                () ->
                    new UsageException(
                        "Which configuration? Name its folder, or set FLINK_CONF_DIR or"
                            + " FLINK_HOME."));
    if (!Files.isDirectory(folder)) {
      throw new UsageException("There is no folder " + folder + ".");
    }
    return folder;
  }

  /** The one that was named, or the one that the folder belongs to, or the environment's. */
  private FlinkInstallation flink(Path folder) throws UsageException, IOException {
    if (arguments.flink().isPresent()) {
      Path home = arguments.flink().get();
      return FlinkInstallation.at(home)
          .orElseThrow(
              () -> new UsageException("There is no flink-dist in " + home.resolve("lib") + "."));
    }
    Path parent = folder.toAbsolutePath().normalize().getParent();
    Optional<FlinkInstallation> around =
        parent == null ? Optional.empty() : FlinkInstallation.at(parent);
    if (around.isPresent() || variable("FLINK_HOME").isEmpty()) {
      return around.orElse(null);
    }
    return FlinkInstallation.at(Path.of(variable("FLINK_HOME").get())).orElse(null);
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  private boolean hasLibrary() {
    try {
      StoreContexts.requireLibrary();
      return true;
    } catch (RustlsStartupError e) {
      findings.error(Rule.LIBRARY_UNUSABLE, SslOptions.PROVIDER, e.getMessage(), "");
      return false;
    }
  }

  private static String library() {
    return RustlsLibrary.isAvailable() ? RustlsLibrary.description() : null;
  }

  private List<PairResult> pairs() {
    PairCheck check = new PairCheck(configuration, now, findings);
    List<PairResult> results = new ArrayList<>();
    for (ChannelPair pair : ChannelPair.values()) {
      if (arguments.role().includes(pair) && isEnabled(pair)) {
        results.add(check.check(pair, arguments.role()));
      }
    }
    return results;
  }

  private boolean isEnabled(ChannelPair pair) {
    try {
      if (SslOptions.isEnabled(configuration, pair.server())) {
        return true;
      }
      Scope scope = pair.server().scope();
      String key =
          SslOptions.isEnabled(configuration, scope)
              ? pair.toggle().orElseThrow()
              : scope.key("enabled");
      findings.warning(
          Rule.CHANNEL_IN_CLEAR,
          key,
          (key.equals(scope.key("enabled")) ? key + " is not true" : key + " is false")
              + ": there is no TLS on "
              + (scope == Scope.REST
                  ? "REST"
                  : key.equals(scope.key("enabled")) ? "internal channels" : pair.server().label())
              + ".",
          "Set it to true.");
      return false;
    } catch (OptionException e) {
      findings.error(Rule.OPTION_WRONG, OpenedChannel.optionOf(e), e.getMessage(), "");
      return false;
    }
  }

  private void rules(List<PairResult> pairs) {
    try {
      ChannelRules rules = new ChannelRules(configuration, now, findings);
      for (PairResult pair : pairs) {
        pair.server().ifPresent(rules::check);
        pair.client().ifPresent(rules::check);
      }
    } catch (OptionException e) {
      findings.error(Rule.OPTION_WRONG, OpenedChannel.optionOf(e), e.getMessage(), "");
    }
  }

  private ConnectionResult connect(Endpoint endpoint) {
    Channel channel = arguments.scope() == Scope.REST ? Channel.REST_CLIENT : Channel.DATA_CLIENT;
    OpenedChannel client = OpenedChannel.open(configuration, channel, findings);
    return client.context().isPresent()
        ? new ConnectionCheck(client, endpoint, now, findings).check()
        : null;
  }
}
