package io.rustlsjvm.bench;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.conscrypt.Conscrypt;

/** Peers that are made of an ordinary {@link SSLContext}. */
final class JsseEndpoints implements Endpoints {
  private final TlsSetup setup;
  private final Provider provider;
  private final KeyManagerFactory keys;
  private final TrustManagerFactory trust;
  private final SSLContext clients;
  private final SSLContext servers;

  JsseEndpoints(TlsSetup setup, KeyFiles files, Peer peer)
      throws IOException, GeneralSecurityException {
    this.setup = setup;
    if (peer == Peer.JDK_ACCP) {
      AmazonCorrettoCryptoProvider.install();
      AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
    }
    provider = peer == Peer.CONSCRYPT ? Conscrypt.newProvider() : Security.getProvider("SunJSSE");
    keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(KeyFiles.open(files.keystore), KeyFiles.PASSWORD.toCharArray());
    // Of TLS 1.3 Conscrypt tells the JDK's trust managers a key exchange that they do not know.
    trust =
        peer == Peer.CONSCRYPT
            ? TrustManagerFactory.getInstance("PKIX", provider)
            : TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(KeyFiles.open(files.truststore));
    clients = context();
    servers = context();
  }

  private SSLContext context() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS", provider);
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  @Override
  public SSLEngine client(boolean resumable) {
    return Engines.client(clients, setup, resumable);
  }

  @Override
  public SSLEngine server() {
    return Engines.server(servers, setup);
  }

  @Override
  public SslContext netty(boolean client) throws SSLException {
    SslContextBuilder builder =
        client
            ? SslContextBuilder.forClient().keyManager(keys)
            : SslContextBuilder.forServer(keys).clientAuth(ClientAuth.REQUIRE);
    return builder
        .trustManager(trust)
        .sslProvider(SslProvider.JDK)
        .sslContextProvider(provider)
        .protocols(setup.protocol)
        .ciphers(List.of(setup.suite))
        .build();
  }

  @Override
  public SSLContext sockets(boolean client) {
    return client ? clients : servers;
  }
}
