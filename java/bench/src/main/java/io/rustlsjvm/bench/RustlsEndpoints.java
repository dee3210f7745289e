package io.rustlsjvm.bench;

import io.netty.handler.ssl.SslContext;
import io.rustlsjvm.jsse.ClientAuthentication;
import io.rustlsjvm.jsse.NativeStore;
import io.rustlsjvm.jsse.RustlsContextBuilder;
import io.rustlsjvm.jsse.StoreException;
import io.rustlsjvm.netty.RustlsSslContext;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** Ours: no key and no trust manager in between. */
final class RustlsEndpoints implements Endpoints {
  private final TlsSetup setup;
  private final SSLContext clients;
  private final SSLContext servers;

  RustlsEndpoints(TlsSetup setup, KeyFiles files) throws IOException, GeneralSecurityException {
    this.setup = setup;
    char[] password = KeyFiles.PASSWORD.toCharArray();
    try (NativeStore key =
            NativeStore.readKeystore(files.keystore.toString(), null, password, password);
        NativeStore trusted =
            NativeStore.readTruststore(files.truststore.toString(), null, password)) {
      clients = context("bench-client", key, trusted, ClientAuthentication.NONE);
      servers = context("bench-server", key, trusted, ClientAuthentication.NEED);
    } catch (StoreException e) {
      throw new IOException(e);
    }
  }

  private SSLContext context(
      String label, NativeStore key, NativeStore trusted, ClientAuthentication authentication)
      throws IOException {
    return new RustlsContextBuilder()
        .label(label)
        .keystore(key)
        .truststore(trusted)
        .protocols(List.of(setup.protocols()))
        .cipherSuites(List.of(setup.suites()))
        .namedGroups(List.of(setup.group))
        .clientAuthentication(authentication)
        .build();
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
  public SslContext netty(boolean client) {
    return new RustlsSslContext(client ? clients : servers, client);
  }

  @Override
  public SSLContext sockets(boolean client) {
    return client ? clients : servers;
  }
}
