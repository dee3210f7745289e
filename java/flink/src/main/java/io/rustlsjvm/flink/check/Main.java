package io.rustlsjvm.flink.check;

import io.rustlsjvm.jsse.RustlsLibrary;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The jar's own commands. */
public final class Main {
  private static final int FINE = 0;
  private static final int ERRORS = 1;
  private static final int USAGE = 2;

  private static final String HELP =
      String.join(
          "\n",
          "java -jar flink-rustls.jar check [CONF_DIR] [OPTION]...",
          "",
          "  Reads Flink's configuration (config.yaml, or flink-conf.yaml of Flink 1) in CONF_DIR,",
          "  $FLINK_CONF_DIR or $FLINK_HOME/conf, opens every store that it names, shakes hands over",
          "  every channel, and says what is wrong.",
          "",
          "  -Dkey=value            an option that goes before the file's, as for Flink",
          "  --env key=VARIABLE     the same, with the value of an environment variable: for passwords",
          "  --flink DIR            the Flink that it is for, where that is not CONF_DIR/..",
          "  --role all|cluster|client",
          "                         what the configuration is for: cluster leaves REST clients out,",
          "                         client leaves out everything else",
          "  --connect HOST:PORT    shakes hands with a running endpoint, too",
          "  --channel rest|internal",
          "                         whose client connects; rest where it is not given",
          "  --ignore RULE[,RULE]   findings to leave out",
          "  --strict               warnings count as errors",
          "  --json                 one JSON document",
          "",
          "java -jar flink-rustls.jar fingerprint FILE [--password-env VARIABLE | --password-stdin]",
          "                                            [--json]",
          "",
          "  The fingerprints of the certificates in a PKCS12, JKS or PEM file, as",
          "  security.ssl.internal.cert.fingerprint and security.ssl.rest.cert.fingerprint take them.",
          "",
          "java -jar flink-rustls.jar --version | --help",
          "",
          "Exit codes: 0 fine, or warnings alone; 1 errors; 2 wrong usage.",
          "");

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(Arrays.asList(arguments)));
  }

  private static int run(List<String> arguments) {
    CommandLine line = new CommandLine(arguments);
    try {
      if (!line.hasNext()) {
        throw new UsageException("Which command?");
      }
      switch (line.next()) {
        case "check":
          if (asksForHelp(arguments)) {
            return help();
          }
          return new CheckCommand(CheckArguments.parse(line), System.getenv()).run(System.out)
              ? FINE
              : ERRORS;
        case "fingerprint":
          if (asksForHelp(arguments)) {
            return help();
          }
          return FingerprintCommand.parse(line)
                  .run(System.getenv(), System.in, System.out, System.err)
              ? FINE
              : ERRORS;
        case "--help":
        case "-h":
        case "help":
          return help();
        case "--version":
          System.out.println(RustlsLibrary.description());
          return FINE;
        default:
          throw line.unexpected();
      }
    } catch (UsageException e) {
      System.err.println(e.getMessage());
      System.err.println("--help says what there is.");
      return USAGE;
    } catch (IOException | UnsatisfiedLinkError e) {
      System.err.println(e.getMessage());
      return ERRORS;
    }
  }

  private static boolean asksForHelp(List<String> arguments) {
    return arguments.contains("--help") || arguments.contains("-h");
  }

  private static int help() {
    System.out.print(HELP);
    return FINE;
  }
}
