package io.rustlsjvm.jsse;

import java.math.BigInteger;
import java.security.Principal;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.Set;

/** A certificate that answers as another does. */
class ForwardingCertificate extends X509Certificate {
  private static final long serialVersionUID = 1L;

  private final X509Certificate of;

  ForwardingCertificate(X509Certificate of) {
    this.of = of;
  }

  @Override
  public void checkValidity() throws CertificateExpiredException, CertificateNotYetValidException {
    of.checkValidity();
  }

  @Override
  public void checkValidity(Date date)
      throws CertificateExpiredException, CertificateNotYetValidException {
    of.checkValidity(date);
  }

  @Override
  public int getVersion() {
    return of.getVersion();
  }

  @Override
  public BigInteger getSerialNumber() {
    return of.getSerialNumber();
  }

  @Override
  @SuppressWarnings("deprecation") // the interface has it
  public Principal getIssuerDN() {
    return of.getIssuerDN();
  }

  @Override
  @SuppressWarnings("deprecation") // the interface has it
  public Principal getSubjectDN() {
    return of.getSubjectDN();
  }

  @Override
  public Date getNotBefore() {
    return of.getNotBefore();
  }

  @Override
  public Date getNotAfter() {
    return of.getNotAfter();
  }

  @Override
  public byte[] getTBSCertificate() throws CertificateEncodingException {
    return of.getTBSCertificate();
  }

  @Override
  public byte[] getSignature() {
    return of.getSignature();
  }

  @Override
  public String getSigAlgName() {
    return of.getSigAlgName();
  }

  @Override
  public String getSigAlgOID() {
    return of.getSigAlgOID();
  }

  @Override
  public byte[] getSigAlgParams() {
    return of.getSigAlgParams();
  }

  @Override
  public boolean[] getIssuerUniqueID() {
    return of.getIssuerUniqueID();
  }

  @Override
  public boolean[] getSubjectUniqueID() {
    return of.getSubjectUniqueID();
  }

  @Override
  public boolean[] getKeyUsage() {
    return of.getKeyUsage();
  }

  @Override
  public int getBasicConstraints() {
    return of.getBasicConstraints();
  }

  @Override
  public byte[] getEncoded() throws CertificateEncodingException {
    return of.getEncoded();
  }

  @Override
  public void verify(PublicKey key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void verify(PublicKey key, String provider) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String toString() {
    return of.toString();
  }

  @Override
  public PublicKey getPublicKey() {
    return of.getPublicKey();
  }

  @Override
  public boolean hasUnsupportedCriticalExtension() {
    return of.hasUnsupportedCriticalExtension();
  }

  @Override
  public Set<String> getCriticalExtensionOIDs() {
    return of.getCriticalExtensionOIDs();
  }

  @Override
  public Set<String> getNonCriticalExtensionOIDs() {
    return of.getNonCriticalExtensionOIDs();
  }

  @Override
  public byte[] getExtensionValue(String oid) {
    return of.getExtensionValue(oid);
  }
}
