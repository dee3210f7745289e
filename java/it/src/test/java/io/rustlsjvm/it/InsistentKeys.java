package io.rustlsjvm.it;

import io.rustlsjvm.demo.stores.KeystoreFile;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/** A client's key that it shows even to servers that say that they do not believe its issuer. */
final class InsistentKeys extends X509ExtendedKeyManager {
  private static final String ALIAS = "only";

  private final PrivateKey key;
  private final X509Certificate[] chain;

  private InsistentKeys(KeystoreFile store) throws IOException, GeneralSecurityException {
    key = (PrivateKey) store.open().getKey(store.alias(), store.keyPassword().toCharArray());
    Certificate[] certificates = store.open().getCertificateChain(store.alias());
    chain = Arrays.copyOf(certificates, certificates.length, X509Certificate[].class);
  }

  /**
   * Makes a context of the JDK's TLS.
   *
   * @param trusted whom to trust
   * @param key what to show
   * @throws IOException when a store cannot be read
   */
  static SSLContext context(KeystoreFile trusted, KeystoreFile key) throws IOException {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted.open());
      SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
      context.init(
          new KeyManager[] {new InsistentKeys(key)}, trust.getTrustManagers(), new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("The JDK refuses the stores: " + e.getMessage(), e);
    }
  }

  @Override
  public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
    return ALIAS;
  }

  @Override
  public String[] getClientAliases(String type, Principal[] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain.clone();
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return key;
  }

  @Override
  public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
    return null;
  }

  @Override
  public String[] getServerAliases(String type, Principal[] issuers) {
    return null;
  }
}
