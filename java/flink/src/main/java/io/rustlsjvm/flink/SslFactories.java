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
import org.apache.flink.configuration.SecurityOptions;
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
    if (!SecurityOptions.isRestSSLEnabled(config)) {
      return null;
    }
    return ChannelContexts.get(
        ChannelSettings.rest(config, client, configuredRestAuthentication(config)));
  }

  /** Null where TLS is not enabled for REST. */
  public static SslContext restNettyContext(
      Configuration config, boolean client, ClientAuth clientAuth)
      throws IOException, GeneralSecurityException {
    if (!SecurityOptions.isRestSSLEnabled(config)) {
      return null;
    }
    return new RustlsSslContext(
        ChannelContexts.get(ChannelSettings.rest(config, client, authentication(clientAuth))),
        client);
  }

  /** The context of an internal channel; whether TLS is enabled was asked before. */
  static SSLContext internal(Configuration config, Channel channel)
      throws IOException, GeneralSecurityException {
    return ChannelContexts.get(ChannelSettings.internal(config, channel));
  }

  private static SSLHandlerFactory data(Configuration config, Channel channel)
      throws IOException, GeneralSecurityException {
    requireInternal(config, "SSL is not enabled for internal communication.");
    return new RustlsHandlerFactory(
        new RustlsSslContext(internal(config, channel), channel.isClient()),
        SslOptions.handshakeTimeoutMillis(config),
        SslOptions.closeNotifyFlushTimeoutMillis(config));
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

  private static void requireInternal(Configuration config, String otherwise) {
    if (!SecurityOptions.isInternalSSLEnabled(config)) {
      throw new IllegalConfigurationException(otherwise);
    }
  }

  private static ClientAuthentication configuredRestAuthentication(Configuration config) {
    return SecurityOptions.isRestSSLAuthenticationEnabled(config)
        ? ClientAuthentication.NEED
        : ClientAuthentication.NONE;
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
