package io.rustlsjvm.flink;

import io.rustlsjvm.jsse.NativeStore;
import io.rustlsjvm.jsse.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Store types that only {@link KeyStore} can read: those of installed security providers. */
final class JavaStores {
  private static final List<String> NATIVE = List.of("PKCS12", "P12", "PFX", "JKS", "PEM");

  private JavaStores() {}

  /** Whether a type is one that the native reader leaves to Java. */
  static boolean mayRead(String type) {
    return type != null && !NATIVE.contains(type.toUpperCase(Locale.ROOT));
  }

  /**
   * Refuses a type that neither the native reader nor Java has, as Flink does, whatever is in the
   * file.
   */
  static void requireKnownType(StoreSettings settings) {
    if (!mayRead(settings.type())) {
      return;
    }
    try {
      KeyStore.getInstance(settings.type());
    } catch (KeyStoreException e) {
      throw new OptionException(
          settings.typeOption()
              + " names the store type '"
              + settings.type()
              + "' for "
              + settings.file()
              + ", which no installed security provider has. Use PKCS12, JKS or PEM, or remove the"
              + " option: then the content of the file decides.",
          e);
    }
  }

  /**
   * Reads a store by Java and hands its content to the native side.
   *
   * @throws StoreException when the store lacks what is needed, or its key cannot be exported
   */
  static NativeStore read(StoreSettings settings, char[] password, char[] keyPassword)
      throws IOException, GeneralSecurityException {
    KeyStore store = load(settings, password);
    return settings.purpose() == StoreSettings.Purpose.KEYSTORE
        ? key(store, settings, keyPassword != null ? keyPassword : password)
        : trusted(store, settings);
  }

  private static KeyStore load(StoreSettings settings, char[] password)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(settings.type());
    try (InputStream in = Files.newInputStream(Path.of(settings.file()))) {
      store.load(in, password);
    } catch (IOException e) {
      throw new IOException(
          "The "
              + settings.purpose().option()
              + " of "
              + settings.option()
              + " cannot be used: "
              + settings.file()
              + " cannot be read as "
              + settings.type()
              + " ("
              + e.getMessage()
              + "). Check the path, "
              + settings.typeOption()
              + " and "
              + settings.passwordOption()
              + ".",
          e);
    }
    return store;
  }

  /** The first alias with a private key, as the JDK's key manager takes it. */
  private static NativeStore key(KeyStore store, StoreSettings settings, char[] password)
      throws IOException, GeneralSecurityException {
    for (String alias : Collections.list(store.aliases())) {
      if (store.isKeyEntry(alias)) {
        Key key = store.getKey(alias, password);
        Certificate[] chain = store.getCertificateChain(alias);
        if (key instanceof PrivateKey && chain != null && chain.length > 0) {
          return NativeStore.ofKey(x509(chain), (PrivateKey) key);
        }
      }
    }
    throw new StoreException(
        StoreException.Kind.CONTENT, settings.file() + " holds no private key with a certificate");
  }

  private static NativeStore trusted(KeyStore store, StoreSettings settings)
      throws IOException, GeneralSecurityException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      Certificate certificate = store.getCertificate(alias);
      if (certificate instanceof X509Certificate) {
        certificates.add((X509Certificate) certificate);
      }
    }
    if (certificates.isEmpty()) {
      throw new StoreException(
          StoreException.Kind.CONTENT, settings.file() + " holds no certificate");
    }
    return NativeStore.ofCertificates(certificates);
  }

  private static List<X509Certificate> x509(Certificate[] chain) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Certificate certificate : chain) {
      certificates.add((X509Certificate) certificate);
    }
    return certificates;
  }
}
