package io.netty.handler.ssl;

import java.security.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Netty's own tests of SSL engines, with providers of our choice at the two ends.
 *
 * <p>Each runs with every version, with one kind of buffer; with {@code -Dnetty.suite=all} it does
 * with every kind, with tasks in the event loop and outside. In Netty's package, because the tests
 * take certificates from the folder of their class.
 */
abstract class EngineSuite extends JdkSslEngineTest {
  private static final boolean ALL = "all".equals(System.getProperty("netty.suite"));

  private final Provider client;
  private final Provider server;
  private final BufferType buffers;

  /** Those that fail, and must. */
  @RegisterExtension final KnownFailures knownFailures;

  /**
   * @param client null for the JDK's provider
   * @param server null for the JDK's provider
   * @param known why a test cannot pass, by its name
   */
  EngineSuite(Provider client, Provider server, BufferType buffers, Map<String, String> known) {
    this.client = client;
    this.server = server;
    this.buffers = buffers;
    this.knownFailures = new KnownFailures(known);
  }

  @Override
  protected Provider clientSslContextProvider() {
    return client;
  }

  @Override
  protected Provider serverSslContextProvider() {
    return server;
  }

  @Override
  protected List<SSLEngineTestParam> newTestParams() {
    List<SSLEngineTestParam> wanted = new ArrayList<>();
    for (SSLEngineTestParam param : super.newTestParams()) {
      if (ALL || param.type() == buffers && param.delegate()) {
        wanted.add(param);
      }
    }
    return wanted;
  }

  /**
   * ALPN by JSSE alone: Jetty's and Conscrypt's ways to it are for other engines. Without the
   * type's name, which is private.
   */
  @Override
  @SuppressWarnings({"unchecked", "rawtypes"})
  List newJdkParams() {
    List wanted = new ArrayList();
    for (Object param : super.newJdkParams()) {
      if (param.toString().contains("ALPN_JAVA")) {
        wanted.add(param);
      }
    }
    return wanted;
  }
}
