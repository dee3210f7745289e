package io.rustlsjvm.flink;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.RpcSystem;

/**
 * Puts our engines into Flink's RPC system, by defining a class in Pekko's class loader under the
 * name that Flink will look for.
 */
final class RpcEngines {
  private static final String PACKAGE = "org.apache.flink.runtime.rpc.pekko";
  private static final String TARGET = PACKAGE + ".CustomSSLEngineProvider";

  /** Flink's class that tells Pekko the name of {@link #TARGET}. */
  private static final String USER = PACKAGE + ".PekkoUtils";

  private static final String BYTES = "CustomSSLEngineProvider.bytes";

  private RpcEngines() {}

  /**
   * Makes an RPC system that has opened no connection yet use our engines.
   *
   * @throws RustlsStartupError when this Flink is built in another way
   */
  static void install(RpcSystem system, Configuration config)
      throws IOException, GeneralSecurityException {
    // Any of the builders will do: it is in Pekko's loader, and nothing is started by making it.
    Class<?> anchor = system.localServiceBuilder(config).getClass();
    check(anchor);
    Function<Boolean, SSLEngine> engines = engines(config);
    try {
      MethodHandles.privateLookupIn(anchor, MethodHandles.lookup())
          .defineClass(bytes())
          .getMethod("useEngines", Function.class)
          .invoke(null, engines);
    } catch (ReflectiveOperationException | LinkageError e) {
      throw unsupported("our " + TARGET + " cannot be defined beside " + anchor.getName(), e);
    }
  }

  private static Function<Boolean, SSLEngine> engines(Configuration config)
      throws IOException, GeneralSecurityException {
    SSLContext client = SslFactories.internal(config, Channel.RPC_CLIENT);
    SSLContext server = SslFactories.internal(config, Channel.RPC_SERVER);
    return isClient -> {
      SSLEngine engine = (isClient ? client : server).createSSLEngine();
      engine.setUseClientMode(isClient);
      return engine;
    };
  }

  /** With a Flink that does not ask for the class, TLS would silently be another's. */
  private static void check(Class<?> anchor) throws IOException {
    if (!anchor.getPackageName().equals(PACKAGE)) {
      throw unsupported("its RPC services are made by " + anchor.getName(), null);
    }
    ClassLoader loader = anchor.getClassLoader();
    if (loader.getResource(ClassSource.resourceName(TARGET)) == null) {
      throw unsupported("it has no " + TARGET, null);
    }
    try (InputStream user = loader.getResourceAsStream(ClassSource.resourceName(USER))) {
      if (user == null
          || !new String(user.readAllBytes(), StandardCharsets.ISO_8859_1)
              .contains(TARGET.replace('.', '/'))) {
        throw unsupported(USER + " does not name " + TARGET, null);
      }
    }
  }

  private static RustlsStartupError unsupported(String difference, Throwable cause) {
    return new RustlsStartupError(
        "This version of flink-rustls does not know how TLS gets into the RPC of this version of"
            + " Flink: "
            + difference
            + ". Use a version that supports this Flink, or set "
            + SslOptions.PROVIDER
            + ": JDK.",
        cause);
  }

  private static byte[] bytes() throws IOException {
    try (InputStream in = RpcEngines.class.getResourceAsStream(BYTES)) {
      if (in == null) {
        throw new RustlsStartupError(BYTES + " is missing in the jar of flink-rustls.");
      }
      return in.readAllBytes();
    }
  }
}
