package io.rustlsjvm.flink;

import io.rustlsjvm.jsse.NativeStore;
import io.rustlsjvm.jsse.StoreException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/** Reads the stores that the options name; each once, for as long as its file stays the same. */
public final class Stores {
  private static final StampedCache<StoreSettings, NativeStore> CACHE = new StampedCache<>(32);

  private Stores() {}

  /**
   * Reads a store, or takes it from the cache.
   *
   * @throws OptionException naming the option that is missing or does not fit
   * @throws IOException naming option and file where the file cannot be used
   * @throws GeneralSecurityException naming option and file where the key cannot be used
   */
  public static NativeStore read(StoreSettings settings)
      throws IOException, GeneralSecurityException {
    try {
      return CACHE.get(settings, FileStamp.of(settings.file()), () -> load(settings));
    } catch (StoreException e) {
      throw StoreErrors.explain(settings, e);
    }
  }

  private static NativeStore load(StoreSettings settings)
      throws StoreException, IOException, GeneralSecurityException {
    JavaStores.requireKnownType(settings);
    char[] password = settings.password();
    char[] keyPassword = settings.keyPassword();
    try {
      if (JavaStores.hasNoFile(settings)) {
        return JavaStores.read(settings, password, keyPassword);
      }
      try {
        return settings.purpose() == StoreSettings.Purpose.KEYSTORE
            ? NativeStore.readKeystore(settings.file(), settings.type(), password, keyPassword)
            : NativeStore.readTruststore(settings.file(), settings.type(), password);
      } catch (StoreException e) {
        if (e.kind() != StoreException.Kind.UNSUPPORTED) {
          throw e;
        }
        NativeStore byJava =
            JavaStores.mayRead(settings.type())
                ? JavaStores.read(settings, password, keyPassword)
                : JavaStores.readPkcs12(settings, password, keyPassword);
        if (byJava == null) {
          throw e;
        }
        return byJava;
      }
    } finally {
      wipe(password);
      wipe(keyPassword);
    }
  }

  private static void wipe(char[] secret) {
    if (secret != null) {
      Arrays.fill(secret, '\0');
    }
  }
}
