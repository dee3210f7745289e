package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.stores.KeystoreFile;
import io.rustlsjvm.it.lab.Observation;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Certificates of a company's authority for internal channels, of which one alone is let in (S2).
 */
class PinnedCertificatesIT {
  private static final String PIN = "security.ssl.internal.cert.fingerprint";

  private static Lab lab;

  @BeforeAll
  static void experiment() throws IOException, GeneralSecurityException {
    lab = new Lab("pins");
    Stores stores = Stores.get();
    KeystoreFile ours = stores.authority().request("deployment-a").sign(Stores.RSA_BITS);
    KeystoreFile second = stores.authority().request("deployment-b").sign(Stores.RSA_BITS);
    for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
      Map<String, String> own =
          Stores.with(
              Stores.internalOptions("RUSTLS", ours, stores.trusted()),
              "security.ssl.protocol",
              protocol,
              PIN,
              ours.sha1());
      // It would let us in; it is we who refuse.
      Map<String, String> others =
          Stores.with(
              Stores.internalOptions("RUSTLS", second, stores.trusted()),
              "security.ssl.protocol",
              protocol);
      for (String channel : new String[] {"rpc", "data", "blob"}) {
        String name = channel + " " + protocol;
        lab.talk(name + " own", channel, own, own);
        lab.talk(name + " client", channel, own, others);
        lab.talk(name + " server", channel, others, own);
      }
    }
    lab.run();
  }

  @ParameterizedTest
  @CsvSource({
    "rpc,TLSv1.2",
    "rpc,TLSv1.3",
    "data,TLSv1.2",
    "data,TLSv1.3",
    "blob,TLSv1.2",
    "blob,TLSv1.3"
  })
  void pinnedCertificateIsLetIn(String channel, String protocol) {
    Observation seen = lab.seen(channel + " " + protocol + " own");

    assertThat(seen.passed).as(seen.toString()).isTrue();
    assertThat(seen.handshakes).containsKeys(channel + "-server", channel + "-client");
  }

  @ParameterizedTest
  @CsvSource({
    "rpc,TLSv1.2",
    "rpc,TLSv1.3",
    "data,TLSv1.2",
    "data,TLSv1.3",
    "blob,TLSv1.2",
    "blob,TLSv1.3"
  })
  void anotherClientOfTheSameAuthorityIsRefused(String channel, String protocol) {
    Observation seen = lab.seen(channel + " " + protocol + " client");

    assertThat(seen.passed).as(seen.toString()).isFalse();
    assertThat(seen.failures).as(seen.toString()).containsKey(channel + "-server");
    // With TLS 1.3 a client is done before the server has judged it.
    assertThat(seen.handshakes).as(seen.toString()).doesNotContainKey(channel + "-server");
  }

  @ParameterizedTest
  @CsvSource({
    "rpc,TLSv1.2",
    "rpc,TLSv1.3",
    "data,TLSv1.2",
    "data,TLSv1.3",
    "blob,TLSv1.2",
    "blob,TLSv1.3"
  })
  void anotherServerOfTheSameAuthorityIsRefused(String channel, String protocol) {
    Observation seen = lab.seen(channel + " " + protocol + " server");

    assertThat(seen.passed).as(seen.toString()).isFalse();
    assertThat(seen.failures).as(seen.toString()).containsKey(channel + "-client");
    assertThat(seen.handshakes).as(seen.toString()).isEmpty();
  }
}
