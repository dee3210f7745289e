package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolsTest {
  @Test
  void takesOneOrAList() {
    assertThat(Protocols.parse("TLSv1.2")).containsExactly("TLSv1.2");
    assertThat(Protocols.parse("TLSv1.3, TLSv1.2,TLSv1.3")).containsExactly("TLSv1.3", "TLSv1.2");
    assertThat(Protocols.parse("tlsv1.3")).containsExactly("TLSv1.3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.1", "SSLv3", "TLS", "TLSv1.2,TLSv1", "TLSv1.4"})
  void namesWhatIsSupportedForWhatIsNot(String list) {
    assertThatThrownBy(() -> Protocols.parse(list))
        .isInstanceOf(OptionException.class)
        .hasMessageContaining("security.ssl.protocol")
        .hasMessageContaining("'" + list.substring(list.indexOf(',') + 1) + "'")
        .hasMessageContaining("Set it to TLSv1.2, TLSv1.3, or TLSv1.2,TLSv1.3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ","})
  void wantsOne(String list) {
    assertThatThrownBy(() -> Protocols.parse(list))
        .isInstanceOf(OptionException.class)
        .hasMessageContaining("security.ssl.protocol names no protocol");
  }
}
