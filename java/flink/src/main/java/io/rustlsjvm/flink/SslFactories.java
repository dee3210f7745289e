package io.rustlsjvm.flink;

import io.rustlsjvm.jsse.ClientAuthentication;
import io.rustlsjvm.netty.RustlsSslContext;
import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.runtime.io.network.netty.SSLHandlerFactory;
import org.apache.flink.shaded.netty4.io.netty.handler.ssl.ClientAuth;
import org.apache.flink.shaded.netty4.io.netty.handler.ssl.SslContext;

/**
 * What Flink's {@code SSLUtils} is asked for, done by rustls.
 *
 * <p>Every method throws what {@link ChannelContexts#get} throws, and {@link
 * IllegalConfigurationException} where TLS is not enabled.
 */
public final class SslFactories {
  private SslFactories() {}

  public static ServerSocketFactory blobServer(Configuration config)
      throws IOException, GeneralSecurityException {
    requireInternal(config, "SSL is not enabled");
    return internal(config, Channel.BLOB_SERVER).getServerSocketFactory();
  }

  public static SocketFactory blobClient(Configuration config)
      throws IOException, GeneralSecurityException {
    requireInternal(config, "SSL is not enabled");
    return internal(config, Channel.BLOB_CLIENT).getSocketFactory();
  }

  public static SSLHandlerFactory dataServer(Configuration config)
      throws IOException, GeneralSecurityException {
    return data(config, Channel.DATA_SERVER);
  }

  public static SSLHandlerFactory dataClient(Configuration config)
      throws IOException, GeneralSecurityException {
    return data(config, Channel.DATA_CLIENT);
  }

  public static SSLHandlerFactory restServer(Configuration config)
      throws IOException, GeneralSecurityException {
    return rest(config, false);
  }

  public static SSLHandlerFactory restClient(Configuration config)
      throws IOException, GeneralSecurityException {
    return rest(config, true);
  }

  /** Null where TLS is not enabled for REST. */
  public static SSLContext restContext(Configuration config, boolean client)
      throws IOException, GeneralSecurityException {
    return FlinkOptions.read(
        config,
        options ->
            SslOptions.isEnabled(options, Scope.REST)
                ? ChannelContexts.get(ChannelSettings.rest(options, client))
                : null);
  }

  /** Null where TLS is not enabled for REST. */
  public static SslContext restNettyContext(
      Configuration config, boolean client, ClientAuth clientAuth)
      throws IOException, GeneralSecurityException {
    return FlinkOptions.read(
        config,
        options ->
            SslOptions.isEnabled(options, Scope.REST)
                ? new RustlsSslContext(
                    ChannelContexts.get(
                        ChannelSettings.rest(options, client, authentication(clientAuth))),
                    client)
                : null);
  }

  /** The context of an internal channel; whether TLS is enabled was asked before. */
  static SSLContext internal(Configuration config, Channel channel)
      throws IOException, GeneralSecurityException {
    return FlinkOptions.read(
        config, options -> ChannelContexts.get(ChannelSettings.internal(options, channel)));
  }

  private static SSLHandlerFactory data(Configuration config, Channel channel)
      throws IOException, GeneralSecurityException {
    requireInternal(config, "SSL is not enabled for internal communication.");
    SSLContext context = internal(config, channel);
    return FlinkOptions.read(
        config,
        options ->
            new RustlsHandlerFactory(
                new RustlsSslContext(context, channel.isClient()),
                SslOptions.handshakeTimeoutMillis(options),
                SslOptions.closeNotifyFlushTimeoutMillis(options)));
  }

  private static SSLHandlerFactory rest(Configuration config, boolean client)
      throws IOException, GeneralSecurityException {
    SSLContext context = restContext(config, client);
    if (context == null) {
      throw new IllegalConfigurationException("SSL is not enabled for REST endpoints.");
    }
    // Flink has no such timeouts for REST: -1 leaves Netty's.
    return new RustlsHandlerFactory(new RustlsSslContext(context, client), -1, -1);
  }

  private static void requireInternal(Configuration config, String otherwise)
      throws IOException, GeneralSecurityException {
    if (!FlinkOptions.read(config, options -> SslOptions.isEnabled(options, Scope.INTERNAL))) {
      throw new IllegalConfigurationException(otherwise);
    }
  }

  private static ClientAuthentication authentication(ClientAuth clientAuth) {
    switch (clientAuth) {
      case REQUIRE:
        return ClientAuthentication.NEED;
      case OPTIONAL:
        return ClientAuthentication.WANT;
      default:
        return ClientAuthentication.NONE;
    }
  }
}
