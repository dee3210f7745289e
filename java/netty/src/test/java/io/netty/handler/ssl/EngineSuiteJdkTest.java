package io.netty.handler.ssl;

import java.security.Security;
import java.util.Map;

/** The JDK at both ends: what the others are to be compared with. */
class EngineSuiteJdkTest extends EngineSuite {
  /** JDK 24 and later have the suites without forward secrecy disabled. */
  private static final boolean WITHOUT_RSA_KEY_EXCHANGE =
      Security.getProperty("jdk.tls.disabledAlgorithms").contains("TLS_RSA_");

  EngineSuiteJdkTest() {
    super(null, null, BufferType.Heap, WITHOUT_RSA_KEY_EXCHANGE ? CannotPass.ANYWHERE : Map.of());
  }
}
