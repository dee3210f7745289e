package io.rustlsjvm.jsse;

import static io.rustlsjvm.jsse.TestCertificate.authority;
import static io.rustlsjvm.jsse.TestCertificate.leaf;
import static io.rustlsjvm.jsse.TestCertificate.newKeys;
import static io.rustlsjvm.jsse.TestCertificate.root;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Certificates of every shape that matters to who believes them. */
final class TrustCases {
  static final String ED25519 = "Ed25519 CA";

  private static final ASN1ObjectIdentifier UNKNOWN = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999");
  private static final ASN1ObjectIdentifier NETSCAPE_TYPE =
      new ASN1ObjectIdentifier("2.16.840.1.113730.1.1");

  private final List<TrustCase> cases = new ArrayList<>();
  private final TestCertificate root = root("root");
  private final TestCertificate middle = root.intermediate("intermediate");

  private TrustCases() {}

  /** Those that are the same for servers and clients. */
  static List<TrustCase> chains() {
    TrustCases made = new TrustCases();
    made.paths();
    made.validity();
    made.purposes();
    made.issuers();
    made.lengths();
    made.anchors();
    made.nameConstraints();
    made.storedLeaves();
    made.crossSigned();
    made.algorithms();
    made.extensions();
    made.encodings();
    return made.cases;
  }

  /** Those about the host that a client asks for. */
  static List<TrustCase> hosts() {
    TrustCases made = new TrustCases();
    made.hostNames();
    return made.cases;
  }

  private void add(String name, TestCertificate trusted, TestCertificate... shown) {
    cases.add(TrustCase.of(name, trusted, shown));
  }

  private void add(String name, List<TestCertificate> trusted, TestCertificate... shown) {
    cases.add(TrustCase.of(name, trusted, shown));
  }

  /** A leaf right under the trusted root. */
  private void addLeaf(String name, TestCertificate.Maker leaf) {
    add(name, root, leaf.signedBy(root));
  }

  /** A plain leaf under this intermediate, which is under the trusted root. */
  private void addMiddle(String name, TestCertificate.Maker intermediate) {
    TestCertificate made = intermediate.signedBy(root);
    add(name, root, leaf("node").signedBy(made), made);
  }

  /** A plain leaf under this trusted certificate. */
  private void addAnchor(String name, TestCertificate.Maker anchor) {
    TestCertificate made = anchor.selfSigned();
    add(name, made, leaf("node").signedBy(made));
  }

  private void paths() {
    TestCertificate node = leaf("node").signedBy(middle);
    addLeaf("leaf under a trusted root", leaf("node"));
    add("leaf, intermediate, trusted root", root, node, middle);
    add("leaf, root, intermediate: out of order", root, node, root, middle);
    add("the intermediate is not sent", root, node);
    add("the intermediate is trusted, its root is not", middle, node);
    add("the intermediate is trusted and sent, its root is not", middle, node, middle);
    add("leaf of an unknown CA", root, leaf("node").signedBy(root("other")));
    add(
        "leaf of an unknown CA of the trusted one's name",
        root,
        leaf("node").signedBy(root("root")));
    add("signature with a flipped bit", root, leaf("node").signedBy(root).bent());
    add("intermediate whose signature has a flipped bit", root, node, middle.bent());
    add(
        "unrelated certificates beside the chain",
        root,
        node,
        root("a"),
        leaf("b").selfSigned(),
        middle,
        root("c"));
    add(
        "another intermediate of the same name first",
        root,
        node,
        root.intermediate("intermediate"),
        middle);
  }

  private void validity() {
    addLeaf("expired leaf", leaf("node").expired());
    addLeaf("leaf that is not valid yet", leaf("node").notYetValid());
    addMiddle("expired intermediate", authority("intermediate").expired());
    addMiddle("intermediate that is not valid yet", authority("intermediate").notYetValid());
    addAnchor("expired root", authority("old").expired());
    addAnchor("root that is not valid yet", authority("new").notYetValid());
  }

  private void purposes() {
    addLeaf("extendedKeyUsage serverAuth", usages(KeyPurposeId.id_kp_serverAuth));
    addLeaf("extendedKeyUsage clientAuth", usages(KeyPurposeId.id_kp_clientAuth));
    addLeaf(
        "extendedKeyUsage serverAuth, clientAuth",
        usages(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth));
    addLeaf("extendedKeyUsage any", usages(KeyPurposeId.anyExtendedKeyUsage));
    addLeaf("extendedKeyUsage codeSigning", usages(KeyPurposeId.id_kp_codeSigning));
    addMiddle(
        "intermediate with extendedKeyUsage serverAuth, clientAuth",
        authority("intermediate")
            .extension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(
                    new KeyPurposeId[] {
                      KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                    })));
    addMiddle(
        "intermediate with extendedKeyUsage codeSigning",
        authority("intermediate")
            .extension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_codeSigning)));
    addLeaf("keyUsage digitalSignature", keyUsage(KeyUsage.digitalSignature));
    addLeaf("keyUsage keyEncipherment", keyUsage(KeyUsage.keyEncipherment));
    addLeaf("keyUsage keyAgreement", keyUsage(KeyUsage.keyAgreement));
    addLeaf("keyUsage keyCertSign", keyUsage(KeyUsage.keyCertSign));
    addLeaf("keyUsage nonRepudiation", keyUsage(KeyUsage.nonRepudiation));
    addLeaf("netscape-cert-type server", netscape(0x40, 6));
    addLeaf("netscape-cert-type client", netscape(0x80, 7));
    addLeaf("netscape-cert-type client, server", netscape(0xc0, 6));
    addLeaf(
        "leaf with CA:TRUE",
        leaf("node").extension(Extension.basicConstraints, true, new BasicConstraints(true)));
    addLeaf(
        "leaf with CA:FALSE",
        leaf("node").extension(Extension.basicConstraints, true, new BasicConstraints(false)));
  }

  private static TestCertificate.Maker usages(KeyPurposeId... purposes) {
    return leaf("node")
        .extension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
  }

  private static TestCertificate.Maker keyUsage(int bits) {
    return leaf("node").extension(Extension.keyUsage, true, new KeyUsage(bits));
  }

  private static TestCertificate.Maker netscape(int bits, int unused) {
    return leaf("node")
        .extension(NETSCAPE_TYPE, false, new DERBitString(new byte[] {(byte) bits}, unused));
  }

  private void issuers() {
    addMiddle(
        "intermediate without basicConstraints",
        authority("intermediate").without(Extension.basicConstraints));
    addMiddle(
        "intermediate with CA:FALSE",
        authority("intermediate")
            .extension(Extension.basicConstraints, true, new BasicConstraints(false)));
    addMiddle("intermediate of X.509 version 1", authority("intermediate").version1());
    addMiddle(
        "intermediate without keyUsage", authority("intermediate").without(Extension.keyUsage));
    addMiddle(
        "intermediate whose keyUsage lacks keyCertSign",
        authority("intermediate")
            .extension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)));
    addMiddle(
        "intermediate with a netscape-cert-type of servers",
        authority("intermediate")
            .extension(NETSCAPE_TYPE, false, new DERBitString(new byte[] {0x40}, 6)));
  }

  private void lengths() {
    TestCertificate zero =
        authority("zero")
            .extension(Extension.basicConstraints, true, new BasicConstraints(0))
            .signedBy(root);
    add("pathLen 0, leaf right below", root, leaf("node").signedBy(zero), zero);
    TestCertificate below = zero.intermediate("below");
    add("pathLen 0, another CA below", root, leaf("node").signedBy(below), below, zero);
    TestCertificate short0 =
        authority("short")
            .extension(Extension.basicConstraints, true, new BasicConstraints(0))
            .selfSigned();
    TestCertificate under = short0.intermediate("under");
    add("trusted root of pathLen 0, a CA below", short0, leaf("node").signedBy(under), under);
    for (int count : new int[] {5, 6, 7}) {
      TestCertificate last = root;
      List<TestCertificate> shown = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        last = last.intermediate("intermediate " + i);
        shown.add(0, last);
      }
      shown.add(0, leaf("node").signedBy(last));
      add(count + " intermediates", root, shown.toArray(new TestCertificate[0]));
    }
  }

  private void anchors() {
    addAnchor("trusted root of X.509 version 1", authority("root v1").version1());
    addAnchor(
        "trusted root without basicConstraints",
        authority("root").without(Extension.basicConstraints));
    addAnchor(
        "trusted root whose keyUsage lacks keyCertSign",
        authority("root")
            .extension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)));
    addAnchor(
        "trusted root with extendedKeyUsage codeSigning",
        authority("root")
            .extension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_codeSigning)));
    addAnchor(
        "trusted root with an unknown critical extension",
        authority("root").extension(UNKNOWN, true, DERNull.INSTANCE));
    addAnchor(
        "trusted root that permits other names alone",
        authority("root")
            .extension(
                Extension.nameConstraints,
                true,
                permitted(new GeneralName(GeneralName.directoryName, "O=Other"))));
    TestCertificate constrained =
        authority("root")
            .extension(Extension.nameConstraints, true, permitted(dns("example.org")))
            .selfSigned();
    add(
        "trusted root that permits other DNS names alone",
        constrained,
        names(dns("node.example.com")).signedBy(constrained));
    TestCertificate plain = leaf("leaf").selfSigned();
    add("signed by a trusted leaf", plain, leaf("node").signedBy(plain));
    add("signed by a trusted leaf, which is sent", plain, leaf("node").signedBy(plain), plain);
  }

  private static NameConstraints permitted(GeneralName... names) {
    return new NameConstraints(subtrees(names), null);
  }

  private static NameConstraints excluded(GeneralName... names) {
    return new NameConstraints(null, subtrees(names));
  }

  private static GeneralSubtree[] subtrees(GeneralName[] names) {
    GeneralSubtree[] subtrees = new GeneralSubtree[names.length];
    for (int i = 0; i < names.length; i++) {
      subtrees[i] = new GeneralSubtree(names[i]);
    }
    return subtrees;
  }

  private static GeneralName dns(String name) {
    return new GeneralName(GeneralName.dNSName, name);
  }

  private static GeneralName ip(String address) {
    return new GeneralName(GeneralName.iPAddress, address);
  }

  private static TestCertificate.Maker names(GeneralName... names) {
    return leaf("node").extension(Extension.subjectAlternativeName, false, new GeneralNames(names));
  }

  private void nameConstraints() {
    GeneralName inside = dns("node.example.org");
    GeneralName outside = dns("node.example.com");
    constrained("permitted DNS, inside", permitted(dns("example.org")), names(inside));
    constrained("permitted DNS, outside", permitted(dns("example.org")), names(outside));
    constrained(
        "permitted DNS, one name outside", permitted(dns("example.org")), names(inside, outside));
    constrained("excluded DNS, inside", excluded(dns("example.org")), names(inside));
    constrained("excluded DNS, outside", excluded(dns("example.org")), names(outside));
    constrained(
        "permitted DNS, wildcard", permitted(dns("example.org")), names(dns("*.example.org")));
    constrained(
        "excluded DNS, wildcard around it",
        excluded(dns("node.example.org")),
        names(dns("*.example.org")));
    constrained(
        "permitted DNS, a common name outside",
        permitted(dns("example.org")),
        leaf("node.example.com"));
    constrained(
        "permitted DNS, a common name inside",
        permitted(dns("example.org")),
        leaf("node.example.org"));
    constrained(
        "permitted DNS, an address beside",
        permitted(dns("example.org")),
        names(inside, ip("10.0.0.7")));
    constrained("permitted IP, inside", permitted(ip("10.0.0.0/8")), names(ip("10.0.0.7")));
    constrained("permitted IP, outside", permitted(ip("10.0.0.0/8")), names(ip("192.168.0.7")));
    constrained("excluded IP, inside", excluded(ip("10.0.0.0/8")), names(ip("10.0.0.7")));
    GeneralName directory = new GeneralName(GeneralName.directoryName, "O=Flink");
    constrained(
        "permitted directory name, inside",
        permitted(directory),
        names(inside).subject(new X500Name("O=Flink,CN=node")));
    constrained(
        "permitted directory name, outside",
        permitted(directory),
        names(inside).subject(new X500Name("O=Other,CN=node")));
    constrained(
        "excluded directory name, inside",
        excluded(directory),
        names(inside).subject(new X500Name("O=Flink,CN=node")));
    constrained(
        "excluded directory name, outside",
        excluded(directory),
        names(inside).subject(new X500Name("O=Other,CN=node")));
    GeneralName mail = new GeneralName(GeneralName.rfc822Name, "example.org");
    constrained("permitted mail addresses, none there", permitted(mail), names(inside));
    constrained(
        "permitted mail addresses, outside",
        permitted(mail),
        names(new GeneralName(GeneralName.rfc822Name, "node@example.com")));
    constrained(
        "permitted URIs, outside",
        permitted(new GeneralName(GeneralName.uniformResourceIdentifier, ".example.org")),
        names(new GeneralName(GeneralName.uniformResourceIdentifier, "spiffe://example.com/node")));
  }

  private void constrained(String name, NameConstraints constraints, TestCertificate.Maker node) {
    TestCertificate ca =
        authority("constrained")
            .extension(Extension.nameConstraints, true, constraints)
            .signedBy(root);
    add("name constraints: " + name, root, node.signedBy(ca), ca);
  }

  private void storedLeaves() {
    TestCertificate own = leaf("node").selfSigned();
    add("self-signed leaf, in the store", own, own);
    add("self-signed leaf, not in the store", root, own);
    add("self-signed leaf of a trusted CA's name", root, leaf("root").selfSigned());
    TestCertificate old = leaf("node").expired().selfSigned();
    add("expired self-signed leaf, in the store", old, old);
    TestCertificate early = leaf("node").notYetValid().selfSigned();
    add("self-signed leaf that is not valid yet, in the store", early, early);
    TestCertificate version1 = leaf("node").version1().selfSigned();
    add("self-signed leaf of X.509 version 1, in the store", version1, version1);
    TestCertificate ca = root("node");
    add("self-signed leaf with CA:TRUE, in the store", ca, ca);
    add("self-signed leaf with CA:TRUE, not in the store", root, ca);
    TestCertificate foreign = root("foreign");
    TestCertificate issued = leaf("node").signedBy(foreign);
    add("leaf in the store, its CA unknown", issued, issued);
    add("leaf in the store, its unknown CA sent along", issued, issued, foreign);
    TestCertificate expired = leaf("node").expired().signedBy(foreign);
    add("expired leaf in the store, its CA unknown", expired, expired);
    TestCertificate wrong = usages(KeyPurposeId.id_kp_codeSigning).selfSigned();
    add("leaf in the store, extendedKeyUsage codeSigning", wrong, wrong);
    TestCertificate critical = leaf("node").extension(UNKNOWN, true, DERNull.INSTANCE).selfSigned();
    add("leaf in the store, unknown critical extension", critical, critical);
    TestCertificate renewed = leaf("node").keys(own.keys).selfSigned();
    add("renewed leaf of a stored one's name and key", own, renewed);
    add(
        "renewed leaf of a stored one's name and key, expired",
        own,
        leaf("node").keys(own.keys).expired().selfSigned());
    add(
        "renewed leaf of a stored one's name and key, extendedKeyUsage codeSigning",
        own,
        usages(KeyPurposeId.id_kp_codeSigning).keys(own.keys).selfSigned());
    add(
        "renewed leaf of a stored one's name and key, keyUsage keyEncipherment",
        own,
        keyUsage(KeyUsage.keyEncipherment).keys(own.keys).selfSigned());
    add(
        "renewed leaf of a stored one's name and key, unknown critical extension",
        own,
        leaf("node").keys(own.keys).extension(UNKNOWN, true, DERNull.INSTANCE).selfSigned());
    add(
        "renewed leaf of a stored one's name and key, signed by a stranger",
        own,
        leaf("node").keys(own.keys).signedBy(foreign));
    add("leaf of a stored one's name, another key", own, leaf("node").selfSigned());
    add("leaf of a stored one's key, another name", own, leaf("other").keys(own.keys).selfSigned());
    add(
        "renewed leaf of a trusted CA's name and key",
        root,
        leaf("root").keys(root.keys).selfSigned());
    TestCertificate expiredUnderKnown = leaf("node").expired().signedBy(root);
    add(
        "expired leaf in the store beside its CA",
        List.of(root, expiredUnderKnown),
        expiredUnderKnown);
    add("trusted root shown as a leaf", root, root);
  }

  private void crossSigned() {
    TestCertificate old = root("old root");
    KeyPair keys = newKeys("EC", 256);
    TestCertificate fresh = authority("new root").keys(keys).selfSigned();
    TestCertificate cross = authority("new root").keys(keys).signedBy(old);
    TestCertificate node = leaf("node").signedBy(fresh);
    add("cross-signed, old root trusted", old, node, cross);
    add("cross-signed, old root trusted, all sent", old, node, fresh, cross, old);
    add("cross-signed, new root trusted", fresh, node, cross);
    add("cross-signed, both roots trusted", List.of(old, fresh), node, cross);
    add(
        "cross-signed by an expired certificate, new root trusted",
        fresh,
        node,
        authority("new root").keys(keys).expired().signedBy(old));
    add(
        "cross-signed by an expired certificate, old root trusted",
        old,
        node,
        authority("new root").keys(keys).expired().signedBy(old));
    KeyPair one = newKeys("EC", 256);
    TestCertificate a = authority("a").keys(one).selfSigned();
    TestCertificate b = authority("b").signedBy(a);
    TestCertificate loop = authority("a").keys(one).signedBy(b);
    add(
        "two CAs that vouch for each other, neither trusted",
        root,
        leaf("node").signedBy(b),
        b,
        loop);
    add("the CA's key changed: new one signed by the old one of the same name", root, keyChange());
  }

  private TestCertificate[] keyChange() {
    TestCertificate next = authority("root").signedBy(root);
    return new TestCertificate[] {leaf("node").signedBy(next), next};
  }

  private void algorithms() {
    KeyPair rsa = newKeys("RSA", 2048);
    KeyPair small = newKeys("RSA", 1024);
    TestCertificate rsaRoot = authority("rsa root").keys(rsa).selfSigned();
    TestCertificate smallRoot = authority("small root").keys(small).selfSigned();
    add("SHA-1 signature", rsaRoot, leaf("node").signature("SHA1withRSA").signedBy(rsaRoot));
    add("SHA-1 signature (ECDSA)", root, leaf("node").signature("SHA1withECDSA").signedBy(root));
    TestCertificate sha1 = authority("sha1").signature("SHA1withRSA").signedBy(rsaRoot);
    add("intermediate with a SHA-1 signature", rsaRoot, leaf("node").signedBy(sha1), sha1);
    add("MD5 signature", rsaRoot, leaf("node").signature("MD5withRSA").signedBy(rsaRoot));
    TestCertificate sha1Root =
        authority("sha1 root").keys(rsa).signature("SHA1withRSA").selfSigned();
    add("trusted root signed with SHA-1", sha1Root, leaf("node").signedBy(sha1Root));
    TestCertificate sha1Leaf = leaf("node").keys(rsa).signature("SHA1withRSA").selfSigned();
    add("self-signed leaf with SHA-1, in the store", sha1Leaf, sha1Leaf);
    addLeaf("RSA-1024 leaf", leaf("node").keys(small));
    TestCertificate smallMiddle = authority("small").keys(small).signedBy(root);
    add("RSA-1024 intermediate", root, leaf("node").signedBy(smallMiddle), smallMiddle);
    add("RSA-1024 trusted root", smallRoot, leaf("node").signedBy(smallRoot));
    TestCertificate smallOwn = leaf("node").keys(small).selfSigned();
    add("RSA-1024 leaf, in the store", smallOwn, smallOwn);
    add(
        "SHA-384 signature (RSA)",
        rsaRoot,
        leaf("node").signature("SHA384withRSA").signedBy(rsaRoot));
    add(
        "SHA-512 signature (RSA)",
        rsaRoot,
        leaf("node").signature("SHA512withRSA").signedBy(rsaRoot));
    add(
        "SHA-224 signature (RSA)",
        rsaRoot,
        leaf("node").signature("SHA224withRSA").signedBy(rsaRoot));
    add(
        "RSASSA-PSS signature",
        rsaRoot,
        leaf("node").signature("SHA256WITHRSAANDMGF1").signedBy(rsaRoot));
    add(
        "SHA-512 signature (ECDSA P-256)",
        root,
        leaf("node").signature("SHA512withECDSA").signedBy(root));
    for (int bits : new int[] {384, 521}) {
      TestCertificate ca = authority("p" + bits).keys(newKeys("EC", bits)).selfSigned();
      add("P-" + bits + " CA, SHA-256 signature", ca, leaf("node").signedBy(ca));
      add(
          "P-" + bits + " CA, SHA-" + (bits == 384 ? 384 : 512) + " signature",
          ca,
          leaf("node").signature("SHA" + (bits == 384 ? 384 : 512) + "withECDSA").signedBy(ca));
    }
    if (TestCertificate.hasEd25519()) {
      TestCertificate edwards = authority("ed25519").keys(TestCertificate.ed25519()).selfSigned();
      add(ED25519, edwards, leaf("node").signedBy(edwards));
    }
    TestCertificate dsa = authority("dsa").keys(newKeys("DSA", 2048)).selfSigned();
    add("DSA CA", dsa, leaf("node").signedBy(dsa));
  }

  private void extensions() {
    addLeaf("unknown critical extension", leaf("node").extension(UNKNOWN, true, DERNull.INSTANCE));
    addLeaf("unknown extension", leaf("node").extension(UNKNOWN, false, DERNull.INSTANCE));
    addMiddle(
        "intermediate with an unknown critical extension",
        authority("intermediate").extension(UNKNOWN, true, DERNull.INSTANCE));
    ASN1Encodable policies =
        new CertificatePolicies(new PolicyInformation(new ASN1ObjectIdentifier("1.3.6.1.4.1.9.9")));
    addLeaf(
        "critical certificatePolicies",
        leaf("node").extension(Extension.certificatePolicies, true, policies));
    addLeaf(
        "certificatePolicies",
        leaf("node").extension(Extension.certificatePolicies, false, policies));
    for (boolean critical : new boolean[] {true, false}) {
      String how = critical ? "critical " : "";
      ASN1Encodable explicit = new DERSequence(new DERTaggedObject(false, 0, new ASN1Integer(0)));
      addMiddle(
          "intermediate with " + how + "policyConstraints, no policy",
          authority("intermediate").extension(Extension.policyConstraints, critical, explicit));
      addMiddle(
          "intermediate with " + how + "inhibitAnyPolicy",
          authority("intermediate")
              .extension(Extension.inhibitAnyPolicy, critical, new ASN1Integer(0)));
      addLeaf(
          how + "policyConstraints in the leaf, no policy",
          leaf("node").extension(Extension.policyConstraints, critical, explicit));
    }
    ASN1Encodable mapping =
        new DERSequence(
            new DERSequence(
                new ASN1Encodable[] {
                  new ASN1ObjectIdentifier("2.5.29.32.0"),
                  new ASN1ObjectIdentifier("1.3.6.1.4.1.9.9")
                }));
    addMiddle(
        "intermediate with a mapping of anyPolicy",
        authority("intermediate").extension(Extension.policyMappings, false, mapping));
    TestCertificate strict =
        authority("strict")
            .extension(
                Extension.policyConstraints,
                false,
                new DERSequence(new DERTaggedObject(false, 0, new ASN1Integer(0))))
            .extension(Extension.certificatePolicies, false, policies)
            .signedBy(root);
    add(
        "policyConstraints, and the policies that they ask for",
        root,
        leaf("node").extension(Extension.certificatePolicies, false, policies).signedBy(strict),
        strict);
    ASN1Encodable points =
        new CRLDistPoint(
            new DistributionPoint[] {
              new DistributionPoint(
                  new DistributionPointName(
                      new GeneralNames(
                          new GeneralName(
                              GeneralName.uniformResourceIdentifier, "http://crl.example.org"))),
                  null,
                  null)
            });
    addLeaf(
        "critical cRLDistributionPoints",
        leaf("node").extension(Extension.cRLDistributionPoints, true, points));
    addLeaf(
        "cRLDistributionPoints",
        leaf("node").extension(Extension.cRLDistributionPoints, false, points));
    addMiddle(
        "intermediate with critical cRLDistributionPoints",
        authority("intermediate").extension(Extension.cRLDistributionPoints, true, points));
    addLeaf(
        "nameConstraints in the leaf",
        leaf("node").extension(Extension.nameConstraints, true, permitted(dns("example.org"))));
    addLeaf("an unknown extension twice", twice(leaf("node"), UNKNOWN));
    addLeaf("a keyUsage twice", twice(keyUsage(KeyUsage.digitalSignature), Extension.keyUsage));
    addMiddle("intermediate with an unknown extension twice", twice(authority("twice"), UNKNOWN));
    addLeaf(
        "authorityKeyIdentifier of another key",
        leaf("node")
            .extension(
                Extension.authorityKeyIdentifier,
                false,
                new AuthorityKeyIdentifier(new byte[] {1, 2, 3})));
    addLeaf(
        "names in a critical extension, no subject",
        names(dns("node.example.org"))
            .subject(new X500Name(new RDN[0]))
            .extension(
                Extension.subjectAlternativeName, true, new GeneralNames(dns("node.example.org"))));
    addLeaf(
        "malformed keyUsage",
        leaf("node").extension(Extension.keyUsage, true, new byte[] {0x04, 0x01, 0x00}));
    addLeaf(
        "malformed extendedKeyUsage",
        leaf("node").extension(Extension.extendedKeyUsage, false, new byte[] {0x04, 0x01, 0x00}));
    addLeaf(
        "malformed basicConstraints",
        leaf("node").extension(Extension.basicConstraints, true, new byte[] {0x04, 0x01, 0x00}));
    addLeaf(
        "malformed certificatePolicies",
        leaf("node").extension(Extension.certificatePolicies, true, new byte[] {0x04, 0x01, 0x00}));
    addLeaf(
        "malformed subjectAltName",
        leaf("node")
            .extension(Extension.subjectAlternativeName, false, new byte[] {0x30, 0x02, 0x05}));
  }

  /** With another extension of this kind, which allows everything, at the end. */
  private static TestCertificate.Maker twice(TestCertificate.Maker once, ASN1ObjectIdentifier id) {
    try {
      Extension more =
          id.equals(UNKNOWN)
              ? new Extension(id, false, DERNull.INSTANCE.getEncoded())
              : new Extension(id, true, new KeyUsage(0xff).getEncoded());
      if (id.equals(UNKNOWN)) {
        once.extension(id, false, DERNull.INSTANCE);
      }
      return once.fields(
          fields -> {
            ASN1EncodableVector changed = new ASN1EncodableVector();
            for (int i = 0; i < fields.size() - 1; i++) {
              changed.add(fields.get(i));
            }
            ASN1TaggedObject last = ASN1TaggedObject.getInstance(fields.get(fields.size() - 1));
            ASN1EncodableVector extensions = new ASN1EncodableVector();
            ASN1Sequence.getInstance(last.getExplicitBaseObject()).forEach(extensions::add);
            extensions.add(more);
            changed.add(new DERTaggedObject(true, 3, new DERSequence(extensions)));
            return changed;
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void encodings() {
    addLeaf("serial number 0", leaf("node").serial(BigInteger.ZERO));
    addLeaf("negative serial number", leaf("node").serial(BigInteger.valueOf(-5)));
    addLeaf("serial number of 25 octets", leaf("node").serial(BigInteger.ONE.shiftLeft(195)));
    addLeaf("issuer's name as PrintableString", leaf("node").issuer(printable("root")));
    addLeaf("issuer's name in capitals", leaf("node").issuer(new X500Name("CN=ROOT")));
    addLeaf("leaf of X.509 version 1", leaf("node").version1());
    addLeaf(
        "leaf of X.509 version 1 with extensions",
        keyUsage(KeyUsage.digitalSignature)
            .fields(
                fields -> {
                  ASN1EncodableVector changed = new ASN1EncodableVector();
                  for (int i = 1; i < fields.size(); i++) {
                    changed.add(fields.get(i));
                  }
                  return changed;
                }));
    addLeaf(
        "leaf that names another signature algorithm inside",
        leaf("node")
            .fields(
                fields -> {
                  ASN1EncodableVector changed = new ASN1EncodableVector();
                  for (int i = 0; i < fields.size(); i++) {
                    changed.add(
                        i == 2
                            ? new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA512)
                            : fields.get(i));
                  }
                  return changed;
                }));
    TestCertificate v1 = leaf("node").version1().expired().signedBy(root);
    add("expired leaf of X.509 version 1", root, v1);
    TestCertificate underMiddle = leaf("node").version1().signedBy(middle);
    add("leaf of X.509 version 1 under an intermediate", root, underMiddle, middle);
  }

  private static X500Name printable(String name) {
    return new X500Name(
        new RDN[] {new RDN(new AttributeTypeAndValue(BCStyle.CN, new DERPrintableString(name)))});
  }

  private void hostNames() {
    String asked = "node.example.org";
    host("the name itself", asked, names(dns(asked)));
    host("the name in capitals", "NODE.example.org", names(dns("node.EXAMPLE.org")));
    host("another name", asked, names(dns("other.example.org")));
    host("second of two names", asked, names(dns("other.example.org"), dns(asked)));
    host("name without a dot", "node1", names(dns("node1")));
    host("wildcard", asked, names(dns("*.example.org")));
    host("wildcard for two labels", "a.node.example.org", names(dns("*.example.org")));
    host("wildcard for the domain itself", "example.org", names(dns("*.example.org")));
    host("wildcard for a part of a label", asked, names(dns("n*.example.org")));
    host("wildcard in the middle", asked, names(dns("node.*.org")));
    host("wildcard for a top-level domain", "example.org", names(dns("*.org")));
    host("wildcard for everything", "node", names(dns("*")));
    host("host with a dot at its end", asked + ".", names(dns(asked)));
    host("certificate with a dot at its end", asked, names(dns(asked + ".")));
    host("common name, no alternative names", asked, leaf(asked));
    host(
        "common name, other alternative names",
        asked,
        names(dns("other.example.org")).subject(new X500Name("CN=" + asked)));
    host(
        "common name, a mail address beside",
        asked,
        names(new GeneralName(GeneralName.rfc822Name, "a@example.org"))
            .subject(new X500Name("CN=" + asked)));
    host(
        "common name, an address beside",
        asked,
        names(ip("10.0.0.7")).subject(new X500Name("CN=" + asked)));
    host("IPv4 address", "10.0.0.7", names(ip("10.0.0.7")));
    host("another IPv4 address", "10.0.0.8", names(ip("10.0.0.7")));
    host("IPv4 address as a DNS name", "10.0.0.7", names(dns("10.0.0.7")));
    host("IPv4 address as the common name", "10.0.0.7", leaf("10.0.0.7"));
    host("IPv6 address", "fe80::7", names(ip("fe80::7")));
    host("IPv6 address in brackets", "[fe80::7]", names(ip("fe80::7")));
    host("IPv6 address written at length", "fe80:0:0:0:0:0:0:7", names(ip("fe80::7")));
    host("another IPv6 address", "fe80::8", names(ip("fe80::7")));
    host("IPv4 address mapped to IPv6", "10.0.0.7", names(ip("::ffff:10.0.0.7")));
    host("IDN in Punycode", "xn--bcher-kva.example", names(dns("xn--bcher-kva.example")));
    host("IDN in Unicode", "b\u00fccher.example", names(dns("xn--bcher-kva.example")));
    host("IDN, another one", "b\u00fccher.example", names(dns("xn--bucher-kva.example")));
    host("IDN under a wildcard", "xn--bcher-kva.example.org", names(dns("*.example.org")));
    host(
        "IDN with a wildcard in its Punycode",
        "xn--bcher-kva.example",
        names(dns("xn--*.example")));
    host("underscore", "job_manager", names(dns("job_manager")));
    host("underscore under a wildcard", "job_manager.example.org", names(dns("*.example.org")));
    host("hyphen at an end", "node-.example.org", names(dns("node-.example.org")));
    host("a space in the certificate", asked, names(dns(" " + asked)));
    host("an empty name beside", asked, names(dns(""), dns(asked)));
    host("a NUL in the certificate", asked, names(dns(asked + "\0.evil.example")));
    host(
        "an URI of that host",
        asked,
        names(new GeneralName(GeneralName.uniformResourceIdentifier, "https://" + asked)));
    TestCertificate own = leaf("other").selfSigned();
    cases.add(TrustCase.of("host: stored leaf without names", own, own).askedFor(asked));
    TestCertificate named = names(dns(asked)).selfSigned();
    cases.add(TrustCase.of("host: stored leaf with the name", named, named).askedFor(asked));
    TestCertificate foreign = names(dns("other.example.org")).selfSigned();
    cases.add(
        TrustCase.of("host: stored leaf with another name", foreign, foreign).askedFor(asked));
  }

  private void host(String name, String asked, TestCertificate.Maker node) {
    cases.add(TrustCase.of("host: " + name, root, node.signedBy(root)).askedFor(asked));
  }
}
