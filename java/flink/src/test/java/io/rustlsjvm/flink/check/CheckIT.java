package io.rustlsjvm.flink.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.flink.SoftToken;
import io.rustlsjvm.flink.TestStores;
import io.rustlsjvm.flink.check.JarProcess.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.configuration.SecurityOptions;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code java -jar flink-rustls.jar check}, with a configuration for each thing that it finds. */
class CheckIT {
  private static final String RSA = "rsa:2048";
  private static final String SAN = "DNS:localhost,IP:127.0.0.1";

  @TempDir static Path folder;

  /** A pair that names localhost. */
  private static Path node;

  /** One of another authority. */
  private static Path stranger;

  /** One without names. */
  private static Path nameless;

  private static Path selfSigned;

  @BeforeAll
  static void makeStores() throws Exception {
    Pki pki = new Pki(folder);
    Path authority = pki.authority("authority");
    node = pki.signed(authority, "node", RSA, SAN);
    nameless = pki.signed(authority, "nameless", RSA, "");
    stranger = pki.signed(pki.authority("another"), "stranger", RSA, SAN);
    selfSigned = Pki.secret(TestStores.pair(folder, "self-signed", "-validity", "400"));
  }

  // ---- What is told of a configuration that works ----------------------------------------------

  @Test
  void tellsPeopleWhatWouldBeNegotiated() throws Exception {
    Path home = flinkHome("home", coreOfThisFlink(), "2.3.0", true);
    Files.move(Path.of(fine().write()), home.resolve("conf"));
    Outcome outcome = new JarProcess().env("FLINK_HOME", home.toString()).run("check");
    assertThat(outcome.exit).as(outcome.toString()).isZero();
    assertThat(outcome.err).isEmpty();
    assertThat(outcome.out)
        .contains("flink          2.3.0 in " + home)
        .contains("provider       RUSTLS")
        .contains("protocols      TLSv1.2\n")
        .contains("suites         TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,\n")
        .contains("clients        need a certificate")
        .contains("sessions       20480 kept for resumption, for 86400 s")
        .contains("keystore       security.ssl.keystore: " + node + ", PEM\n")
        .contains("CN=node\n")
        .contains("RSA 2048, issued by CN=authority\n")
        .contains("names: DNS:localhost, IP:127.0.0.1\n")
        .contains(" days left)")
        .contains("SHA-1 " + Pki.fingerprint(node.resolve("tls.crt"), "sha1") + "\n")
        .contains("SHA-256 " + Pki.fingerprint(node.resolve("tls.crt"), "sha256") + "\n")
        .contains("rpc            works: TLSv1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, x25519, ")
        .contains("data           works: TLSv1.2,")
        .contains("blob           works: TLSv1.2,")
        .contains("rest           works: TLSv1.2,")
        .endsWith("\n0 errors, 0 warnings\n");
  }

  @Test
  void tellsProgramsWhatWouldBeNegotiated() throws Exception {
    String conf =
        fine()
            .with("security.ssl.protocol", "TLSv1.3")
            .with("security.ssl.internal.session-cache-size", "17")
            .with("security.ssl.internal.session-timeout", "90000")
            .with("security.ssl.internal.handshake-timeout", "1234")
            .with("security.ssl.verify-hostname", "true")
            .write();
    Outcome outcome = json(conf);
    assertThat(outcome.exit).as(outcome.toString()).isZero();
    JsonNode json = outcome.json();
    assertThat(json.get("library").asText()).startsWith("rustls-jvm ");
    assertThat(json.get("configuration").asText()).isEqualTo(conf + "/config.yaml");
    assertThat(json.get("flink").isNull()).isTrue();
    assertThat(json.get("provider").asText()).isEqualTo("RUSTLS");
    assertThat(json.get("findings")).isEmpty();
    assertThat(json.get("errors").asInt()).isZero();
    assertThat(json.get("warnings").asInt()).isZero();
    assertThat(texts(json.get("channels"), "channel"))
        .containsExactly(
            "rpc-server",
            "rpc-client",
            "data-server",
            "data-client",
            "blob-server",
            "blob-client",
            "rest-server",
            "rest-client");
    JsonNode server = json.get("channels").get(2);
    assertThat(server.get("usable").asBoolean()).isTrue();
    assertThat(server.get("protocols").get(0).asText()).isEqualTo("TLSv1.3");
    assertThat(server.get("clientAuthentication").asText()).isEqualTo("need");
    assertThat(server.get("sessionCacheSize").asInt()).isEqualTo(17);
    assertThat(server.get("sessionTimeoutSeconds").asInt()).isEqualTo(90);
    assertThat(server.get("handshakeTimeoutMillis").asInt()).isEqualTo(1234);
    assertThat(server.get("closeNotifyFlushTimeoutMillis").asInt()).isEqualTo(-1);
    assertThat(json.get("channels").get(4).get("handshakeTimeoutMillis").asInt()).isEqualTo(1234);
    for (int other : new int[] {0, 1, 5, 6, 7}) {
      assertThat(json.get("channels").get(other).has("handshakeTimeoutMillis"))
          .as("the option is not theirs")
          .isFalse();
    }
    assertThat(json.get("channels").get(7).get("verifyHostname").asBoolean()).isTrue();
    JsonNode leaf = server.get("keystore").get("certificates").get(0);
    assertThat(leaf.get("subject").asText()).isEqualTo("CN=node");
    assertThat(leaf.get("sha1").asText())
        .isEqualTo(Pki.fingerprint(node.resolve("tls.crt"), "sha1"));
    assertThat(texts(json.get("handshakes"), "pair"))
        .containsExactly("rpc", "data", "blob", "rest");
    assertThat(texts(json.get("handshakes"), "protocol")).containsOnly("TLSv1.3");
    assertThat(texts(json.get("handshakes"), "namedGroup")).containsOnly("X25519MLKEM768");
    assertThat(json.get("handshakes").get(3).get("host").asText()).isEqualTo("localhost");
    assertThat(Files.readString(Path.of(System.getProperty("docs"), "check.md")))
        .contains(fields(json).stream().map(name -> "`" + name + "`").collect(Collectors.toList()));
  }

  /** What an operator looks at before the provider is changed. */
  @Test
  void readsTheOldFileOfFlink1() throws Exception {
    Conf conf =
        Conf.empty(folder)
            .with("security.ssl.enabled", "true")
            .with("security.ssl.rest.authentication-enabled", "true")
            .with("akka.ssl.enabled", "false")
            .with("jobmanager.web.ssl.enabled", "false")
            .stores("security.ssl.", selfSigned, selfSigned)
            .with("security.ssl.key-password", TestStores.PASSWORD)
            .with("security.ssl.verify-hostname", "false # as ever");
    Outcome outcome = json(conf.writeLegacy());
    assertThat(outcome.exit).as(outcome.toString()).isZero();
    assertThat(texts(outcome.json().get("handshakes"), "pair"))
        .containsExactly("data", "blob", "rest");
    assertThat(outcome.rules())
        .containsExactly("provider-other", "option-ignored", "channel-in-clear");
    assertFinding(
        outcome, Rule.OPTION_IGNORED, "warning", "jobmanager.web.ssl.enabled", "does nothing");
    assertFinding(
        outcome, Rule.PROVIDER_OTHER, "warning", "security.ssl.provider", "JDK (not set)");
    assertFinding(
        outcome, Rule.CHANNEL_IN_CLEAR, "warning", "pekko.ssl.enabled", "no TLS on rpc-server");
  }

  @Test
  void takesOverridesAndPasswordsOfTheEnvironment() throws Exception {
    String conf =
        fine()
            .stores("security.ssl.", selfSigned, selfSigned)
            .without("security.ssl.keystore-password")
            .write();
    Outcome outcome =
        new JarProcess()
            .env("STORE", TestStores.PASSWORD)
            .run(
                "check",
                conf,
                "--json",
                "--env",
                "security.ssl.keystore-password=STORE",
                "-Dsecurity.ssl.protocol=TLSv1.3",
                "-D",
                "taskmanager.data.ssl.enabled=false");
    assertThat(outcome.exit).as(outcome.toString()).isZero();
    assertThat(texts(outcome.json().get("handshakes"), "pair"))
        .containsExactly("rpc", "blob", "rest");
    assertThat(texts(outcome.json().get("handshakes"), "protocol")).containsOnly("TLSv1.3");
  }

  @Test
  void leavesOutWhatAMachineDoesNotHave() throws Exception {
    String conf =
        fine()
            .without("security.ssl.keystore")
            .with("security.ssl.rest.authentication-enabled", "false")
            .write();
    Outcome client = new JarProcess().run("check", conf, "--json", "--role", "client");
    assertThat(client.exit).as(client.toString()).isZero();
    assertThat(texts(client.json().get("channels"), "channel")).containsExactly("rest-client");
    assertThat(client.json().get("handshakes").get(0).get("works").asBoolean()).isFalse();

    Outcome text = new JarProcess().run("check", conf, "--role", "client");
    assertThat(text.out).contains("rest           usable; only one side is here");
  }

  // ---- Exit codes ------------------------------------------------------------------------------

  @Test
  void endsWellWithWarningsUnlessTheyCount() throws Exception {
    String conf = fine().with("security.ssl.rest.authentication-enabled", "false").write();
    Outcome outcome = json(conf);
    assertThat(outcome.exit).isZero();
    assertFinding(
        outcome,
        Rule.REST_UNAUTHENTICATED,
        "warning",
        "security.ssl.rest.authentication-enabled",
        "asks clients for no certificate");
    assertThat(new JarProcess().run("check", conf, "--strict").exit).isEqualTo(1);
    Outcome ignoring =
        new JarProcess().run("check", conf, "--strict", "--ignore", "rest-unauthenticated");
    assertThat(ignoring.exit).as(ignoring.toString()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|Which command?",
        "explode|too many, or one that is none",
        "check|Which configuration?",
        "check /nowhere/at/all|There is no folder /nowhere/at/all.",
        "check . one-more|too many",
        "check . --frobnicate|There is no option --frobnicate.",
        "check . --connect|--connect needs a value.",
        "check . --connect localhost|is no HOST:PORT",
        "check . --connect localhost:0|is no HOST:PORT",
        "check . --channel data|takes internal, rest, not 'data'",
        "check . --role boss|takes all, cluster, client, not 'boss'",
        "check . --ignore nothing|There is no rule 'nothing'",
        "check . -Dkey|no KEY=VALUE",
        "check .|There is no config.yaml and no flink-conf.yaml in .",
        "check . --flink /nowhere|There is no flink-dist in /nowhere/lib.",
        "check . -Dsecurity.ssl.keystore-password=storepassword|not taken from the command line",
        "fingerprint|Which file?",
        "fingerprint a b|too many",
        "fingerprint a --password-env NOWHERE|The environment has no NOWHERE",
        "fingerprint a --password-stdin|no password on the standard input",
        "fingerprint a --password-stdin --password-env A|exclude each other"
      })
  void saysWhatIsWrongWithTheCommandLine(String arguments, String message) throws Exception {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    Outcome outcome =
        new JarProcess().in(empty).run(arguments == null ? new String[0] : arguments.split(" "));
    assertThat(outcome.exit).isEqualTo(2);
    assertThat(outcome.out).isEmpty();
    assertThat(outcome.err).contains(message).contains("--help");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "check --help", "fingerprint -h"})
  void helps(String arguments) throws Exception {
    Outcome outcome = new JarProcess().run(arguments.split(" "));
    assertThat(outcome.exit).isZero();
    assertThat(outcome.out)
        .contains("check [CONF_DIR]")
        .contains("fingerprint FILE")
        .contains("Exit codes: 0 fine, or warnings alone; 1 errors; 2 wrong usage.");
  }

  @Test
  void saysItsVersion() throws Exception {
    Outcome outcome = new JarProcess().run("--version");
    assertThat(outcome.exit).isZero();
    assertThat(outcome.out)
        .startsWith("rustls-jvm " + System.getProperty("flink.rustls.version") + " (rustls ");
  }

  // ---- What is found in the configuration ------------------------------------------------------

  @Test
  void findsAFileThatIsNoYaml() throws Exception {
    Conf conf = Conf.empty(folder);
    Pki.secret(
        Files.writeString(
            conf.folder().resolve("config.yaml"),
            "security.ssl.provider: RUSTLS\nsecurity.ssl.keystore-password: *"
                + TestStores.PASSWORD
                + "\n"));
    Outcome outcome = json(conf.folder().toString());
    assertThat(outcome.exit).isEqualTo(1);
    assertFinding(
        outcome, Rule.CONFIGURATION_UNREADABLE, "error", null, "it is no YAML, line 2, column 33");
    assertThat(outcome.rules()).containsExactly("configuration-unreadable");
    assertThat(new JarProcess().run("check", conf.folder().toString()).exit).isEqualTo(1);
  }

  @Test
  void findsValuesThatYamlChangesOrLacks() throws Exception {
    Conf conf = fine();
    conf.write();
    Path file = conf.folder().resolve("config.yaml");
    Files.writeString(
        file,
        Files.readString(file)
            + "security.ssl.internal.keystore-password: 0042\nsecurity.ssl.rest.keystore:\n");
    Outcome outcome = json(conf.folder().toString());
    assertFinding(
        outcome,
        Rule.VALUE_CHANGED,
        "warning",
        "security.ssl.internal.keystore-password",
        "takes the value of security.ssl.internal.keystore-password for a number");
    assertFinding(
        outcome,
        Rule.CONFIGURATION_UNREADABLE,
        "error",
        "security.ssl.rest.keystore",
        "has no value for security.ssl.rest.keystore");
  }

  @Test
  void findsValuesThatTheOldFileCuts() throws Exception {
    Outcome outcome =
        json(
            fine()
                .with("security.ssl.enabled", "true")
                .with("security.ssl.internal.key-password", "half#of-it")
                .writeLegacy());
    assertFinding(
        outcome,
        Rule.VALUE_CUT,
        "warning",
        "security.ssl.internal.key-password",
        "ends before a '#'");
    assertThat(outcome.out).doesNotContain("half").doesNotContain("of-it");
  }

  @Test
  void findsTwoFiles() throws Exception {
    Conf conf = fine();
    conf.writeLegacy();
    Outcome outcome = json(conf.write());
    assertFinding(
        outcome, Rule.CONFIGURATION_IGNORED, "warning", null, "checked here is config.yaml");
  }

  @Test
  void findsAFileThatAllMayRead() throws Exception {
    Conf conf = fine();
    conf.write();
    Path file = conf.folder().resolve("config.yaml");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Path open = Files.createDirectories(folder.resolve("open"));
    for (String name : List.of("tls.crt", "tls.key", "ca.crt")) {
      Files.copy(node.resolve(name), open.resolve(name));
    }
    Files.setPosixFilePermissions(
        open.resolve("tls.key"), PosixFilePermissions.fromString("rw-r--r--"));
    Outcome outcome =
        new JarProcess()
            .run("check", conf.folder().toString(), "--json", "-Dsecurity.ssl.keystore=" + open);
    assertThat(outcome.rules())
        .containsExactly("configuration-readable-by-all", "store-readable-by-all");
    assertFinding(
        outcome, Rule.CONFIGURATION_READABLE_BY_ALL, "warning", null, "chmod o-r " + file);
    assertFinding(
        outcome,
        Rule.STORE_READABLE_BY_ALL,
        "warning",
        "security.ssl.keystore",
        "chmod o-r " + open.resolve("tls.key"));
  }

  @Test
  void findsOptionsThatNobodyReads() throws Exception {
    Outcome outcome =
        json(
            fine()
                .with("security.ssl.internal.key-store", "a")
                .with("security.ssl.enabled", "true")
                .write());
    assertFinding(
        outcome,
        Rule.OPTION_UNKNOWN,
        "warning",
        "security.ssl.internal.key-store",
        "Nobody reads security.ssl.internal.key-store");
    assertFinding(
        outcome, Rule.OPTION_IGNORED, "warning", "security.ssl.enabled", "Flink 2 does not read");
  }

  @ParameterizedTest
  @CsvSource({
    "security.ssl.protocol,TLSv1.1,'TLSv1.1'",
    "security.ssl.algorithms,TLS_RSA_WITH_AES_128_CBC_SHA,names no cipher suite",
    "security.ssl.internal.enabled,yes,Set it to true or false",
    "security.ssl.internal.session-timeout,ten,Set it to a whole number",
    "security.ssl.rustls.expiry-warning,soon,no time span"
  })
  void findsWrongValues(String option, String value, String message) throws Exception {
    Outcome outcome = json(fine().with(option, value).write());
    assertThat(outcome.exit).isEqualTo(1);
    assertFinding(outcome, Rule.OPTION_WRONG, "error", option, message);
  }

  @Test
  void findsMissingOptions() throws Exception {
    Outcome outcome = json(fine().without("security.ssl.truststore").write());
    assertThat(outcome.exit).isEqualTo(1);
    List<String> options = texts(outcome.json().get("findings"), "option");
    assertThat(options)
        .containsExactly("security.ssl.internal.truststore", "security.ssl.rest.truststore");
    assertThat(outcome.json().get("findings").get(0).get("message").asText())
        .isEqualTo(
            "The config option security.ssl.internal.truststore or security.ssl.truststore is"
                + " missing.");
  }

  @Test
  void findsAProviderThatNobodyHas() throws Exception {
    Outcome outcome = json(fine().with("security.ssl.provider", "RUSTSL").write());
    assertThat(outcome.exit).isEqualTo(1);
    assertFinding(outcome, Rule.PROVIDER_UNKNOWN, "error", "security.ssl.provider", "is 'RUSTSL'");
  }

  @Test
  void findsChannelsInTheClear() throws Exception {
    Outcome outcome = json(Conf.empty(folder).with("security.ssl.provider", "RUSTLS").write());
    assertThat(outcome.exit).isZero();
    assertThat(texts(outcome.json().get("findings"), "option"))
        .containsExactly("security.ssl.internal.enabled", "security.ssl.rest.enabled");
    assertThat(outcome.rules()).containsExactly("channel-in-clear");
  }

  // ---- What is found in the installation -------------------------------------------------------

  @Test
  void findsAMissingJar() throws Exception {
    Path home = flinkHome("without-jar", coreOfThisFlink(), "2.3.0", false);
    String conf = fine().with("security.ssl.rest.enabled", "false").write();
    Outcome outcome = new JarProcess().run("check", conf, "--json", "--flink", home.toString());
    assertThat(outcome.exit).isEqualTo(1);
    assertFinding(
        outcome, Rule.JAR_MISSING, "error", "security.ssl.provider", "it uses the JDK's TLS");

    Outcome elsewhere = json(conf);
    assertThat(elsewhere.exit).isZero();
    assertFinding(
        elsewhere, Rule.JAR_MISSING, "warning", "security.ssl.provider", "run this there");
  }

  @Test
  void findsTwoJarsAndTheOldDefaultSuites() throws Exception {
    Path home = flinkHome("two-jars", other("flink-core-2.2.0.jar"), "2.2.0", true);
    Path jar = Path.of(System.getProperty("flink.rustls.jar"));
    Files.copy(jar, home.resolve("lib/another-name.jar"));
    Outcome outcome =
        new JarProcess().run("check", fine().write(), "--json", "--flink", home.toString());
    assertThat(outcome.exit).isEqualTo(1);
    assertThat(outcome.rules()).containsExactly("jar-twice", "suites-default");
    assertFinding(outcome, Rule.JAR_TWICE, "error", null, "another-name.jar");
    assertFinding(
        outcome,
        Rule.SUITES_DEFAULT,
        "warning",
        "security.ssl.algorithms",
        "TLS_RSA_WITH_AES_128_CBC_SHA");
    assertThat(outcome.json().get("flink").asText()).isEqualTo("2.2.0");
  }

  @Test
  void knowsWhichFileAndWhichDefaultsAFlinkHas() throws Exception {
    Path flink1 = flinkHome("flink-1", other("flink-core-1.20.5.jar"), "1.20.5", true);
    Path flink2 = flinkHome("flink-2", coreOfThisFlink(), "2.3.0", true);
    Conf conf =
        fine()
            .without("security.ssl.internal.enabled")
            .without("security.ssl.rest.enabled")
            .with("security.ssl.enabled", "true");
    String old = conf.writeLegacy();
    Outcome one = new JarProcess().run("check", old, "--json", "--flink", flink1.toString());
    assertThat(one.exit).as(one.toString()).isZero();
    assertThat(one.json().get("handshakes")).hasSize(4);
    assertThat(one.json().get("channels").get(7).get("verifyHostname").asBoolean()).isTrue();

    Outcome two = new JarProcess().run("check", old, "--json", "--flink", flink2.toString());
    assertThat(two.exit).isEqualTo(1);
    assertFinding(two, Rule.CONFIGURATION_IGNORED, "error", null, "Flink 2.3.0 does not read");
    assertThat(two.json().get("handshakes")).isEmpty();
  }

  @Test
  void findsALibraryThatCannotBeUsed() throws Exception {
    Path conf = Path.of(fine().write());
    Outcome outcome =
        new JarProcess()
            .env("JAVA_TOOL_OPTIONS", "-Drustlsjvm.library.path=/nowhere/librustls.so")
            .run("check", conf.toString(), "--json");
    assertThat(outcome.exit).isEqualTo(1);
    assertFinding(
        outcome, Rule.LIBRARY_UNUSABLE, "error", "security.ssl.provider", "/nowhere/librustls.so");
    assertThat(outcome.json().get("library").isNull()).isTrue();
  }

  // ---- What is found in the stores -------------------------------------------------------------

  @Test
  void findsStoresThatCannotBeOpened() throws Exception {
    Outcome outcome =
        json(
            fine()
                .stores("security.ssl.internal.", selfSigned, folder.resolve("nowhere.p12"))
                .with("security.ssl.internal.keystore-password", "wrong")
                .write());
    assertThat(outcome.exit).isEqualTo(1);
    assertThat(outcome.rules()).containsExactly("store-unusable");
    assertThat(texts(outcome.json().get("findings"), "option"))
        .containsExactly("security.ssl.internal.keystore", "security.ssl.internal.truststore");
    assertThat(texts(outcome.json().get("findings"), "message").get(0))
        .contains("Check security.ssl.internal.keystore-password.");
    assertThat(texts(outcome.json().get("findings"), "message").get(1)).contains("nowhere.p12");
    assertThat(outcome.json().get("channels").get(0).get("usable").asBoolean()).isFalse();
    assertThat(outcome.json().get("handshakes").get(3).get("works").asBoolean()).isTrue();
  }

  @Test
  void findsStoresThatItsUserMayNotRead() throws Exception {
    Path locked = Files.copy(selfSigned, folder.resolve("locked.p12"));
    Files.setPosixFilePermissions(locked, Set.of());
    String conf = fine().stores("security.ssl.internal.", locked, node).write();
    Outcome outcome = new JarProcess().asOrdinaryUser().run("check", conf, "--json");
    assertThat(outcome.exit).isEqualTo(1);
    JsonNode finding =
        assertFinding(
            outcome,
            Rule.STORE_UNUSABLE,
            "error",
            "security.ssl.internal.keystore",
            locked.toString());
    assertThat(finding.get("message").asText())
        .contains("the user of this process may not read it; give that user read permission");
  }

  /** A constraint that is none: Java takes it for an extension that it does not know. */
  @Test
  void findsATruststoreThatCountsInPart() throws Exception {
    Path odd = folder.resolve("odd.crt");
    List<String> command = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes"));
    command.addAll(List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"));
    command.addAll(List.of("-subj", "/CN=odd", "-days", "400", "-addext", "2.5.29.30=DER:0500"));
    command.addAll(List.of("-keyout", folder.resolve("odd.key").toString()));
    command.addAll(List.of("-out", odd.toString()));
    Pki.run(command);
    Path both = folder.resolve("odd-and-sound.pem");
    Files.writeString(both, Files.readString(odd) + Files.readString(node.resolve("ca.crt")));
    Outcome outcome = json(fine().with("security.ssl.rest.truststore", both.toString()).write());
    assertThat(outcome.exit).as(outcome.toString()).isZero();
    assertThat(outcome.rules()).containsExactly("truststore-odd");
    assertThat(outcome.json().get("findings").get(0).get("message").asText())
        .contains("trusted certificate 1 has name constraints that cannot be read");
  }

  /** The JDK's provider is set up as the JDK documents it; the key signs inside the token. */
  @Test
  void worksWithKeysThatCannotLeaveTheirToken() throws Exception {
    Path settings = folder.resolve("softhsm2.conf");
    SoftToken token = SoftToken.create(Files.createDirectory(folder.resolve("hsm")), settings);
    Path trusted = token.pair("token", "-keyalg", "RSA", "-keysize", "2048");
    Conf conf =
        fine()
            .stores("security.ssl.", Path.of("NONE"), trusted)
            .with("security.ssl.keystore-password", SoftToken.PIN)
            .with("security.ssl.internal.keystore-type", "PKCS11")
            .with("security.ssl.rest.keystore-type", "PKCS11")
            .with("security.ssl.protocol", "TLSv1.2,TLSv1.3");
    JarProcess jar =
        new JarProcess()
            .env("SOFTHSM2_CONF", settings.toString())
            .jvm("-Djava.security.properties=" + token.securityProperties());
    Outcome outcome = jar.run("check", conf.write(), "--json");
    assertThat(outcome.exit).as(outcome.toString()).isZero();
    assertThat(texts(outcome.json().get("handshakes"), "works"))
        .containsExactly("true", "true", "true", "true");
    assertThat(texts(outcome.json().get("handshakes"), "protocol")).containsOnly("TLSv1.3");
    assertThat(outcome.json().get("channels").get(0).get("keystore").get("format").asText())
        .isEqualTo("JAVA");

    Outcome wrong =
        jar.run(
            "check",
            conf.with("security.ssl.keystore-password", "not-" + SoftToken.PIN).write(),
            "--json");
    assertThat(wrong.exit).isEqualTo(1);
    assertThat(wrong.out)
        .contains("security.ssl.keystore-password", "cannot be read as PKCS11")
        .doesNotContain(SoftToken.PIN);
  }

  @Test
  void findsAKeyThatDoesNotFitItsChain() throws Exception {
    Path mixed = Files.createDirectories(folder.resolve("mixed"));
    Files.copy(node.resolve("tls.crt"), mixed.resolve("tls.crt"));
    Pki.secret(Files.copy(stranger.resolve("tls.key"), mixed.resolve("tls.key")));
    Outcome outcome = json(fine().with("security.ssl.rest.keystore", mixed.toString()).write());
    assertThat(outcome.exit).isEqualTo(1);
    assertFinding(
        outcome, Rule.STORE_UNUSABLE, "error", "security.ssl.rest.keystore", mixed.toString());
  }

  @Test
  void findsAFingerprintThatIsNone() throws Exception {
    Outcome outcome =
        json(fine().with("security.ssl.internal.cert.fingerprint", "12:34:zz").write());
    assertThat(outcome.exit).isEqualTo(1);
    assertFinding(
        outcome,
        Rule.CHANNEL_UNUSABLE,
        "error",
        "security.ssl.keystore",
        "security.ssl.internal.cert.fingerprint: 12:34:zz");
  }

  @Test
  void findsSuitesThatAreLeftOutAndMissing() throws Exception {
    Outcome outcome =
        json(
            fine()
                .with("security.ssl.protocol", "TLSv1.2,TLSv1.3")
                .with(
                    "security.ssl.algorithms",
                    "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
                .write());
    assertThat(outcome.exit).isZero();
    assertThat(outcome.rules()).containsExactly("suites-left-out", "suites-missing");
    assertFinding(
        outcome,
        Rule.SUITES_LEFT_OUT,
        "warning",
        "security.ssl.algorithms",
        "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256");
    assertFinding(
        outcome, Rule.SUITES_MISSING, "warning", "security.ssl.algorithms", "for TLSv1.3");
  }

  @Test
  void findsAKeyThatNoSuiteIsFor() throws Exception {
    Path curve =
        new Pki(Files.createDirectories(folder.resolve("curves")))
            .signed(folder.resolve("authority.crt"), "curve", "ec", SAN);
    Conf conf = fine().stores("security.ssl.", curve, curve);
    Outcome outcome = json(conf.write());
    assertThat(outcome.exit).isEqualTo(1);
    assertThat(outcome.rules()).containsExactly("suites-unfit");
    assertFinding(
        outcome,
        Rule.SUITES_UNFIT,
        "error",
        "security.ssl.algorithms",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    assertThat(json(conf.with("security.ssl.protocol", "TLSv1.3").write()).exit).isZero();
  }

  @Test
  void findsCertificatesThatHaveExpired() throws Exception {
    Path expired =
        Pki.secret(TestStores.pair(folder, "expired", "-startdate", "-100d", "-validity", "50"));
    Conf conf = fine().stores("security.ssl.internal.", expired, expired);
    Outcome trusted = json(conf.write());
    assertThat(trusted.exit).as("it is in the truststore itself").isZero();
    assertThat(trusted.rules()).containsExactly("certificate-expired");
    assertThat(trusted.json().get("findings")).hasSize(2);

    Outcome untrusted = json(conf.stores("security.ssl.internal.", expired, node).write());
    assertThat(untrusted.exit).isEqualTo(1);
    assertThat(untrusted.rules()).containsExactly("certificate-expired");
    JsonNode error = untrusted.json().get("findings").get(0);
    assertThat(error.get("severity").asText()).isEqualTo("error");
    assertThat(error.get("option").asText()).isEqualTo("security.ssl.internal.keystore");
    assertThat(error.get("message").asText()).contains("has expired on").contains("is refused");
  }

  @Test
  void findsCertificatesThatSoonExpireOrAreNotValidYet() throws Exception {
    Path early =
        Pki.secret(TestStores.pair(folder, "early", "-startdate", "+10d", "-validity", "20"));
    Conf conf =
        fine()
            .stores("security.ssl.internal.", early, early)
            .with("security.ssl.rustls.expiry-warning", "40 d");
    Outcome outcome = json(conf.write());
    assertThat(outcome.rules())
        .containsExactly("certificate-expiring", "certificate-not-yet-valid");
    assertThat(json(conf.with("security.ssl.rustls.expiry-warning", "29 d").write()).rules())
        .containsExactly("certificate-not-yet-valid");
    assertThat(json(conf.with("security.ssl.internal.truststore", node.toString()).write()).exit)
        .isEqualTo(1);
  }

  @Test
  void findsATruststoreThatDoesNotVerifyTheKeystore() throws Exception {
    Outcome outcome = json(fine().stores("security.ssl.internal.", node, stranger).write());
    assertThat(outcome.exit).isEqualTo(1);
    assertThat(outcome.rules()).containsExactly("certificate-untrusted");
    JsonNode finding =
        assertFinding(
            outcome,
            Rule.CERTIFICATE_UNTRUSTED,
            "error",
            "security.ssl.internal.truststore",
            "does not verify the certificate of CN=node (issued by CN=authority)");
    assertThat(finding.get("message").asText())
        .contains("security.ssl.internal.keystore: " + node)
        .contains("Put the certificate of its CA");
    JsonNode rpc = outcome.json().get("handshakes").get(0);
    assertThat(rpc.get("works").asBoolean()).isFalse();
    assertThat(rpc.get("failure").asText()).contains("unknown_ca");
  }

  /** The server takes the client, but the client not the server: the same certificate for both. */
  @Test
  void findsThatNoDefaultAuthorityVerifiesARestServer() throws Exception {
    Outcome outcome =
        json(
            fine()
                .stores("security.ssl.internal.", node, node)
                .without("security.ssl.truststore")
                .without("security.ssl.truststore-password")
                .write());
    assertThat(outcome.exit).isEqualTo(1);
    assertThat(outcome.rules()).containsExactly("certificate-untrusted", "rest-trusts-everyone");
    assertFinding(
        outcome,
        Rule.CERTIFICATE_UNTRUSTED,
        "error",
        "security.ssl.rest.truststore",
        "The JVM's default CAs");
    assertFinding(
        outcome,
        Rule.REST_TRUSTS_EVERYONE,
        "warning",
        "security.ssl.rest.truststore",
        "any CA that this JVM trusts");
  }

  @Test
  void findsPinsOfAnotherCertificate() throws Exception {
    String own = Pki.fingerprint(node.resolve("tls.crt"), "sha1");
    String another = Pki.fingerprint(stranger.resolve("tls.crt"), "sha1");
    Outcome outcome =
        json(
            fine()
                .with("security.ssl.internal.cert.fingerprint", another)
                .with("security.ssl.rest.cert.fingerprint", own + "," + another)
                .write());
    assertThat(outcome.exit).isEqualTo(1);
    assertThat(outcome.rules()).containsExactly("pin-mismatch");
    assertFinding(
        outcome,
        Rule.PIN_MISMATCH,
        "error",
        "security.ssl.internal.cert.fingerprint",
        "set security.ssl.internal.cert.fingerprint: " + own);
  }

  /** A server that a proxy stands before, and that only the proxy may speak to. */
  @Test
  void takesAProxysPinForAWarning() throws Exception {
    String another = Pki.fingerprint(stranger.resolve("tls.crt"), "sha256");
    String conf = fine().with("security.ssl.rest.cert.fingerprint", another).write();
    Outcome outcome = json(conf);
    assertThat(outcome.exit).as(outcome.toString()).isZero();
    assertFinding(
        outcome,
        Rule.PIN_MISMATCH,
        "warning",
        "security.ssl.rest.cert.fingerprint",
        "such as a proxy");
    assertThat(new JarProcess().run("check", conf, "--strict", "--role", "cluster").exit).isZero();
  }

  @Test
  void findsNamesThatTheCertificateDoesNotHave() throws Exception {
    Conf conf = fine().with("security.ssl.verify-hostname", "true");
    Outcome other = json(conf.with("rest.address", "flink.example").write());
    assertThat(other.exit).isEqualTo(1);
    assertFinding(
        other,
        Rule.HOST_NAME_MISMATCH,
        "error",
        "security.ssl.rest.verify-hostname",
        "is not for 'flink.example': its subjectAltName has DNS:localhost, IP:127.0.0.1.");

    Outcome none =
        json(
            conf.without("rest.address")
                .with("security.ssl.rustls.internal.verify-hostname", "true")
                .with("security.ssl.internal.keystore", nameless.toString())
                .write());
    assertThat(none.exit).isEqualTo(1);
    assertFinding(
        none,
        Rule.HOST_NAME_MISMATCH,
        "error",
        "security.ssl.rustls.internal.verify-hostname",
        "its subjectAltName has no name");
    assertThat(texts(none.json().get("handshakes"), "works"))
        .containsExactly("true", "false", "false", "true");
  }

  // ---- fingerprint -----------------------------------------------------------------------------

  @Test
  void printsFingerprints() throws Exception {
    Outcome pem = new JarProcess().run("fingerprint", node.resolve("tls.crt").toString());
    assertThat(pem.exit).as(pem.toString()).isZero();
    assertThat(pem.out)
        .isEqualTo(
            "CN=node\n  SHA-1    "
                + Pki.fingerprint(node.resolve("tls.crt"), "sha1")
                + "\n  SHA-256  "
                + Pki.fingerprint(node.resolve("tls.crt"), "sha256")
                + "\n  SHA-512  "
                + Pki.fingerprint(node.resolve("tls.crt"), "sha512")
                + "\n");

    Outcome mounted = new JarProcess().run("fingerprint", node.toString(), "--json");
    assertThat(mounted.exit).as(mounted.toString()).isZero();
    assertThat(texts(mounted.json().get("certificates"), "subject"))
        .containsExactly("CN=node", "CN=authority");

    Path der = folder.resolve("node.cer");
    Pki.run(
        List.of(
            "openssl",
            "x509",
            "-in",
            node.resolve("tls.crt").toString(),
            "-outform",
            "DER",
            "-out",
            der.toString()));
    assertThat(new JarProcess().run("fingerprint", der.toString()).out).isEqualTo(pem.out);
  }

  @Test
  void printsFingerprintsOfStores() throws Exception {
    Path jks =
        TestStores.pair(folder, "other-key", "-storetype", "JKS", "-keypass", "password-of-key");
    for (Path store : List.of(selfSigned, jks)) {
      KeyStore loaded = KeyStore.getInstance(store.toFile(), TestStores.PASSWORD.toCharArray());
      X509Certificate leaf =
          (X509Certificate) loaded.getCertificate(loaded.aliases().nextElement());
      String pin = io.rustlsjvm.flink.Fingerprints.sha256(leaf);
      Outcome env =
          new JarProcess()
              .env("STORE", TestStores.PASSWORD)
              .run("fingerprint", store.toString(), "--password-env", "STORE");
      assertThat(env.exit).as(env.toString()).isZero();
      assertThat(env.out).contains("SHA-256  " + pin + "\n");
      Outcome stdin =
          new JarProcess()
              .input(TestStores.PASSWORD + "\nsomething else")
              .run("fingerprint", store.toString(), "--password-stdin");
      assertThat(stdin.out).isEqualTo(env.out);
    }
    Outcome none = new JarProcess().run("fingerprint", selfSigned.toString());
    assertThat(none.exit).isEqualTo(1);
    assertThat(none.err).contains(selfSigned.toString()).contains("--password-stdin");
    Outcome wrong =
        new JarProcess()
            .env("STORE", "wrong")
            .run("fingerprint", selfSigned.toString(), "--password-env", "STORE");
    assertThat(wrong.exit).isEqualTo(1);
    assertThat(wrong.err).contains("Check the password.");
    Outcome nowhere = new JarProcess().run("fingerprint", "/nowhere.p12");
    assertThat(nowhere.exit).isEqualTo(1);
    assertThat(nowhere.err).contains("/nowhere.p12");
  }

  // ---- Helpers ---------------------------------------------------------------------------------

  private static Conf fine() throws Exception {
    return Conf.fine(folder, node);
  }

  private static Outcome json(String conf) throws Exception {
    return new JarProcess().run("check", conf, "--json");
  }

  private static JsonNode assertFinding(
      Outcome outcome, Rule rule, String severity, String option, String message) throws Exception {
    JsonNode finding = outcome.finding(rule);
    assertThat(finding.get("severity").asText()).isEqualTo(severity);
    assertThat(finding.get("option").isNull() ? null : finding.get("option").asText())
        .isEqualTo(option);
    assertThat(finding.get("message").asText()).contains(message);
    return finding;
  }

  private static List<String> texts(JsonNode array, String field) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.get(field).asText()));
    return texts;
  }

  /** The names of all fields, however deep. */
  private static Set<String> fields(JsonNode json) {
    Set<String> names = new TreeSet<>();
    json.fieldNames().forEachRemaining(names::add);
    json.forEach(child -> names.addAll(fields(child)));
    return names;
  }

  /** As much of an unpacked Flink as is looked at; Flink's core has what flink-dist is read for. */
  private static Path flinkHome(String name, Path core, String version, boolean withJar)
      throws Exception {
    Path home = folder.resolve(name);
    Path lib = Files.createDirectories(home.resolve("lib"));
    Files.copy(core, lib.resolve("flink-dist-" + version + ".jar"));
    if (withJar) {
      Files.copy(
          Path.of(System.getProperty("flink.rustls.jar")), lib.resolve("flink-rustls-0.jar"));
    }
    return home;
  }

  private static Path coreOfThisFlink() throws Exception {
    return Path.of(
        SecurityOptions.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static Path other(String jar) {
    return Path.of(System.getProperty("other.flinks"), jar);
  }
}
