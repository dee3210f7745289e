package io.rustlsjvm.jsse;

import java.security.AlgorithmConstraints;
import java.security.CryptoPrimitive;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** TLS signature schemes (RFC 8446 §4.2.3) in the words of the JCA. */
enum SignatureScheme {
  ECDSA_SECP256R1_SHA256(0x0403, "EC", "SHA256withECDSA", null),
  ECDSA_SECP384R1_SHA384(0x0503, "EC", "SHA384withECDSA", null),
  ECDSA_SECP521R1_SHA512(0x0603, "EC", "SHA512withECDSA", null),
  ED25519(0x0807, "EdDSA", "Ed25519", null),
  RSA_PSS_RSAE_SHA256(0x0804, "RSA", "RSASSA-PSS", pss("SHA-256", 32)),
  RSA_PSS_RSAE_SHA384(0x0805, "RSA", "RSASSA-PSS", pss("SHA-384", 48)),
  RSA_PSS_RSAE_SHA512(0x0806, "RSA", "RSASSA-PSS", pss("SHA-512", 64)),
  RSA_PSS_PSS_SHA256(0x0809, "RSASSA-PSS", "RSASSA-PSS", pss("SHA-256", 32)),
  RSA_PSS_PSS_SHA384(0x080a, "RSASSA-PSS", "RSASSA-PSS", pss("SHA-384", 48)),
  RSA_PSS_PSS_SHA512(0x080b, "RSASSA-PSS", "RSASSA-PSS", pss("SHA-512", 64)),
  RSA_PKCS1_SHA256(0x0401, "RSA", "SHA256withRSA", null),
  RSA_PKCS1_SHA384(0x0501, "RSA", "SHA384withRSA", null),
  RSA_PKCS1_SHA512(0x0601, "RSA", "SHA512withRSA", null);

  /**
   * What may have signed a certificate that is shown to us, for trust managers that constrain
   * chains by {@code ExtendedSSLSession.getLocalSupportedSignatureAlgorithms}. As in the JDK, the
   * old ones stand at the end: whether they will do is for the manager to say.
   */
  private static final String[] LOCAL = {
    "SHA256withECDSA",
    "SHA384withECDSA",
    "SHA512withECDSA",
    "Ed25519",
    "RSASSA-PSS",
    "SHA256withRSA",
    "SHA384withRSA",
    "SHA512withRSA",
    "SHA224withECDSA",
    "SHA224withRSA",
    "SHA1withECDSA",
    "SHA1withRSA"
  };

  /**
   * What peers may offer besides (RFC 5246 §7.4.1.4.1, RFC 8446 §4.2.3): never used for handshakes
   * here, but what a certificate may be signed by is for key managers to say.
   */
  private static final Map<Integer, String> OTHERS =
      Map.of(
          0x0101, "MD5withRSA",
          0x0201, "SHA1withRSA",
          0x0202, "SHA1withDSA",
          0x0203, "SHA1withECDSA",
          0x0301, "SHA224withRSA",
          0x0302, "SHA224withDSA",
          0x0303, "SHA224withECDSA",
          0x0402, "SHA256withDSA",
          0x0808, "Ed448");

  /** What the native side signs with keys that stay in Java. */
  private static final SignatureScheme[] SERVED = {
    RSA_PSS_RSAE_SHA256,
    RSA_PSS_RSAE_SHA384,
    RSA_PSS_RSAE_SHA512,
    RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512,
    ECDSA_SECP256R1_SHA256,
    ECDSA_SECP384R1_SHA384,
    ECDSA_SECP521R1_SHA512,
    ED25519
  };

  private final int code;
  private final String keyType;
  private final String algorithm;
  private final AlgorithmParameterSpec parameters;

  SignatureScheme(int code, String keyType, String algorithm, AlgorithmParameterSpec parameters) {
    this.code = code;
    this.keyType = keyType;
    this.algorithm = algorithm;
    this.parameters = parameters;
  }

  /** RFC 8446 §4.2.3: MGF1 with the same digest, salt as long as the digest. */
  private static AlgorithmParameterSpec pss(String digest, int saltBytes) {
    return new PSSParameterSpec(
        digest,
        "MGF1",
        new MGF1ParameterSpec(digest),
        saltBytes,
        PSSParameterSpec.TRAILER_FIELD_BC);
  }

  /** The scheme of a code point, or null. */
  static SignatureScheme of(int code) {
    for (SignatureScheme scheme : values()) {
      if (scheme.code == code) {
        return scheme;
      }
    }
    return null;
  }

  /** The key types for {@code X509KeyManager}, each once, in the order of the schemes. */
  static List<String> keyTypes(int[] codes) {
    List<String> types = new ArrayList<>();
    for (int code : codes) {
      SignatureScheme scheme = of(code);
      if (scheme != null && !types.contains(scheme.keyType)) {
        types.add(scheme.keyType);
      }
    }
    return types;
  }

  /** The JCA's names of the schemes, each once, in their order. */
  static String[] algorithms(int[] codes) {
    List<String> names = new ArrayList<>();
    for (int code : codes) {
      SignatureScheme scheme = of(code);
      String name = scheme != null ? scheme.algorithm : OTHERS.get(code);
      if (name != null && !names.contains(name)) {
        names.add(name);
      }
    }
    return names.toArray(new String[0]);
  }

  /**
   * What a server that asks for these takes in certificates, too. rustls tells a client of TLS 1.3
   * nothing of PKCS #1, which is for certificates alone there (RFC 8446 §4.2.3); who verifies PSS
   * with a hash is taken to verify PKCS #1 with it.
   */
  static int[] withCertificates(int[] codes) {
    List<SignatureScheme> asked = new ArrayList<>();
    for (int code : codes) {
      asked.add(of(code));
    }
    IntStream implied =
        Stream.of(RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512)
            .filter(scheme -> asked.contains(scheme.samePss()))
            .mapToInt(scheme -> scheme.code);
    return IntStream.concat(IntStream.of(codes), implied).distinct().toArray();
  }

  private SignatureScheme samePss() {
    switch (this) {
      case RSA_PKCS1_SHA256:
        return RSA_PSS_RSAE_SHA256;
      case RSA_PKCS1_SHA384:
        return RSA_PSS_RSAE_SHA384;
      default:
        return RSA_PSS_RSAE_SHA512;
    }
  }

  static String[] localAlgorithms() {
    return LOCAL.clone();
  }

  /** The names of those that the native side has. */
  static List<String> supported() {
    return Stream.of(SERVED).map(SignatureScheme::tlsName).collect(Collectors.toList());
  }

  /**
   * What {@code jdk.tls.client.SignatureSchemes} or {@code jdk.tls.server.SignatureSchemes} says
   * (JSSE Reference Guide, "Customizable System Properties"); null when it is not set.
   */
  static String systemProperty(boolean client) {
    return System.getProperty(
        client ? "jdk.tls.client.SignatureSchemes" : "jdk.tls.server.SignatureSchemes");
  }

  /** The names in a {@link #systemProperty}; null where it says nothing. */
  static List<String> ofProperty(String property) {
    String names = property == null ? "" : property.replace("\"", "").trim();
    return names.isEmpty()
        ? null
        : Stream.of(names.split(",")).map(String::trim).collect(Collectors.toList());
  }

  /**
   * The code points of those of the names that the native side has, in their order. As in the JDK,
   * others are left out.
   *
   * @param constraints what is permitted, or null for all
   */
  static int[] usable(List<String> names, AlgorithmConstraints constraints) {
    return names.stream()
        .flatMap(name -> Stream.of(SERVED).filter(scheme -> scheme.tlsName().equals(lower(name))))
        .filter(scheme -> constraints == null || scheme.isPermitted(constraints))
        .mapToInt(scheme -> scheme.code)
        .distinct()
        .toArray();
  }

  private boolean isPermitted(AlgorithmConstraints constraints) {
    Set<CryptoPrimitive> signature = Set.of(CryptoPrimitive.SIGNATURE);
    return constraints.permits(signature, tlsName(), null)
        && constraints.permits(signature, algorithm, null);
  }

  /** RFC 8446 §4.2.3: as the enum's constant, in lower case. */
  private String tlsName() {
    return lower(name());
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** The code points of those that a key can sign with, best first; for keys that stay in Java. */
  static int[] usableWith(PrivateKey key) {
    return Stream.of(SERVED)
        .filter(scheme -> scheme.keyType.equals(keyType(key)) && scheme.canSign(key))
        .mapToInt(scheme -> scheme.code)
        .toArray();
  }

  /** Providers name Ed25519 keys by either name. */
  private static String keyType(PrivateKey key) {
    String algorithm = key.getAlgorithm();
    return "Ed25519".equals(algorithm) ? ED25519.keyType : algorithm;
  }

  private boolean canSign(PrivateKey key) {
    try {
      signer(key);
      return true;
    } catch (GeneralSecurityException | RuntimeException e) {
      return false;
    }
  }

  /** Signs by whatever provider the key is of, so that it need not leave a token. */
  byte[] sign(PrivateKey key, byte[] message) throws GeneralSecurityException {
    Signature signature = signer(key);
    signature.update(message);
    return signature.sign();
  }

  /** Whether a certificate's key made the signature. */
  boolean verify(X509Certificate certificate, byte[] message, byte[] signed)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(algorithm);
    if (parameters != null) {
      signature.setParameter(parameters);
    }
    signature.initVerify(certificate.getPublicKey());
    signature.update(message);
    return signature.verify(signed);
  }

  /**
   * A signature that has begun. Setting parameters binds it to the first provider, which may not be
   * the key's: each is tried.
   */
  private Signature signer(PrivateKey key) throws GeneralSecurityException {
    if (parameters == null) {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      return signature;
    }
    GeneralSecurityException failure = null;
    for (Provider provider : Security.getProviders("Signature." + algorithm)) {
      try {
        Signature signature = Signature.getInstance(algorithm, provider);
        signature.setParameter(parameters);
        signature.initSign(key);
        return signature;
      } catch (GeneralSecurityException | ProviderException | UnsupportedOperationException e) {
        failure =
            e instanceof GeneralSecurityException
                ? (GeneralSecurityException) e
                : new SignatureException(e);
      }
    }
    throw failure == null ? new NoSuchAlgorithmException("No provider has " + algorithm) : failure;
  }
}
