package io.rustlsjvm.flink;

import io.rustlsjvm.jsse.StoreException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.UnrecoverableKeyException;

/** Turns what is wrong with a store into what is wrong with the configuration. */
final class StoreErrors {
  private StoreErrors() {}

  /** Always throws; the return type is for the caller's {@code throw}. */
  static IOException explain(StoreSettings settings, StoreException e)
      throws IOException, GeneralSecurityException {
    String fault = fault(settings, e);
    switch (e.kind()) {
      case STORE_PASSWORD:
        if (settings.password() == null) {
          throw new OptionException(
              settings.missingPassword() + " " + fault + "It needs a password.", e);
        }
        return new IOException(fault + "Check " + settings.passwordOption() + ".", e);
      case KEY_PASSWORD:
        UnrecoverableKeyException unrecoverable =
            new UnrecoverableKeyException(
                fault
                    + "Check "
                    + settings.keyPasswordOption()
                    + "; where that is not set, the store's password is taken.");
        unrecoverable.initCause(e);
        throw unrecoverable;
      case FILE:
        return new IOException(
            fault
                + "Check the path (a relative one starts at the working directory) and that Flink"
                + " may read it.",
            e);
      case FORMAT:
        return new IOException(
            fault
                + "It must be a PKCS12, JKS or PEM file, or a folder with PEM files; check also "
                + settings.typeOption()
                + ".",
            e);
      case CONTENT:
        throw new OptionException(fault + contentAdvice(settings), e);
      default:
        throw new OptionException(
            fault
                + "Use PKCS12, JKS or PEM, or for "
                + settings.typeOption()
                + " a type of an installed Java security provider.",
            e);
    }
  }

  private static String fault(StoreSettings settings, StoreException e) {
    String reason = e.getMessage();
    if (!reason.contains(settings.file())) {
      reason = settings.file() + ": " + reason;
    }
    return "The "
        + settings.purpose().option()
        + " of "
        + settings.option()
        + " cannot be used: "
        + reason
        + (reason.endsWith(".") ? " " : ". ");
  }

  private static String contentAdvice(StoreSettings settings) {
    return settings.purpose() == StoreSettings.Purpose.KEYSTORE
        ? "It must hold a private key and the certificate chain that belongs to it."
        : "It must hold the certificates to trust.";
  }
}
