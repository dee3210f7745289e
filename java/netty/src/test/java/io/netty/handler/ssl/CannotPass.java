package io.netty.handler.ssl;

import java.util.Map;

/** Netty's tests that cannot pass, each with its reason. */
final class CannotPass {
  private static final String SUITE =
      "it wants TLS_RSA_WITH_AES_128_CBC_SHA: rustls has neither RSA key exchange nor CBC, and newer"
          + " JDKs have RSA key exchange disabled";

  private static final String MASTER_KEY =
      "Netty looks for the master key inside of the classes of the JDK's sessions and of Conscrypt's";

  private CannotPass() {}

  /** With ours at either end, or both, and with a JDK that has disabled those suites. */
  static final Map<String, String> ANYWHERE =
      Map.of(
          "testHandshakeCompletesWithNonContiguousProtocolsTLSv1_2CipherOnly", SUITE,
          "testHandshakeCompletesWithoutFilteringSupportedCipher", SUITE);

  /** With ours as the server. */
  static final Map<String, String> AS_SERVER =
      Map.of(
          "testHandshakeCompletesWithNonContiguousProtocolsTLSv1_2CipherOnly", SUITE,
          "testHandshakeCompletesWithoutFilteringSupportedCipher", SUITE,
          "testMasterKeyLogging@TLSv1.2", MASTER_KEY);
}
