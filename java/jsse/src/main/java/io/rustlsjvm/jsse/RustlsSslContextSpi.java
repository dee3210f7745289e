package io.rustlsjvm.jsse;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * The implementation behind {@code SSLContext}.
 *
 * <p>A {@code SecureRandom} given to {@code init} is not asked: rustls takes its randomness from
 * aws-lc, which seeds itself from the operating system.
 */
final class RustlsSslContextSpi extends SSLContextSpi {
  private final List<String> protocols;

  /** Asked for each connection, or null where {@code init} gives the core. */
  private final Supplier<ContextCore> cores;

  private volatile ContextCore core;

  /** Of this context for as long as it lives, also before {@code init} and after another one. */
  private final RustlsSessionContext clientSessions = new RustlsSessionContext(true, -1, -1);

  private final RustlsSessionContext serverSessions = new RustlsSessionContext(false, -1, -1);

  /** A context still to be initialised. */
  RustlsSslContextSpi(List<String> protocols) {
    this.protocols = protocols;
    this.cores = null;
  }

  /**
   * A context that is complete.
   *
   * @param cores asked for each connection
   */
  RustlsSslContextSpi(Supplier<ContextCore> cores) {
    this.protocols = List.of();
    this.cores = cores;
  }

  /** The {@code Default} context. */
  static RustlsSslContextSpi ofSystemProperties(List<String> protocols)
      throws NoSuchAlgorithmException {
    try {
      ContextCore core =
          new ContextCore(
              protocols,
              ManagerKeys.ofSystemProperties(),
              ManagerTrust.ofJavaDefault(),
              new RustlsSessionContext(true, -1, -1),
              new RustlsSessionContext(false, -1, -1));
      return new RustlsSslContextSpi(() -> core);
    } catch (GeneralSecurityException | IOException e) {
      throw new NoSuchAlgorithmException(
          "The default TLS context cannot be made from the javax.net.ssl properties: "
              + e.getMessage(),
          e);
    }
  }

  @Override
  protected void engineInit(
      KeyManager[] keyManagers, TrustManager[] trustManagers, SecureRandom random)
      throws KeyManagementException {
    if (cores != null) {
      throw new KeyManagementException("This SSLContext is complete and takes no managers");
    }
    try {
      core =
          new ContextCore(
              protocols,
              ManagerKeys.of(keyManagers),
              trustManagers == null ? ManagerTrust.ofJavaDefault() : ManagerTrust.of(trustManagers),
              clientSessions,
              serverSessions);
    } catch (GeneralSecurityException e) {
      throw new KeyManagementException(
          "The JVM's default trust managers cannot be made: " + e.getMessage(), e);
    }
  }

  private ContextCore core() {
    ContextCore current = cores != null ? cores.get() : core;
    if (current == null) {
      throw new IllegalStateException("SSLContext is not initialized");
    }
    return current;
  }

  @Override
  protected SSLSocketFactory engineGetSocketFactory() {
    core();
    return new RustlsSslSocketFactory(this::core);
  }

  @Override
  protected SSLServerSocketFactory engineGetServerSocketFactory() {
    core();
    return new RustlsSslServerSocketFactory(this::core);
  }

  @Override
  protected SSLEngine engineCreateSSLEngine() {
    return new RustlsEngine(core(), null, -1);
  }

  @Override
  protected SSLEngine engineCreateSSLEngine(String host, int port) {
    return new RustlsEngine(core(), host, port);
  }

  @Override
  protected SSLSessionContext engineGetServerSessionContext() {
    return cores != null ? cores.get().sessions(false) : serverSessions;
  }

  @Override
  protected SSLSessionContext engineGetClientSessionContext() {
    return cores != null ? cores.get().sessions(true) : clientSessions;
  }

  @Override
  protected SSLParameters engineGetDefaultSSLParameters() {
    return core().defaults(true).toParameters();
  }

  @Override
  protected SSLParameters engineGetSupportedSSLParameters() {
    return core().supportedSettings().toParameters();
  }
}
