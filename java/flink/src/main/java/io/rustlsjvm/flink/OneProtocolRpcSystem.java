package io.rustlsjvm.flink;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.RpcSystem;

/**
 * Keeps a list of protocols away from Flink's RPC, which writes {@code security.ssl.protocol} into
 * Pekko's configuration as it is and so cannot be started with a comma in it.
 *
 * <p>Our engines have been given the list before, and do not look at Pekko's configuration.
 */
final class OneProtocolRpcSystem {
  private OneProtocolRpcSystem() {}

  /** The system itself where one protocol is set; otherwise one that is shown the first alone. */
  static RpcSystem of(RpcSystem system, Configuration config) {
    if (!SslOptions.protocol(new FlinkOptions(config)).contains(",")) {
      return system;
    }
    // By reflection: the methods differ between the versions of Flink.
    return (RpcSystem)
        Proxy.newProxyInstance(
            RpcSystem.class.getClassLoader(),
            new Class<?>[] {RpcSystem.class},
            (proxy, method, arguments) -> {
              try {
                return method.invoke(system, withOneProtocol(arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static Object[] withOneProtocol(Object[] arguments) {
    if (arguments == null) {
      return null;
    }
    Object[] changed = arguments.clone();
    for (int i = 0; i < changed.length; i++) {
      if (changed[i] instanceof Configuration) {
        Configuration config = new Configuration((Configuration) changed[i]);
        String protocols = SslOptions.protocol(new FlinkOptions(config));
        config.setString(SslOptions.PROTOCOL, Protocols.parse(protocols).get(0));
        changed[i] = config;
      }
    }
    return changed;
  }
}
