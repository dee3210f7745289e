package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 6125: which names a certificate stands for. */
class HostNamesTest {
  private static X509Certificate naming(int type, String name) {
    return new NamedCertificate(TestKeys.SERVER.certificate(), List.of(List.of(type, name)));
  }

  @ParameterizedTest
  @CsvSource({
    "flink.example.com, flink.example.com",
    "FLINK.example.com, flink.EXAMPLE.com",
    "flink.example.com., flink.example.com",
    "tm-1.example.com, *.example.com",
    "taskmanager, taskmanager",
    "bücher.example, xn--bcher-kva.example",
  })
  void matches(String host, String pattern) {
    assertThatCode(() -> HostNames.check(host, naming(2, pattern))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "flink.example.com, example.com",
    "example.com, *.example.com",
    "a.b.example.com, *.example.com",
    "example.com, *.com",
    "flink.example.com, f*.example.com",
    "flink.example.com, *.*.com",
    "flink.example.com, *",
    "10.0.0.1, 10.0.0.1",
    "10.0.0.1, *.0.0.1",
  })
  void doesNotMatch(String host, String pattern) {
    assertThatThrownBy(() -> HostNames.check(host, naming(2, pattern)))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining(host);
  }

  @Test
  void addresses() throws Exception {
    HostNames.check("10.0.0.1", naming(7, "10.0.0.1"));
    HostNames.check("[::1]", naming(7, "0:0:0:0:0:0:0:1"));
    HostNames.check("fe80::1%eth0", naming(7, "fe80::1"));
    assertThatThrownBy(() -> HostNames.check("10.0.0.2", naming(7, "10.0.0.1")))
        .isInstanceOf(CertificateException.class);
    assertThatThrownBy(() -> HostNames.check("localhost", naming(7, "127.0.0.1")))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void commonNameDoesNotCount() {
    assertThatThrownBy(() -> HostNames.check("client", TestKeys.CLIENT.certificate()))
        .isInstanceOf(CertificateException.class);
    assertThatThrownBy(() -> HostNames.check(null, TestKeys.SERVER.certificate()))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("unknown");
  }

  @Test
  void literalsAreToldFromNames() {
    assertThat(IpLiteral.parse("1.2.3.4")).containsExactly(1, 2, 3, 4);
    assertThat(IpLiteral.parse("::1")).hasSize(16);
    for (String name : List.of("localhost", "1.2.3", "1.2.3.4.5", "a.b.c.d", "", "999.1.1.1")) {
      assertThat(IpLiteral.parse(name)).as(name).isNull();
    }
  }

  /** A certificate with other names than it was signed for. */
  private static final class NamedCertificate extends ForwardingCertificate {
    private static final long serialVersionUID = 1L;

    private final transient Collection<List<?>> names;

    NamedCertificate(X509Certificate of, Collection<List<?>> names) {
      super(of);
      this.names = names;
    }

    @Override
    public Collection<List<?>> getSubjectAlternativeNames() throws CertificateParsingException {
      return names;
    }
  }
}
