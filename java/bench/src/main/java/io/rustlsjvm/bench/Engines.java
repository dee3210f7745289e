package io.rustlsjvm.bench;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** Engines of an {@link SSLContext}, set up alike for all peers. */
final class Engines {
  /** Whom a client says that it calls. Without a name none of the peers resumes. */
  static final String HOST = "localhost";

  static final int PORT = 4433;

  private Engines() {}

  static SSLEngine client(SSLContext context, TlsSetup setup, boolean resumable) {
    SSLEngine engine = resumable ? context.createSSLEngine(HOST, PORT) : context.createSSLEngine();
    engine.setUseClientMode(true);
    return limit(engine, setup);
  }

  static SSLEngine server(SSLContext context, TlsSetup setup) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(true);
    return limit(engine, setup);
  }

  private static SSLEngine limit(SSLEngine engine, TlsSetup setup) {
    engine.setEnabledProtocols(setup.protocols());
    engine.setEnabledCipherSuites(setup.suites());
    return engine;
  }
}
