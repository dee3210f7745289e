package io.rustlsjvm.bench;

import java.io.IOException;
import java.security.GeneralSecurityException;

/** Whose TLS is measured. */
enum Peer {
  /** The JDK's own. */
  JDK,
  /** The JDK's protocol, with the Amazon Corretto Crypto Provider in front of the JDK's ciphers. */
  JDK_ACCP,
  /** BoringSSL through netty-tcnative: Netty's, and so Flink's, OPENSSL. */
  OPENSSL,
  /** BoringSSL through Conscrypt. */
  CONSCRYPT,
  /** Ours, with stores that are read natively, as Flink uses it. */
  RUSTLS;

  /**
   * Makes what opens connections.
   *
   * @throws IOException when a store cannot be read
   * @throws GeneralSecurityException when the peer refuses key, protocol or suite
   * @throws IllegalArgumentException when the peer takes no such group
   */
  Endpoints endpoints(TlsSetup setup) throws IOException, GeneralSecurityException {
    if (this != RUSTLS && !setup.group.equals(TlsSetup.X25519)) {
      // RunBenchmarks sets the others' groups, by the system property that they have for it.
      throw new IllegalArgumentException(this + " is measured with X25519 only");
    }
    KeyFiles files = KeyFiles.of(setup.key);
    switch (this) {
      case OPENSSL:
        return new OpenSslEndpoints(setup, files);
      case RUSTLS:
        return new RustlsEndpoints(setup, files);
      default:
        return new JsseEndpoints(setup, files, this);
    }
  }
}
