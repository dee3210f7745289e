package io.rustlsjvm.flink.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.flink.TestStores;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateFactsTest {
  @TempDir Path folder;

  @Test
  void movesNothingOnATerminal() {
    assertThat(CertificateFacts.printable("CN=a\u001b[31mb\nc\u202ed\u0085e, O=Zoë"))
        .isEqualTo("CN=a?[31mb?c?d?e, O=Zoë");
  }

  @Test
  void tellsKeyNamesAndDays() throws Exception {
    X509Certificate certificate =
        make("-keyalg", "EC", "-groupname", "secp384r1", "-ext", "san=dns:a.b,ip:::1,email:x@y");
    assertThat(CertificateFacts.key(certificate)).isEqualTo("EC 384");
    assertThat(CertificateFacts.names(certificate))
        .containsExactly("DNS:a.b", "IP:0:0:0:0:0:0:0:1");
    Instant end = certificate.getNotAfter().toInstant();
    assertThat(CertificateFacts.summary(certificate, end.minus(9, ChronoUnit.DAYS), ""))
        .contains("(9 days left)");
    assertThat(CertificateFacts.summary(certificate, end.plus(9, ChronoUnit.DAYS), ""))
        .contains("(expired 9 days ago)");
    assertThat(CertificateFacts.summary(certificate, end.minus(900, ChronoUnit.DAYS), ""))
        .contains("(not valid yet)");
  }

  private X509Certificate make(String... arguments) throws Exception {
    Path file = folder.resolve("store.p12");
    String[] all = new String[arguments.length + 11];
    System.arraycopy(
        new String[] {
          "-genkeypair",
          "-alias",
          "a",
          "-dname",
          "CN=a",
          "-keystore",
          file.toString(),
          "-storetype",
          "PKCS12",
          "-storepass",
          TestStores.PASSWORD
        },
        0,
        all,
        0,
        11);
    System.arraycopy(arguments, 0, all, 11, arguments.length);
    TestStores.keytool(all);
    KeyStore store = KeyStore.getInstance(file.toFile(), TestStores.PASSWORD.toCharArray());
    return (X509Certificate) store.getCertificate("a");
  }
}
