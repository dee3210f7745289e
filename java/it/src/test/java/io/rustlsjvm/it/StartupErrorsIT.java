package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.cluster.Command;
import io.rustlsjvm.demo.stores.KeystoreFile;
import io.rustlsjvm.it.lab.Observation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator reads who has made a mistake: always which option, and which file. */
class StartupErrorsIT {
  private static final String WRONG = "a_wrong_password";
  private static final String[] CHANNELS = {"rpc", "data", "blob", "rest"};

  private static Lab lab;
  private static Path garbage;
  private static Path missing;
  private static Path mismatch;
  private static Path dangling;
  private static Path empty;

  @BeforeAll
  static void experiment() throws IOException {
    lab = new Lab("startup-errors");
    garbage = lab.folder().resolve("garbage.keystore");
    Files.write(garbage, "This is no keystore.".getBytes(StandardCharsets.UTF_8));
    missing = lab.folder().resolve("missing.keystore");
    mismatch = mismatched(lab.folder().resolve("mismatch.pem"));
    dangling = lab.folder().resolve("dangling.keystore");
    Files.createSymbolicLink(dangling, Path.of("..data", "keystore.p12"));
    empty = Files.createDirectory(lab.folder().resolve("empty"));

    for (String channel : CHANNELS) {
      String prefix = prefix(channel);
      start(channel, "fine");
      start(channel, "wrong password", prefix + "keystore-password", WRONG);
      start(channel, "wrong truststore password", prefix + "truststore-password", WRONG);
      start(channel, "missing", prefix + "keystore", missing.toString());
      start(channel, "missing truststore", prefix + "truststore", missing.toString());
      start(channel, "dangling", prefix + "keystore", dangling.toString());
      start(channel, "folder", prefix + "truststore", empty.toString());
      start(channel, "garbage", prefix + "keystore", garbage.toString());
      start(channel, "wrong type", prefix + "keystore-type", "JKS");
      start(channel, "mismatch", prefix + "keystore", mismatch.toString());
      start(channel, "protocol", "security.ssl.protocol", "TLSv1.4");
      start(channel, "suites", "security.ssl.algorithms", "TLS_RSA_WITH_AES_128_CBC_SHA");
      start(channel, "pin", prefix + "cert.fingerprint", "AB:CD");
      without(channel, "no keystore", prefix + "keystore");
      without(channel, "no password", prefix + "keystore-password");
    }
    lab.start(
        "some suites",
        "data",
        Stores.with(
            options("data"),
            "security.ssl.algorithms",
            "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
    lab.run();
  }

  private static Map<String, String> options(String channel) throws IOException {
    Stores stores = Stores.get();
    return channel.equals("rest")
        ? Stores.restOptions("RUSTLS", stores.server(), stores.trusted(), true)
        : Stores.internalOptions("RUSTLS", stores.internalNamed());
  }

  private static void start(String channel, String mistake, String... more) throws IOException {
    lab.start(channel + " " + mistake, channel, Stores.with(options(channel), more));
  }

  private static void without(String channel, String mistake, String option) throws IOException {
    Map<String, String> options = new TreeMap<>(options(channel));
    options.remove(option);
    lab.start(channel + " " + mistake, channel, options);
  }

  /** The key of one pair and the certificate of another, in one PEM file. */
  private static Path mismatched(Path file) throws IOException {
    Stores stores = Stores.get();
    StringBuilder pem = new StringBuilder();
    KeystoreFile server = stores.server();
    KeystoreFile client = stores.client();
    pem.append(
        Command.succeed(
            "openssl",
            "pkcs12",
            "-in",
            server.file().toString(),
            "-nokeys",
            "-clcerts",
            "-passin",
            "pass:" + server.storePassword()));
    pem.append(
        Command.succeed(
            "openssl",
            "pkcs12",
            "-in",
            client.file().toString(),
            "-nocerts",
            "-nodes",
            "-passin",
            "pass:" + client.storePassword()));
    Files.write(file, pem.toString().getBytes(StandardCharsets.UTF_8));
    return file;
  }

  private static String prefix(String channel) {
    return channel.equals("rest") ? "security.ssl.rest." : "security.ssl.internal.";
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpc", "data", "blob", "rest"})
  void nothingIsWrong(String channel) {
    Observation seen = lab.seen(channel + " fine");

    assertThat(seen.passed).as(seen.toString()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpc", "data", "blob", "rest"})
  void wrongPassword(String channel) throws IOException {
    String file =
        (channel.equals("rest") ? Stores.get().server() : Stores.get().internalNamed())
            .file()
            .toString();

    assertRefused(
        channel + " wrong password", prefix(channel) + "keystore-password", file, "password");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpc", "data", "blob", "rest"})
  void wrongTruststorePassword(String channel) throws IOException {
    String file =
        (channel.equals("rest") ? Stores.get().trusted() : Stores.get().internalNamed())
            .file()
            .toString();

    assertRefused(
        channel + " wrong truststore password",
        prefix(channel) + "truststore-password",
        file,
        "password");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpc", "data", "blob", "rest"})
  void missingFile(String channel) {
    assertRefused(channel + " missing", prefix(channel) + "keystore", missing.toString());
    assertRefused(
        channel + " missing truststore", prefix(channel) + "truststore", missing.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpc", "data", "blob", "rest"})
  void linkThatLeadsNowhere(String channel) {
    assertRefused(
        channel + " dangling",
        prefix(channel) + "keystore",
        dangling.toString(),
        "a link to ..data/keystore.p12, and there is no such file",
        "Check the path");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpc", "data", "blob", "rest"})
  void folderInPlaceOfAFile(String channel) {
    assertRefused(
        channel + " folder",
        prefix(channel) + "truststore",
        empty.toString(),
        "a folder without ca.crt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpc", "data", "blob", "rest"})
  void garbageFile(String channel) {
    assertRefused(channel + " garbage", prefix(channel) + "keystore", garbage.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpc", "data", "blob", "rest"})
  void contentGoesBeforeTheTypeThatIsSet(String channel) {
    Observation seen = lab.seen(channel + " wrong type");

    assertThat(seen.passed).as(seen.toString()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpc", "data", "blob", "rest"})
  void keyDoesNotMatchItsCertificate(String channel) {
    assertRefused(
        channel + " mismatch", prefix(channel) + "keystore", mismatch.toString(), "match");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpc", "data", "blob", "rest"})
  void unknownProtocol(String channel) {
    assertRefused(channel + " protocol", "security.ssl.protocol", "TLSv1.4", "TLSv1.2", "TLSv1.3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpc", "data", "blob", "rest"})
  void noUsableSuite(String channel) {
    assertRefused(
        channel + " suites",
        "security.ssl.algorithms",
        "TLS_RSA_WITH_AES_128_CBC_SHA",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpc", "data", "blob", "rest"})
  void fingerprintIsNone(String channel) {
    assertRefused(channel + " pin", prefix(channel) + "cert.fingerprint", "AB:CD");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpc", "data", "blob", "rest"})
  void optionIsNotSet(String channel) {
    assertRefused(channel + " no keystore", prefix(channel) + "keystore");
    assertRefused(channel + " no password", prefix(channel) + "keystore-password");
  }

  @Test
  void suitesThatCannotBeHadAreLeftOutWithAWarning() {
    assertThat(lab.seen("some suites").passed).isTrue();
    assertThat(lab.log().lines())
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains(
                        "WARN", "security.ssl.algorithms", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"));
  }

  @Test
  void passwordsAreInNoMessage() throws IOException {
    assertThat(lab.log())
        .doesNotContain(
            WRONG,
            Stores.get().internalNamed().storePassword(),
            Stores.get().server().storePassword(),
            Stores.get().trusted().storePassword());
    for (String channel : CHANNELS) {
      assertThat(lab.seen(channel + " wrong password").errors()).doesNotContain(WRONG);
      assertThat(lab.seen(channel + " wrong truststore password").errors()).doesNotContain(WRONG);
    }
  }

  private static void assertRefused(String name, String... messages) {
    Observation seen = lab.seen(name);
    assertThat(seen.passed).as(seen.toString()).isFalse();
    assertThat(seen.errors()).contains(messages);
  }
}
