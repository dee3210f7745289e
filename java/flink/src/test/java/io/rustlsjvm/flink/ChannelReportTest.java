package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.jsse.ClientAuthentication;
import io.rustlsjvm.jsse.NativeStore;
import io.rustlsjvm.jsse.RustlsLibrary;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelReportTest {
  @TempDir static Path folder;
  private static Path pair;

  @BeforeAll
  static void makeStore() throws Exception {
    pair = TestStores.pair(folder, "pair", "-validity", "90");
  }

  @Test
  void saysEverythingButSecrets() throws Exception {
    String line = report(TestStores.internal(pair), Channel.DATA_SERVER).line();
    assertThat(line)
        .startsWith("TLS of data-server is done by RUSTLS, " + RustlsLibrary.description())
        .contains("protocols TLSv1.2;")
        .contains("suites TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, ")
        .contains("clients need a certificate")
        .contains("key: CN=pair, valid until 20")
        .containsPattern("SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2} ")
        .contains("(security.ssl.internal.keystore: " + pair + ", PKCS12)")
        .contains("trust: CN=pair")
        .contains("(security.ssl.internal.truststore: " + pair + ", PKCS12)")
        .doesNotContain(TestStores.PASSWORD)
        .doesNotContain("\n");
  }

  @Test
  void saysThatPinsAloneDecide() throws Exception {
    Configuration config = TestStores.internal(pair);
    config.setString("security.ssl.internal.cert.fingerprint", "AB:CD");
    assertThat(report(config, Channel.DATA_CLIENT).line())
        .contains("trust: the fingerprints of security.ssl.internal.cert.fingerprint alone: AB:CD");
  }

  @Test
  void saysWhoseTheTrustOfAPlainRestClientIs() {
    ChannelSettings settings =
        ChannelSettings.rest(
            new FlinkOptions(TestStores.rustls()), true, ClientAuthentication.NONE);
    assertThat(new ChannelReport(settings, null, null).line())
        .contains("key: none")
        .contains("trust: the JVM's default CAs")
        .contains("host names are not checked");
  }

  @Test
  void warnsOfWhatWasLeftOut() throws Exception {
    Configuration config = TestStores.internal(pair);
    config.setString("security.ssl.protocol", "TLSv1.2,TLSv1.3");
    config.setString(
        "security.ssl.algorithms",
        "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    List<String> warnings = report(config, Channel.DATA_CLIENT).warnings(Instant.now());
    assertThat(warnings).hasSize(2);
    assertThat(warnings.get(0))
        .contains("security.ssl.algorithms")
        .contains("does not have TLS_DHE_RSA_WITH_AES_128_GCM_SHA256;");
    assertThat(warnings.get(1))
        .contains("no cipher suite for TLSv1.3")
        .contains("security.ssl.protocol");
  }

  @Test
  void warnsOfCertificatesThatExpire() throws Exception {
    ChannelReport report = report(TestStores.internal(pair), Channel.RPC_SERVER);
    Instant now = Instant.now();
    assertThat(report.warnings(now)).isEmpty();
    assertThat(report.warnings(now.plus(70, ChronoUnit.DAYS)))
        .hasSize(2)
        .anySatisfy(
            warning ->
                assertThat(warning)
                    .startsWith("security.ssl.internal.keystore: " + pair)
                    .contains("CN=pair expires on 20"))
        .anySatisfy(
            warning ->
                assertThat(warning)
                    .startsWith("security.ssl.internal.truststore: " + pair)
                    .contains("CN=pair expires on 20"));
    assertThat(report.warnings(now.plus(100, ChronoUnit.DAYS)))
        .hasSize(2)
        .allSatisfy(warning -> assertThat(warning).contains("CN=pair has expired on 20"));
  }

  @Test
  void warnsOfARestServerThatTakesClientsOfAnyAuthority() throws Exception {
    Configuration config = TestStores.rest(pair);
    config.removeKey("security.ssl.rest.truststore");
    config.removeKey("security.ssl.rest.truststore-password");
    ChannelSettings settings =
        ChannelSettings.rest(new FlinkOptions(config), false, ClientAuthentication.NEED);
    NativeStore keystore = Stores.read(settings.keystore().orElseThrow());
    assertThat(new ChannelReport(settings, keystore, null).warnings(Instant.now()))
        .singleElement()
        .asString()
        .contains("security.ssl.rest.truststore is not set");
  }

  private static ChannelReport report(Configuration config, Channel channel) throws Exception {
    ChannelSettings settings = ChannelSettings.internal(new FlinkOptions(config), channel);
    return new ChannelReport(
        settings,
        Stores.read(settings.keystore().orElseThrow()),
        Stores.read(settings.truststore().orElseThrow()));
  }
}
