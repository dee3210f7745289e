package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** A client without truststore and fingerprint, as of REST: the JVM's default CAs decide. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class DefaultTrustTest {
  private static final String FILE = "javax.net.ssl.trustStore";
  private static final String PASSWORD = FILE + "Password";

  @BeforeEach
  @AfterEach
  void withTheJvmsOwn() {
    System.clearProperty(FILE);
    System.clearProperty(PASSWORD);
  }

  private static SSLContext client() throws Exception {
    return new RustlsContextBuilder().verifyHostname(true).build();
  }

  @Test
  void whomTheyVouchForIsBelieved() throws Exception {
    Path file = TestKeys.truststoreFile("default-cas.p12", TestKeys.SERVER);
    System.setProperty(FILE, file.toString());
    System.setProperty(PASSWORD, TestKeys.PASSWORD);
    SSLContext client = client();
    SSLContext server = TestContexts.STORES.server();
    for (String protocol : TestContexts.PROTOCOLS) {
      EnginePair.of(client, server).protocols(protocol).handshake().exchange();
      EnginePair elsewhere =
          new EnginePair(client.createSSLEngine("other.example", 4711), server.createSSLEngine());
      assertThatThrownBy(elsewhere.protocols(protocol)::handshake)
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("other.example");
    }
  }

  @Test
  void othersAreNot() throws Exception {
    assertThatThrownBy(EnginePair.of(client(), TestContexts.STORES.server())::handshake)
        .isInstanceOf(SSLHandshakeException.class);
  }
}
