package io.rustlsjvm.jsse;

import java.io.InputStream;
import java.io.OutputStream;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.Key;
import java.security.KeyStoreSpi;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A token: a store whose private keys sign, but neither can be exported nor are of an interface
 * that other providers know.
 */
public final class TokenProvider extends Provider {
  private static final long serialVersionUID = 1L;

  /** What the token holds, by alias. */
  private static final Map<String, TestCertificate> CONTENT = new TreeMap<>();

  static final AtomicInteger SIGNATURES = new AtomicInteger();

  /**
   * @param algorithms JCA names of the signatures that the token makes
   */
  TokenProvider(List<String> algorithms) {
    super("Token", "1", "keys that stay where they are");
    putService(
        new Service(this, "KeyStore", "TOKEN", Store.class.getName(), null, null) {
          @Override
          public Object newInstance(Object parameter) {
            return new Store();
          }
        });
    for (String algorithm : algorithms) {
      putService(
          new Service(
              this,
              "Signature",
              algorithm,
              Signer.class.getName(),
              null,
              Map.of("SupportedKeyClasses", TokenKey.class.getName())) {
            @Override
            public Object newInstance(Object parameter) {
              return new Signer(algorithm);
            }
          });
    }
  }

  /** Puts keys onto the token, in place of what was there. */
  static void hold(Map<String, TestCertificate> content) {
    CONTENT.clear();
    CONTENT.putAll(content);
  }

  /** A private key without an encoding. */
  public static final class TokenKey implements PrivateKey {
    private static final long serialVersionUID = 1L;
    private final transient PrivateKey inside;

    TokenKey(PrivateKey inside) {
      this.inside = inside;
    }

    @Override
    public String getAlgorithm() {
      return inside.getAlgorithm();
    }

    @Override
    public String getFormat() {
      return null;
    }

    @Override
    public byte[] getEncoded() {
      return null;
    }
  }

  /** Signs by the key inside. */
  public static final class Signer extends SignatureSpi {
    private final Signature inside;

    Signer(String algorithm) {
      try {
        inside =
            Signature.getInstance(algorithm, algorithm.contains("EC") ? "SunEC" : "SunRsaSign");
      } catch (java.security.GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
      if (!(key instanceof TokenKey)) {
        throw new InvalidKeyException("no key of this token");
      }
      inside.initSign(((TokenKey) key).inside);
    }

    @Override
    protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
      throw new InvalidKeyException("the token verifies nothing");
    }

    @Override
    protected void engineUpdate(byte octet) throws SignatureException {
      inside.update(octet);
    }

    @Override
    protected void engineUpdate(byte[] octets, int from, int length) throws SignatureException {
      inside.update(octets, from, length);
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
      SIGNATURES.incrementAndGet();
      return inside.sign();
    }

    @Override
    protected boolean engineVerify(byte[] signature) {
      return false;
    }

    @Override
    protected void engineSetParameter(AlgorithmParameterSpec parameters)
        throws java.security.InvalidAlgorithmParameterException {
      inside.setParameter(parameters);
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {
      throw new InvalidParameterException(name);
    }

    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
      throw new InvalidParameterException(name);
    }
  }

  /** What a program sees of the token. */
  public static final class Store extends KeyStoreSpi {
    @Override
    public Key engineGetKey(String alias, char[] password) {
      TestCertificate entry = CONTENT.get(alias);
      return entry == null ? null : new TokenKey(entry.key());
    }

    @Override
    public Certificate[] engineGetCertificateChain(String alias) {
      TestCertificate entry = CONTENT.get(alias);
      return entry == null ? null : new X509Certificate[] {entry.certificate};
    }

    @Override
    public Certificate engineGetCertificate(String alias) {
      TestCertificate entry = CONTENT.get(alias);
      return entry == null ? null : entry.certificate;
    }

    @Override
    public Date engineGetCreationDate(String alias) {
      return new Date(0);
    }

    @Override
    public Enumeration<String> engineAliases() {
      return Collections.enumeration(CONTENT.keySet());
    }

    @Override
    public boolean engineContainsAlias(String alias) {
      return CONTENT.containsKey(alias);
    }

    @Override
    public int engineSize() {
      return CONTENT.size();
    }

    @Override
    public boolean engineIsKeyEntry(String alias) {
      return CONTENT.containsKey(alias);
    }

    @Override
    public boolean engineIsCertificateEntry(String alias) {
      return false;
    }

    @Override
    public String engineGetCertificateAlias(Certificate certificate) {
      return null;
    }

    @Override
    public void engineSetKeyEntry(String alias, Key key, char[] password, Certificate[] chain) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void engineSetKeyEntry(String alias, byte[] key, Certificate[] chain) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void engineSetCertificateEntry(String alias, Certificate certificate) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void engineDeleteEntry(String alias) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void engineStore(OutputStream out, char[] password) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void engineLoad(InputStream in, char[] password) {}
  }
}
