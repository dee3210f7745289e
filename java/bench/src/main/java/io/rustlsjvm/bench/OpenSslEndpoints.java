package io.rustlsjvm.bench;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslX509KeyManagerFactory;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/** Netty's OPENSSL, built of the same parts as Flink builds it. */
final class OpenSslEndpoints implements Endpoints {
  private final TlsSetup setup;
  private final KeyFiles files;
  private final SslContext clients;
  private final SslContext servers;

  OpenSslEndpoints(TlsSetup setup, KeyFiles files) throws IOException, GeneralSecurityException {
    OpenSsl.ensureAvailability();
    this.setup = setup;
    this.files = files;
    clients = netty(true);
    servers = netty(false);
  }

  /** In the mode of a JDK engine: one record for each call. */
  @Override
  public SSLEngine client(boolean resumable) {
    return resumable
        ? clients.newEngine(UnpooledByteBufAllocator.DEFAULT, Engines.HOST, Engines.PORT)
        : clients.newEngine(UnpooledByteBufAllocator.DEFAULT);
  }

  @Override
  public SSLEngine server() {
    return servers.newEngine(UnpooledByteBufAllocator.DEFAULT);
  }

  @Override
  public SslContext netty(boolean client) throws SSLException {
    try {
      OpenSslX509KeyManagerFactory keys = new OpenSslX509KeyManagerFactory();
      keys.init(KeyFiles.open(files.keystore), KeyFiles.PASSWORD.toCharArray());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(KeyFiles.open(files.truststore));
      SslContextBuilder builder =
          client
              ? SslContextBuilder.forClient().keyManager(keys)
              : SslContextBuilder.forServer(keys).clientAuth(ClientAuth.REQUIRE);
      return builder
          .trustManager(trust)
          .sslProvider(SslProvider.OPENSSL)
          .protocols(setup.protocol)
          .ciphers(List.of(setup.suite))
          .build();
    } catch (IOException | GeneralSecurityException e) {
      throw new SSLException(e);
    }
  }

  @Override
  public SSLContext sockets(boolean client) {
    throw new UnsupportedOperationException("netty-tcnative has no sockets");
  }
}
