package io.rustlsjvm.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.rustlsjvm.jsse.ClientAuthentication;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
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
  private final JdkSslContext applicationProtocols;
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
    this.applicationProtocols = builder.alpnContext();
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
    return applicationProtocols == null
        ? Collections::emptyList
        : applicationProtocols.applicationProtocolNegotiator();
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return settings.apply(
        applicationProtocols == null
            ? context.createSSLEngine()
            : applicationProtocols.newEngine(allocator),
        client);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
    return settings.apply(
        applicationProtocols == null
            ? context.createSSLEngine(peerHost, peerPort)
            : applicationProtocols.newEngine(allocator, peerHost, peerPort),
        client);
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

    EngineSettings copy() {
      EngineSettings copy = new EngineSettings();
      copy.protocols = protocols;
      copy.cipherSuites = cipherSuites;
      copy.clientAuthentication = clientAuthentication;
      copy.verifyHostname = verifyHostname;
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
      return engine;
    }
  }

  /** Settings beyond those of the {@link SSLContext}. */
  public static final class Builder {
    private final SSLContext context;
    private final boolean client;
    private final EngineSettings settings = new EngineSettings();
    private ApplicationProtocolConfig applicationProtocols;
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

    /** ALPN (RFC 7301), or null for none. */
    public Builder applicationProtocols(ApplicationProtocolConfig config) {
      applicationProtocols = config;
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

    /**
     * {@code SslHandler.applicationProtocol()} knows only engines that Netty itself has wrapped; so
     * with ALPN Netty's own context wraps ours.
     */
    private JdkSslContext alpnContext() {
      if (applicationProtocols == null
          || applicationProtocols.protocol() == ApplicationProtocolConfig.Protocol.NONE) {
        return null;
      }
      SSLParameters defaults = context.getDefaultSSLParameters();
      return new JdkSslContext(
          context,
          client,
          settings.cipherSuites != null
              ? settings.cipherSuites
              : List.of(defaults.getCipherSuites()),
          IdentityCipherSuiteFilter.INSTANCE,
          applicationProtocols,
          clientAuth(defaults),
          settings.protocols != null
              ? settings.protocols.toArray(new String[0])
              : defaults.getProtocols(),
          startTls);
    }

    private static ClientAuth clientAuth(SSLParameters defaults) {
      if (defaults.getNeedClientAuth()) {
        return ClientAuth.REQUIRE;
      }
      return defaults.getWantClientAuth() ? ClientAuth.OPTIONAL : ClientAuth.NONE;
    }
  }
}
