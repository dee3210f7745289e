package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.stores.KeystoreFile;
import io.rustlsjvm.it.lab.Observation;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates that have expired. */
class CertificateValidityIT {
  private static final String[] EXPIRED = {"-startdate", "-100d", "-validity", "10"};

  private static Lab lab;
  private static KeystoreFile selfSigned;

  @BeforeAll
  static void experiment() throws IOException {
    lab = new Lab("validity");
    Stores stores = Stores.get();
    selfSigned =
        KeystoreFile.selfSigned(
            lab.folder().resolve("expired-internal.keystore"),
            "flink.internal",
            "internal_store_password",
            "CN=flink.internal",
            "-keyalg",
            "RSA",
            "-keysize",
            "2048",
            "-storetype",
            "PKCS12",
            "-startdate",
            "-100d",
            "-validity",
            "10");
    KeystoreFile expired =
        stores
            .authority()
            .request("expired.node")
            .names(Stores.HERE)
            .signing(EXPIRED)
            .sign(Stores.RSA_BITS);
    KeystoreFile valid =
        stores.authority().request("valid.node").names(Stores.HERE).sign(Stores.RSA_BITS);
    for (String channel : new String[] {"rpc", "data", "blob"}) {
      Map<String, String> own = Stores.internalOptions("RUSTLS", selfSigned);
      lab.talk(channel + " trusted itself", channel, own, own);
      Map<String, String> good = Stores.internalOptions("RUSTLS", valid, stores.trusted());
      Map<String, String> bad = Stores.internalOptions("RUSTLS", expired, stores.trusted());
      lab.talk(channel + " server", channel, bad, good);
      lab.talk(channel + " client", channel, good, bad);
    }
    Map<String, String> good = Stores.restOptions("RUSTLS", valid, stores.trusted(), true);
    Map<String, String> bad = Stores.restOptions("RUSTLS", expired, stores.trusted(), true);
    lab.talk("rest server", "rest", bad, good);
    lab.talk("rest client", "rest", good, bad);
    lab.run();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpc", "data", "blob"})
  void expiredCertificateInTheTruststoreIsTrusted(String channel) {
    Observation seen = lab.seen(channel + " trusted itself");

    assertThat(seen.passed).as(seen.toString()).isTrue();
    assertThat(lab.log().lines())
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("WARN", "expired", "security.ssl.internal.")
                    .contains(selfSigned.file().toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpc", "data", "blob", "rest"})
  void expiredCertificateOfAServerIsRefused(String channel) {
    Observation seen = lab.seen(channel + " server");

    assertThat(seen.passed).as(seen.toString()).isFalse();
    assertThat(seen.failures).as(seen.toString()).containsKey(channel + "-client");
    assertThat(seen.handshakes).as(seen.toString()).isEmpty();
    if (!channel.equals("rpc")) {
      assertThat(seen.clientError).containsIgnoringCase("expired");
      assertThat(seen.serverError).contains("certificate_expired");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpc", "data", "blob", "rest"})
  void expiredCertificateOfAClientIsRefused(String channel) {
    Observation seen = lab.seen(channel + " client");

    assertThat(seen.passed).as(seen.toString()).isFalse();
    assertThat(seen.failures).as(seen.toString()).containsKey(channel + "-server");
    assertThat(seen.handshakes).as(seen.toString()).doesNotContainKey(channel + "-server");
    if (!channel.equals("rpc")) {
      assertThat(seen.serverError).containsIgnoringCase("expired");
      assertThat(seen.clientError).contains("certificate_expired");
    }
  }
}
