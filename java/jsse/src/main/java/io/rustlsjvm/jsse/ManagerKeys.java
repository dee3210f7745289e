package io.rustlsjvm.jsse;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509KeyManager;

/** Asks a Java key manager whom to be. */
final class ManagerKeys {
  /** In the order in which the JDK's clients prefer them. */
  private static final String[] KEY_TYPES = {"EC", "EdDSA", "RSA"};

  private final X509KeyManager manager;
  private final ParsedKeys parsed = new ParsedKeys();

  private ManagerKeys(X509KeyManager manager) {
    this.manager = manager;
  }

  /** The first X.509 key manager counts, as {@code SSLContext.init} says; null when none is. */
  static ManagerKeys of(KeyManager[] managers) {
    if (managers != null) {
      for (KeyManager manager : managers) {
        if (manager instanceof X509KeyManager) {
          return new ManagerKeys((X509KeyManager) manager);
        }
      }
    }
    return null;
  }

  /**
   * The JDK's key manager over a loaded store.
   *
   * @param password of the keys, or null for none
   */
  static ManagerKeys ofKeyStore(KeyStore store, char[] password) throws GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password);
    return of(factory.getKeyManagers());
  }

  /**
   * The key store that the {@code javax.net.ssl.keyStore} properties name (JSSE Reference Guide,
   * "Customizing the Default Keystores and Truststores"), or null when none is.
   */
  static ManagerKeys ofSystemProperties() throws GeneralSecurityException, IOException {
    String file = System.getProperty("javax.net.ssl.keyStore", "");
    if (file.isEmpty()) {
      return null;
    }
    String type = System.getProperty("javax.net.ssl.keyStoreType", KeyStore.getDefaultType());
    String provider = System.getProperty("javax.net.ssl.keyStoreProvider", "");
    String property = System.getProperty("javax.net.ssl.keyStorePassword", "");
    char[] password = property.isEmpty() ? null : property.toCharArray();
    try {
      KeyStore store =
          provider.isEmpty() ? KeyStore.getInstance(type) : KeyStore.getInstance(type, provider);
      if ("NONE".equals(file)) {
        store.load(null, password);
      } else {
        try (InputStream in = Files.newInputStream(Paths.get(file))) {
          store.load(in, password);
        }
      }
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, password);
      return of(factory.getKeyManagers());
    } finally {
      if (password != null) {
        Arrays.fill(password, '\0');
      }
    }
  }

  /** The chain of the key that is chosen where the peer leaves the choice; empty for none. */
  List<X509Certificate> certificateChain() {
    String alias = preferred();
    return alias == null ? List.of() : List.of(manager.getCertificateChain(alias));
  }

  /**
   * Signs something with the preferred key.
   *
   * @throws StoreException when there is none, or it cannot sign for its certificate
   */
  void requireSigner() throws StoreException {
    String alias = preferred();
    if (alias == null) {
      throw new StoreException(
          StoreException.Kind.CONTENT, "It holds no private key of RSA, EC or Ed25519");
    }
    PrivateKey key = manager.getPrivateKey(alias);
    X509Certificate leaf = manager.getCertificateChain(alias)[0];
    int[] usable = SignatureScheme.usableWith(key);
    if (usable.length == 0) {
      throw new StoreException(
          StoreException.Kind.UNSUPPORTED,
          "The private key of "
              + leaf.getSubjectX500Principal()
              + " ("
              + key.getAlgorithm()
              + ") cannot be exported, and no installed security provider signs with it");
    }
    boolean fits;
    try {
      SignatureScheme scheme = SignatureScheme.of(usable[0]);
      byte[] message = "rustls-jvm".getBytes(StandardCharsets.US_ASCII);
      fits = scheme.verify(leaf, message, scheme.sign(key, message));
    } catch (GeneralSecurityException | RuntimeException e) {
      StoreException failure =
          new StoreException(
              StoreException.Kind.UNSUPPORTED,
              "The private key of "
                  + leaf.getSubjectX500Principal()
                  + " cannot be exported, and does not sign: "
                  + e.getMessage());
      failure.initCause(e);
      throw failure;
    }
    if (!fits) {
      throw new StoreException(
          StoreException.Kind.CONTENT,
          "The private key does not belong to the certificate of "
              + leaf.getSubjectX500Principal());
    }
  }

  private String preferred() {
    for (String type : KEY_TYPES) {
      String alias = manager.chooseServerAlias(type, null, null);
      if (alias != null) {
        return alias;
      }
    }
    return null;
  }

  /**
   * Chooses a chain and its key.
   *
   * @param socket the socket that the engine works for, or null
   * @param keyTypes JSSE names, in the peer's order
   * @param issuers whom the peer trusts, or null for any
   * @return null for none
   */
  HandshakeCallbacks.Credential choose(
      boolean client,
      SSLEngine engine,
      SSLSocket socket,
      List<String> keyTypes,
      Principal[] issuers)
      throws CertificateEncodingException, SSLException {
    if (keyTypes.isEmpty()) {
      return null;
    }
    if (client) {
      String[] types = keyTypes.toArray(new String[0]);
      return credential(clientAlias(types, issuers, engine, socket));
    }
    for (String type : keyTypes) {
      HandshakeCallbacks.Credential credential =
          credential(serverAlias(type, issuers, engine, socket));
      if (credential != null) {
        return credential;
      }
    }
    return null;
  }

  private String clientAlias(String[] types, Principal[] issuers, SSLEngine engine, Socket socket) {
    return socket == null && manager instanceof X509ExtendedKeyManager
        ? ((X509ExtendedKeyManager) manager).chooseEngineClientAlias(types, issuers, engine)
        : manager.chooseClientAlias(types, issuers, socket);
  }

  private String serverAlias(String type, Principal[] issuers, SSLEngine engine, Socket socket) {
    return socket == null && manager instanceof X509ExtendedKeyManager
        ? ((X509ExtendedKeyManager) manager).chooseEngineServerAlias(type, issuers, engine)
        : manager.chooseServerAlias(type, issuers, socket);
  }

  private HandshakeCallbacks.Credential credential(String alias)
      throws CertificateEncodingException, SSLException {
    if (alias == null) {
      return null;
    }
    PrivateKey key = manager.getPrivateKey(alias);
    X509Certificate[] chain = manager.getCertificateChain(alias);
    if (key == null || chain == null || chain.length == 0) {
      return null;
    }
    return parsed.credential(key, chain);
  }
}
