package io.rustlsjvm.jsse;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.List;

/**
 * JSSE provider {@code Rustls}: TLS contexts whose engines and sockets are rustls.
 *
 * <p>{@code SSLContext.getInstance(name, new RustlsProvider())} with one of these names:
 *
 * <ul>
 *   <li>{@code TLS}, {@code TLSv1.3}, and {@code SSL}, as old programs ask for: TLS 1.3 and 1.2
 *   <li>{@code TLSv1.2}: TLS 1.2 alone
 *   <li>{@code Default}: as TLS, with key and trust from the system properties {@code
 *       javax.net.ssl.keyStore}, {@code javax.net.ssl.trustStore} and their companions, as the JSSE
 *       Reference Guide lists them
 * </ul>
 *
 * <p>Where the native library cannot be loaded, {@code getInstance} throws {@link
 * UnsatisfiedLinkError}, so that no other provider takes over unnoticed.
 */
public final class RustlsProvider extends Provider {
  private static final long serialVersionUID = 1L;

  /** The provider's name. */
  public static final String NAME = "Rustls";

  public RustlsProvider() {
    super(NAME, providerVersion(), "TLS 1.3 and 1.2 by rustls (SSLContext)");
    put("TLS", List.of(Protocols.TLS_1_3, Protocols.TLS_1_2), false);
    put("SSL", List.of(Protocols.TLS_1_3, Protocols.TLS_1_2), false);
    put("TLSv1.3", List.of(Protocols.TLS_1_3, Protocols.TLS_1_2), false);
    put("TLSv1.2", List.of(Protocols.TLS_1_2), false);
    put("Default", List.of(Protocols.TLS_1_3, Protocols.TLS_1_2), true);
  }

  private void put(String algorithm, List<String> protocols, boolean configured) {
    putService(new ContextService(this, algorithm, protocols, configured));
  }

  /** {@code Provider} wants digits and dots. */
  private static String providerVersion() {
    String version = RustlsLibrary.jarVersion();
    return version.matches("\\d+(\\.\\d+)*") ? version : "0";
  }

  private static final class ContextService extends Service {
    private final List<String> protocols;
    private final boolean configured;

    ContextService(
        Provider provider, String algorithm, List<String> protocols, boolean configured) {
      super(provider, "SSLContext", algorithm, RustlsSslContextSpi.class.getName(), null, null);
      this.protocols = protocols;
      this.configured = configured;
    }

    @Override
    public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
      RustlsLibrary.ensureLoaded();
      return configured
          ? RustlsSslContextSpi.ofSystemProperties(protocols)
          : new RustlsSslContextSpi(protocols);
    }
  }
}
