package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.FlinkDefaults;
import io.rustlsjvm.flink.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A Flink's configuration, as its files and overrides have it. */
final class FlinkConfiguration implements Options {
  private static final String YAML = "config.yaml";
  private static final String LEGACY = "flink-conf.yaml";

  private final Path file;
  private final FlinkInstallation flink;
  private final FlinkDefaults defaults;
  private final Map<String, String> values;

  private FlinkConfiguration(
      Path file, FlinkInstallation flink, FlinkDefaults defaults, Map<String, String> values) {
    this.file = file;
    this.flink = flink;
    this.defaults = defaults;
    this.values = values;
  }

  /**
   * Reads the file that Flink would read.
   *
   * @param folder where it is
   * @param flink the Flink that would read it, or null where it is not known
   * @param overrides go before the file's values
   * @param findings takes what is wrong with it
   * @throws UsageException where there is no such file
   */
  static FlinkConfiguration read(
      Path folder, FlinkInstallation flink, Map<String, String> overrides, Findings findings)
      throws UsageException {
    boolean legacy = isLegacy(folder, flink, findings);
    Path file = folder.resolve(legacy ? LEGACY : YAML);
    Map<String, String> values =
        legacy ? LegacyFile.read(file, findings) : YamlFile.read(file, findings);
    if (values != null) {
      values.putAll(overrides);
    }
    FlinkDefaults defaults =
        flink != null ? flink.defaults() : legacy ? FlinkDefaults.flink1() : FlinkDefaults.newest();
    return new FlinkConfiguration(file, flink, defaults, values);
  }

  /** Flink 1 prefers the old file, Flink 2 does not know it. */
  private static boolean isLegacy(Path folder, FlinkInstallation flink, Findings findings)
      throws UsageException {
    boolean old = Files.isRegularFile(folder.resolve(LEGACY));
    boolean current = Files.isRegularFile(folder.resolve(YAML));
    if (!old && !current) {
      throw new UsageException("There is no " + YAML + " and no " + LEGACY + " in " + folder + ".");
    }
    boolean flink1 = flink == null ? !current : flink.defaults().hasCommonSwitch();
    if (old && current) {
      findings.warning(
          Rule.CONFIGURATION_IGNORED,
          null,
          "There are both "
              + YAML
              + " and "
              + LEGACY
              + " in "
              + folder
              + ". Flink 1 reads "
              + LEGACY
              + ", Flink 2 reads "
              + YAML
              + "; what is checked here is "
              + (flink1 ? LEGACY : YAML)
              + ".",
          "Remove the other one.");
      return flink1;
    }
    if (old && !flink1) {
      findings.error(
          Rule.CONFIGURATION_IGNORED,
          null,
          "Flink " + flink.version() + " does not read " + folder.resolve(LEGACY) + ".",
          "Write " + YAML + "; bin/migrate-config-file.sh of Flink does it.");
    }
    return old;
  }

  /** Whether the file could be read; else it has no options. */
  boolean isReadable() {
    return values != null;
  }

  /** The file that was read. */
  Path file() {
    return file;
  }

  /** The Flink that it is for, where that is known. */
  Optional<FlinkInstallation> flink() {
    return Optional.ofNullable(flink);
  }

  Set<String> keys() {
    return values.keySet();
  }

  /** Whether anybody on the machine may read the file, where that can be told. */
  boolean isReadableByAll() throws IOException {
    return Permissions.areReadableByAll(file);
  }

  @Override
  public Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key));
  }

  @Override
  public FlinkDefaults defaults() {
    return defaults;
  }
}
