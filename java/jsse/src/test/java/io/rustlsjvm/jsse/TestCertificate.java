package io.rustlsjvm.jsse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v1CertificateBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate of any shape, its key, and what it may sign. */
final class TestCertificate {
  /** Not installed: the JDK's judges must not come across it. */
  private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();

  private static final AtomicLong SERIALS = new AtomicLong(1);

  final X509Certificate certificate;
  final KeyPair keys;
  private final X500Name subject;

  private TestCertificate(X509Certificate certificate, KeyPair keys, X500Name subject) {
    this.certificate = certificate;
    this.keys = keys;
    this.subject = subject;
  }

  PrivateKey key() {
    return keys.getPrivate();
  }

  /** A self-signed CA with an EC key. */
  static TestCertificate root(String name) {
    return authority(name).selfSigned();
  }

  static Maker authority(String name) {
    return new Maker(name)
        .extension(Extension.basicConstraints, true, new BasicConstraints(true))
        .extension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
  }

  static Maker leaf(String name) {
    return new Maker(name);
  }

  TestCertificate intermediate(String name) {
    return authority(name).signedBy(this);
  }

  /** The same certificate with one bit of its signature changed. */
  TestCertificate bent() {
    try {
      byte[] der = certificate.getEncoded();
      der[der.length - 1] ^= 1;
      return new TestCertificate(parse(der), keys, subject);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static KeyPair newKeys(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether the JDK that runs this knows Ed25519, as all do since 15. */
  static boolean hasEd25519() {
    return Runtime.version().feature() >= 15;
  }

  static KeyPair ed25519() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate parse(byte[] der) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  /** What a certificate is to say. */
  static final class Maker {
    private static final class Entry {
      final ASN1ObjectIdentifier id;
      final boolean critical;
      final byte[] value;

      Entry(ASN1ObjectIdentifier id, boolean critical, byte[] value) {
        this.id = id;
        this.critical = critical;
        this.value = value;
      }
    }

    private final List<Entry> extensions = new ArrayList<>();
    private X500Name subject;
    private X500Name issuer;
    private KeyPair keys;
    private String signature;
    private BigInteger serial = BigInteger.valueOf(SERIALS.incrementAndGet());
    private Instant from = Instant.now().minus(Duration.ofDays(1));
    private Instant until = Instant.now().plus(Duration.ofDays(30));
    private boolean version1;
    private UnaryOperator<ASN1EncodableVector> change = fields -> fields;

    Maker(String name) {
      this.subject = new X500Name("CN=" + name);
    }

    Maker subject(X500Name name) {
      this.subject = name;
      return this;
    }

    /** Whom it names as its issuer, in place of the one who signs it. */
    Maker issuer(X500Name name) {
      this.issuer = name;
      return this;
    }

    Maker keys(KeyPair pair) {
      this.keys = pair;
      return this;
    }

    /** The JCA's name; where unset the one that fits the signer's key, with SHA-256. */
    Maker signature(String algorithm) {
      this.signature = algorithm;
      return this;
    }

    Maker serial(BigInteger number) {
      this.serial = number;
      return this;
    }

    Maker expired() {
      from = Instant.now().minus(Duration.ofDays(40));
      until = Instant.now().minus(Duration.ofDays(10));
      return this;
    }

    Maker notYetValid() {
      from = Instant.now().plus(Duration.ofDays(10));
      until = Instant.now().plus(Duration.ofDays(40));
      return this;
    }

    /** Without any extension. */
    Maker version1() {
      this.version1 = true;
      return this;
    }

    Maker extension(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
      try {
        return extension(id, critical, value.toASN1Primitive().getEncoded());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** In place of an extension of the same kind. */
    Maker extension(ASN1ObjectIdentifier id, boolean critical, byte[] value) {
      without(id);
      extensions.add(new Entry(id, critical, value));
      return this;
    }

    Maker without(ASN1ObjectIdentifier id) {
      extensions.removeIf(entry -> entry.id.equals(id));
      return this;
    }

    /** Changes the fields of what is signed, as no honest tool does. */
    Maker fields(UnaryOperator<ASN1EncodableVector> changed) {
      this.change = changed;
      return this;
    }

    TestCertificate selfSigned() {
      return make(null);
    }

    TestCertificate signedBy(TestCertificate signer) {
      return make(signer);
    }

    private TestCertificate make(TestCertificate signer) {
      KeyPair own = keys != null ? keys : newKeys("EC", 256);
      PrivateKey signing = signer == null ? own.getPrivate() : signer.key();
      X500Name by = issuer != null ? issuer : signer == null ? subject : signer.subject;
      try {
        ContentSigner made =
            new JcaContentSignerBuilder(algorithm(signing))
                .setProvider(BOUNCY_CASTLE)
                .build(signing);
        SubjectPublicKeyInfo spki = SubjectPublicKeyInfo.getInstance(own.getPublic().getEncoded());
        X509CertificateHolder holder;
        if (version1) {
          holder =
              new X509v1CertificateBuilder(
                      by, serial, Date.from(from), Date.from(until), subject, spki)
                  .build(made);
        } else {
          X509v3CertificateBuilder builder =
              new X509v3CertificateBuilder(
                  by, serial, Date.from(from), Date.from(until), subject, spki);
          for (Entry entry : extensions) {
            builder.addExtension(new Extension(entry.id, entry.critical, entry.value));
          }
          holder = builder.build(made);
        }
        byte[] der = signed(holder, made);
        return new TestCertificate(readable(der, own), own, subject);
      } catch (IOException | OperatorCreationException | GeneralSecurityException e) {
        throw new IllegalStateException(subject.toString(), e);
      }
    }

    private byte[] signed(X509CertificateHolder holder, ContentSigner signer) throws IOException {
      ASN1Sequence fields =
          ASN1Sequence.getInstance(
              holder.toASN1Structure().getTBSCertificate().toASN1Primitive().getEncoded());
      ASN1EncodableVector all = new ASN1EncodableVector();
      fields.forEach(all::add);
      byte[] tbs = new DERSequence(change.apply(all)).getEncoded();
      signer.getOutputStream().write(tbs);
      return new DERSequence(
              new ASN1Encodable[] {
                ASN1Sequence.getInstance(tbs),
                signer.getAlgorithmIdentifier(),
                new DERBitString(signer.getSignature())
              })
          .getEncoded();
    }

    /** The certificate as Java parses it, or, where Java refuses to, one that only shows it. */
    private X509Certificate readable(byte[] der, KeyPair own) throws GeneralSecurityException {
      try {
        return parse(der);
      } catch (CertificateException e) {
        X509Certificate plain = new Maker("plain").keys(own).selfSigned().certificate;
        return new ForwardingCertificate(plain) {
          private static final long serialVersionUID = 1L;

          @Override
          public byte[] getEncoded() {
            return der.clone();
          }
        };
      }
    }

    private String algorithm(PrivateKey signing) {
      if (signature != null) {
        return signature;
      }
      switch (signing.getAlgorithm()) {
        case "EC":
          return "SHA256withECDSA";
        case "RSA":
          return "SHA256withRSA";
        case "DSA":
          return "SHA256withDSA";
        default:
          return "Ed25519";
      }
    }
  }
}
