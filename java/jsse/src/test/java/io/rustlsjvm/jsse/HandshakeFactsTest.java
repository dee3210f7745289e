package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class HandshakeFactsTest {
  @Test
  void everythingIsFoundInItsPlace() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeShort(0x0304);
    out.writeShort(0xc02f);
    out.writeBoolean(true);
    out.writeLong(0x0102030405060708L);
    out.writeUTF("x25519");
    out.writeShort(3);
    out.write(new byte[] {9, (byte) 0xff, 7});
    out.writeShort(2);
    out.write(new byte[] {'h', (byte) 0xf1});
    out.writeUTF("host.example");
    out.writeShort(0x0403);
    out.writeShort(0xfe01);
    HandshakeFacts facts = new HandshakeFacts(bytes.toByteArray());
    assertThat(facts.protocol).isEqualTo(0x0304);
    assertThat(facts.cipherSuite).isEqualTo(0xc02f);
    assertThat(facts.resumed).isTrue();
    assertThat(facts.session).isEqualTo(0x0102030405060708L);
    assertThat(facts.namedGroup).isEqualTo("x25519");
    assertThat(facts.sessionId).containsExactly(9, 0xff, 7);
    assertThat(facts.applicationProtocol).isEqualTo("h\u00f1");
    assertThat(facts.serverName).isEqualTo("host.example");
    assertThat(facts.peerSignatureSchemes).containsExactly(0x0403, 0xfe01);
  }

  @Test
  void emptyMeansNone() {
    byte[] bytes = new byte[2 + 2 + 1 + 8 + 4 * 2];
    for (byte[] none : new byte[][] {bytes, null}) {
      HandshakeFacts facts = new HandshakeFacts(none);
      assertThat(facts.protocol).isZero();
      assertThat(facts.resumed).isFalse();
      assertThat(facts.session).isZero();
      assertThat(facts.namedGroup).isNull();
      assertThat(facts.sessionId).isNull();
      assertThat(facts.applicationProtocol).isEmpty();
      assertThat(facts.serverName).isNull();
      assertThat(facts.peerSignatureSchemes).isEmpty();
    }
  }
}
