package io.rustlsjvm.jsse;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.CertificateRevokedException;
import java.security.cert.PKIXReason;

/** The alert to send for what a trust manager says against a certificate (RFC 8446 §6.2). */
final class Alerts {
  static final int BAD_CERTIFICATE = 42;
  static final int CERTIFICATE_REVOKED = 44;
  static final int CERTIFICATE_EXPIRED = 45;
  static final int CERTIFICATE_UNKNOWN = 46;
  static final int UNKNOWN_CA = 48;
  static final int INTERNAL_ERROR = 80;

  /** RFC 6066 §3. */
  static final int UNRECOGNIZED_NAME = 112;

  /** RFC 7301 §3.2. */
  static final int NO_APPLICATION_PROTOCOL = 120;

  /** Causes are chained this deep at most; more is a loop. */
  private static final int MAX_DEPTH = 16;

  private Alerts() {}

  /** The most precise one that the exception or one of its causes gives. */
  static int of(Throwable failure) {
    int alert = failure instanceof Exception ? CERTIFICATE_UNKNOWN : INTERNAL_ERROR;
    int depth = 0;
    for (Throwable t = failure; t != null && depth < MAX_DEPTH; t = t.getCause(), depth++) {
      int precise = ofOne(t);
      if (precise != 0) {
        alert = precise;
      }
    }
    return alert;
  }

  private static int ofOne(Throwable failure) {
    if (failure instanceof CertificateExpiredException
        || failure instanceof CertificateNotYetValidException) {
      return CERTIFICATE_EXPIRED;
    }
    if (failure instanceof CertificateRevokedException) {
      return CERTIFICATE_REVOKED;
    }
    if (failure instanceof CertificateParsingException) {
      return BAD_CERTIFICATE;
    }
    if (failure instanceof CertPathBuilderException) {
      return UNKNOWN_CA;
    }
    if (failure instanceof CertPathValidatorException) {
      return ofReason(((CertPathValidatorException) failure).getReason());
    }
    return 0;
  }

  private static int ofReason(CertPathValidatorException.Reason reason) {
    if (reason == BasicReason.EXPIRED || reason == BasicReason.NOT_YET_VALID) {
      return CERTIFICATE_EXPIRED;
    }
    if (reason == BasicReason.REVOKED) {
      return CERTIFICATE_REVOKED;
    }
    if (reason == BasicReason.INVALID_SIGNATURE) {
      return BAD_CERTIFICATE;
    }
    if (reason == PKIXReason.NO_TRUST_ANCHOR) {
      return UNKNOWN_CA;
    }
    return 0;
  }
}
