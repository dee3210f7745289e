package io.rustlsjvm.flink;

import io.rustlsjvm.jsse.NativeStore;
import io.rustlsjvm.jsse.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Store types that only {@link KeyStore} can read: those of installed security providers. */
final class JavaStores {
  private static final List<String> NATIVE = List.of("PKCS12", "P12", "PFX", "JKS", "PEM");

  /** What stands for a file where a store has none (JSSE Reference Guide). */
  private static final String NO_FILE = "NONE";

  private JavaStores() {}

  /** Whether a type is one that the native reader leaves to Java. */
  static boolean mayRead(String type) {
    return type != null && !NATIVE.contains(type.toUpperCase(Locale.ROOT));
  }

  /** Whether the store is no file at all, but a token or a service. */
  static boolean hasNoFile(StoreSettings settings) {
    return mayRead(settings.type())
        && ("PKCS11".equalsIgnoreCase(settings.type()) || NO_FILE.equals(settings.file()));
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
   * Reads a store by Java and hands its content to the native side; a key that cannot leave its
   * provider stays there and signs there.
   *
   * @throws StoreException when the store lacks what is needed
   */
  static NativeStore read(StoreSettings settings, char[] password, char[] keyPassword)
      throws IOException, GeneralSecurityException {
    return content(load(settings, password), settings, password, keyPassword);
  }

  /**
   * Reads a PKCS12 store that the native reader has no way with: there are ciphers that Java alone
   * has.
   *
   * @return null where Java cannot read it either
   */
  static NativeStore readPkcs12(StoreSettings settings, char[] password, char[] keyPassword)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(Path.of(settings.file()))) {
      store.load(in, password);
      return content(store, settings, password, keyPassword);
    } catch (IOException | GeneralSecurityException e) {
      return null;
    }
  }

  private static NativeStore content(
      KeyStore store, StoreSettings settings, char[] password, char[] keyPassword)
      throws IOException, GeneralSecurityException {
    if (settings.purpose() == StoreSettings.Purpose.TRUSTSTORE) {
      return trusted(store, settings);
    }
    try {
      return NativeStore.ofKeyStore(store, keyPassword != null ? keyPassword : password);
    } catch (UnrecoverableKeyException e) {
      StoreException failure =
          new StoreException(
              StoreException.Kind.KEY_PASSWORD,
              settings.file() + ": the key's password does not open the private key");
      failure.initCause(e);
      throw failure;
    }
  }

  private static KeyStore load(StoreSettings settings, char[] password)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(settings.type());
    try {
      if (hasNoFile(settings)) {
        store.load(null, password);
      } else {
        try (InputStream in = Files.newInputStream(Path.of(settings.file()))) {
          store.load(in, password);
        }
      }
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new IOException(
          "The "
              + settings.purpose().option()
              + " of "
              + settings.option()
              + " cannot be used: "
              + settings.file()
              + " cannot be read as "
              + settings.type()
              + " by the security provider "
              + store.getProvider().getName()
              + " ("
              + e.getMessage()
              + "). Check the path, "
              + settings.typeOption()
              + " and "
              + settings.passwordOption()
              + (hasNoFile(settings) ? ", and how that provider is set up." : "."),
          e);
    }
    return store;
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
}
