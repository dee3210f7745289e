package io.rustlsjvm.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.JdkAlpnApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.rustlsjvm.jsse.ClientAuthentication;
import io.rustlsjvm.jsse.RecordBatches;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;

/**
 * Netty's view of an {@link SSLContext} of ours: engines for {@code SslHandler}, on any transport.
 *
 * <p>What is not asked for here stays as the {@link SSLContext} has it: protocols, suites, client
 * authentication, whether host names are checked. Above all, host names are never checked because
 * of a default of Netty's (4.2 has one in {@code SslContextBuilder}).
 */
public final class RustlsSslContext extends SslContext {
  private final SSLContext context;
  private final boolean client;
  private final EngineSettings settings;
  private final List<String> cipherSuites;

  /** A context whose engines are as those of {@code context}. */
  public RustlsSslContext(SSLContext context, boolean client) {
    this(new Builder(context, client));
  }

  /**
   * A context with suites of its own.
   *
   * @param cipherSuites JSSE names in order of preference, or null for those of {@code context}
   */
  public RustlsSslContext(SSLContext context, boolean client, List<String> cipherSuites) {
    this(new Builder(context, client).cipherSuites(cipherSuites));
  }

  private RustlsSslContext(Builder builder) {
    super(builder.startTls);
    this.context = builder.context;
    this.client = builder.client;
    this.settings = builder.settings.copy();
    this.cipherSuites =
        settings.cipherSuites != null
            ? settings.cipherSuites
            : List.of(context.getDefaultSSLParameters().getCipherSuites());
  }

  @Override
  public boolean isClient() {
    return client;
  }

  @Override
  public List<String> cipherSuites() {
    return cipherSuites;
  }

  @Override
  @SuppressWarnings("deprecation") // the type is, not its being asked for
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return () -> settings.applicationProtocols;
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return settings.apply(context.createSSLEngine(), client);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
    return settings.apply(context.createSSLEngine(peerHost, peerPort), client);
  }

  @Override
  protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls) {
    return handler(context.createSSLEngine(), startTls, null);
  }

  @Override
  protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls, Executor tasks) {
    return handler(context.createSSLEngine(), startTls, tasks);
  }

  @Override
  protected SslHandler newHandler(
      ByteBufAllocator allocator, String peerHost, int peerPort, boolean startTls) {
    return handler(context.createSSLEngine(peerHost, peerPort), startTls, null);
  }

  @Override
  protected SslHandler newHandler(
      ByteBufAllocator allocator, String peerHost, int peerPort, boolean startTls, Executor tasks) {
    return handler(context.createSSLEngine(peerHost, peerPort), startTls, tasks);
  }

  /** Netty's own handler for the engines of another provider. */
  private SslHandler handler(SSLEngine engine, boolean startTls, Executor tasks) {
    SSLEngine shown = settings.apply(engine, client);
    if (engine instanceof RecordBatches) {
      RecordBatches records = (RecordBatches) engine;
      return tasks == null
          ? new RustlsSslHandler(shown, records, startTls)
          : new RustlsSslHandler(shown, records, startTls, tasks);
    }
    return tasks == null ? new SslHandler(shown, startTls) : new SslHandler(shown, startTls, tasks);
  }

  @Override
  public SSLSessionContext sessionContext() {
    return client ? context.getClientSessionContext() : context.getServerSessionContext();
  }

  @Override
  public long sessionCacheSize() {
    return sessionContext().getSessionCacheSize();
  }

  @Override
  public long sessionTimeout() {
    return sessionContext().getSessionTimeout();
  }

  /** What is set on each engine; null where the context's own default stays. */
  private static final class EngineSettings {
    private List<String> protocols;
    private List<String> cipherSuites;
    private ClientAuthentication clientAuthentication;
    private boolean verifyHostname;
    private List<String> applicationProtocols = List.of();

    EngineSettings copy() {
      EngineSettings copy = new EngineSettings();
      copy.protocols = protocols;
      copy.cipherSuites = cipherSuites;
      copy.clientAuthentication = clientAuthentication;
      copy.verifyHostname = verifyHostname;
      copy.applicationProtocols = applicationProtocols;
      return copy;
    }

    SSLEngine apply(SSLEngine engine, boolean client) {
      engine.setUseClientMode(client);
      if (protocols != null) {
        engine.setEnabledProtocols(protocols.toArray(new String[0]));
      }
      if (cipherSuites != null) {
        engine.setEnabledCipherSuites(cipherSuites.toArray(new String[0]));
      }
      if (!client && clientAuthentication != null) {
        engine.setNeedClientAuth(clientAuthentication == ClientAuthentication.NEED);
        if (clientAuthentication == ClientAuthentication.WANT) {
          engine.setWantClientAuth(true);
        }
      }
      if (client && verifyHostname) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
      }
      return applicationProtocols.isEmpty() ? engine : withApplicationProtocols(engine, client);
    }

    /** {@code SslHandler.applicationProtocol()} knows only engines that Netty has wrapped. */
    @SuppressWarnings("deprecation") // Netty has no other public way to its wrapper
    private SSLEngine withApplicationProtocols(SSLEngine engine, boolean client) {
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setApplicationProtocols(applicationProtocols.toArray(new String[0]));
      engine.setSSLParameters(parameters);
      JdkAlpnApplicationProtocolNegotiator negotiator =
          new JdkAlpnApplicationProtocolNegotiator(applicationProtocols);
      SSLEngine shown = negotiator.wrapperFactory().wrapSslEngine(engine, negotiator, !client);
      if (!client) {
        // Netty's wrapper chooses by a function. The list will do (RFC 7301 §3.2), and with it the
        // engine need not look at the client before its handshake does.
        engine.setHandshakeApplicationProtocolSelector(null);
      }
      return shown;
    }
  }

  /** Settings beyond those of the {@link SSLContext}. */
  public static final class Builder {
    private final SSLContext context;
    private final boolean client;
    private final EngineSettings settings = new EngineSettings();
    private boolean startTls;

    public Builder(SSLContext context, boolean client) {
      this.context = Objects.requireNonNull(context, "context");
      this.client = client;
    }

    /** JSSE names, or null for those of the context. */
    public Builder protocols(List<String> protocols) {
      settings.protocols = protocols == null ? null : List.copyOf(protocols);
      return this;
    }

    /** JSSE names in order of preference, or null for those of the context. */
    public Builder cipherSuites(List<String> cipherSuites) {
      settings.cipherSuites = cipherSuites == null ? null : List.copyOf(cipherSuites);
      return this;
    }

    /** Whether a server asks for the client's certificate; null for what the context says. */
    public Builder clientAuthentication(ClientAuthentication authentication) {
      settings.clientAuthentication = authentication;
      return this;
    }

    /** Makes a client check that the server's certificate names the host (RFC 6125). */
    public Builder verifyHostname(boolean verify) {
      settings.verifyHostname = verify;
      return this;
    }

    /**
     * Names for ALPN (RFC 7301) in order of preference; none by default. A server refuses clients
     * that offer only others.
     */
    public Builder applicationProtocols(List<String> names) {
      settings.applicationProtocols = List.copyOf(names);
      return this;
    }

    /** Whether the first write of {@code SslHandler} goes out in the clear. */
    public Builder startTls(boolean startTls) {
      this.startTls = startTls;
      return this;
    }

    public RustlsSslContext build() {
      return new RustlsSslContext(this);
    }
  }
}
