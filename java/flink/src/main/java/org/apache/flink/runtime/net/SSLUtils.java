package org.apache.flink.runtime.net;

import io.rustlsjvm.flink.FlinkOptions;
import io.rustlsjvm.flink.FlinkSslUtils;
import io.rustlsjvm.flink.SslFactories;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.runtime.io.network.netty.SSLHandlerFactory;
import org.apache.flink.shaded.netty4.io.netty.handler.ssl.ClientAuth;
import org.apache.flink.shaded.netty4.io.netty.handler.ssl.SslContext;
import org.apache.flink.shaded.netty4.io.netty.handler.ssl.SslProvider;

/**
 * Stands before Flink's class of this name and has its members: with {@code security.ssl.provider:
 * RUSTLS} the factories are ours, with any other provider Flink's own class does the work.
 *
 * <p>It has no nested classes and no state, because it may be defined by itself, before Flink's.
 */
public class SSLUtils {
  /** Tells this class from Flink's; see {@code SslUtilsClaim}. */
  @SuppressWarnings("unused")
  private static final String RUSTLS_JVM = "rustls-jvm";

  /** Server sockets of the blob service. */
  public static ServerSocketFactory createSSLServerSocketFactory(Configuration config)
      throws Exception {
    return FlinkOptions.isRustls(config)
        ? SslFactories.blobServer(config)
        : FlinkSslUtils.call(
            ServerSocketFactory.class, "createSSLServerSocketFactory", CONFIG, config);
  }

  /** Sockets of the blob service's clients. */
  public static SocketFactory createSSLClientSocketFactory(Configuration config) throws Exception {
    return FlinkOptions.isRustls(config)
        ? SslFactories.blobClient(config)
        : FlinkSslUtils.call(SocketFactory.class, "createSSLClientSocketFactory", CONFIG, config);
  }

  /** Servers of the data plane. */
  public static SSLHandlerFactory createInternalServerSSLEngineFactory(Configuration config)
      throws Exception {
    return FlinkOptions.isRustls(config)
        ? SslFactories.dataServer(config)
        : FlinkSslUtils.call(
            SSLHandlerFactory.class, "createInternalServerSSLEngineFactory", CONFIG, config);
  }

  /** Clients of the data plane. */
  public static SSLHandlerFactory createInternalClientSSLEngineFactory(Configuration config)
      throws Exception {
    return FlinkOptions.isRustls(config)
        ? SslFactories.dataClient(config)
        : FlinkSslUtils.call(
            SSLHandlerFactory.class, "createInternalClientSSLEngineFactory", CONFIG, config);
  }

  /** REST servers, the dashboard and the HistoryServer. */
  public static SSLHandlerFactory createRestServerSSLEngineFactory(Configuration config)
      throws Exception {
    return FlinkOptions.isRustls(config)
        ? SslFactories.restServer(config)
        : FlinkSslUtils.call(
            SSLHandlerFactory.class, "createRestServerSSLEngineFactory", CONFIG, config);
  }

  /** REST clients, among them the command line. */
  public static SSLHandlerFactory createRestClientSSLEngineFactory(Configuration config)
      throws Exception {
    return FlinkOptions.isRustls(config)
        ? SslFactories.restClient(config)
        : FlinkSslUtils.call(
            SSLHandlerFactory.class, "createRestClientSSLEngineFactory", CONFIG, config);
  }

  /** Netty's name for the provider; it has none for RUSTLS. */
  static SslProvider getSSLProvider(Configuration config) {
    if (FlinkOptions.isRustls(config)) {
      throw new IllegalConfigurationException(
          "security.ssl.provider: RUSTLS is none of Netty's own providers.");
    }
    return FlinkSslUtils.callUnchecked(SslProvider.class, "getSSLProvider", CONFIG, config);
  }

  /** A context for REST, or null where TLS is not enabled for it. */
  public static SSLContext createRestSSLContext(Configuration config, boolean clientMode)
      throws Exception {
    return FlinkOptions.isRustls(config)
        ? SslFactories.restContext(config, clientMode)
        : FlinkSslUtils.call(
            SSLContext.class,
            "createRestSSLContext",
            new Class<?>[] {Configuration.class, boolean.class},
            config,
            clientMode);
  }

  /**
   * A Netty context for REST, or null where TLS is not enabled for it. The configured RUSTLS goes
   * before {@code provider}: no channel may come up on another one.
   */
  public static SslContext createRestNettySSLContext(
      Configuration config, boolean clientMode, ClientAuth clientAuth, SslProvider provider)
      throws Exception {
    return FlinkOptions.isRustls(config)
        ? SslFactories.restNettyContext(config, clientMode, clientAuth)
        : FlinkSslUtils.call(
            SslContext.class,
            "createRestNettySSLContext",
            new Class<?>[] {
              Configuration.class, boolean.class, ClientAuth.class, SslProvider.class
            },
            config,
            clientMode,
            clientAuth,
            provider);
  }

  private static final Class<?>[] CONFIG = {Configuration.class};
}
