package io.rustlsjvm.flink;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.runtime.rpc.RpcSystemLoader;

/**
 * Loads Flink's own RPC system, and with {@code security.ssl.provider: RUSTLS} gives it our engines
 * before it makes its first connection.
 *
 * <p>{@code RpcSystem.load} answers an exception by trying the next loader, whose RPC would have
 * the JDK's TLS. So whatever fails here with RUSTLS is an {@link Error}.
 */
public final class RustlsRpcSystemLoader implements RpcSystemLoader {
  private static final int BEFORE_FLINKS_OWN = -100;

  @Override
  public int getLoadPriority() {
    return BEFORE_FLINKS_OWN;
  }

  @Override
  public RpcSystem loadRpcSystem(Configuration config) {
    return FlinkOptions.isRustls(config) ? loadWithRustls(config) : loadOther(config);
  }

  private static RpcSystem loadWithRustls(Configuration config) {
    RpcSystem system = null;
    try {
      SslUtilsClaim.require();
      system = loadOther(config);
      if (SslOptions.isEnabled(new FlinkOptions(config), Channel.RPC_SERVER)) {
        RpcEngines.install(system, config);
      }
      // Without TLS, too: Flink writes the option into Pekko's configuration whatever RPC has.
      return OneProtocolRpcSystem.of(system, config);
    } catch (Exception | Error e) {
      close(system, e);
      if (e instanceof Error) {
        throw (Error) e;
      }
      throw new RustlsStartupError(
          SslOptions.PROVIDER + " is RUSTLS, but Flink's RPC cannot use it: " + e.getMessage(), e);
    }
  }

  /** What {@code RpcSystem.load} would do if we were not there. */
  private static RpcSystem loadOther(Configuration config) {
    List<RpcSystemLoader> loaders = new ArrayList<>();
    for (RpcSystemLoader loader : ServiceLoader.load(RpcSystemLoader.class)) {
      // By name: a second copy of our jar must not lead back here.
      if (!loader.getClass().getName().equals(RustlsRpcSystemLoader.class.getName())) {
        loaders.add(loader);
      }
    }
    loaders.sort(Comparator.comparingInt(RpcSystemLoader::getLoadPriority));
    RuntimeException failure = null;
    for (RpcSystemLoader loader : loaders) {
      try {
        return loader.loadRpcSystem(config);
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    throw failure != null
        ? failure
        : new IllegalStateException("There is no RPC system of Flink's on the class path.");
  }

  private static void close(RpcSystem system, Throwable because) {
    if (system != null) {
      try {
        system.close();
      } catch (RuntimeException e) {
        because.addSuppressed(e);
      }
    }
  }
}
