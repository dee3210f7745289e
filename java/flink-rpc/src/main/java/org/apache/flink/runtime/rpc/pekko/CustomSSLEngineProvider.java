package org.apache.flink.runtime.rpc.pekko;

import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.remote.transport.netty.SSLEngineProvider;

/**
 * Gives Pekko its engines, in the place of Flink's class of this name, which Flink's configuration
 * for Pekko names.
 *
 * <p>It is defined in the class loader that Flink makes for Pekko. That loader does not see our
 * classes, and in some versions it has a Netty of its own; so nothing but JDK types cross over.
 */
@SuppressWarnings("deprecation") // Flink's RPC is built on Pekko's classic remoting
public class CustomSSLEngineProvider implements SSLEngineProvider {
  private static volatile Function<Boolean, SSLEngine> engines;

  /** Called by Pekko, once for each actor system ({@code flink}, {@code flink-metrics}). */
  public CustomSSLEngineProvider(ActorSystem system) {
    engines();
  }

  /**
   * Says where the engines come from; called before Flink makes an actor system.
   *
   * @param factory makes a client's engine for {@code true}, a server's for {@code false}
   */
  public static void useEngines(Function<Boolean, SSLEngine> factory) {
    engines = factory;
  }

  @Override
  public SSLEngine createServerSSLEngine() {
    return engines().apply(Boolean.FALSE);
  }

  @Override
  public SSLEngine createClientSSLEngine() {
    return engines().apply(Boolean.TRUE);
  }

  private static Function<Boolean, SSLEngine> engines() {
    Function<Boolean, SSLEngine> factory = engines;
    if (factory == null) {
      // An Error, because Flink and Pekko may answer an exception by another way of going on.
      throw new IllegalAccessError(
          "The TLS engines of security.ssl.provider: RUSTLS have not been handed to Flink's RPC"
              + " system.");
    }
    return factory;
  }
}
