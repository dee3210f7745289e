package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PBMAC1Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.pkcs.PKCS12PfxPduBuilder;
import org.bouncycastle.pkcs.bc.BcPKCS12PBMac1CalculatorBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS12SafeBagBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stores as the tools make them, each loaded by the JDK too: the same chain, the same trusted
 * certificates, and a key that the JDK's TLS recognises in a handshake.
 */
class StoreCorpusTest {
  private static final String PASSWORD = "store-password";
  private static final String KEY_PASSWORD = "key-password";

  @TempDir static Path folder;
  private static TestCertificate root;
  private static TestCertificate middle;
  private static TestCertificate node;

  @BeforeAll
  static void makeChain() throws Exception {
    root = TestCertificate.root("root");
    middle = root.intermediate("intermediate");
    node = TestCertificate.leaf("node").signedBy(middle);
    writePem("chain.pem", "CERTIFICATE", node, middle, root);
    writePem("shuffled.pem", "CERTIFICATE", root, node, middle);
    writePem("root.pem", "CERTIFICATE", root);
    Files.writeString(folder.resolve("node.key"), pem("PRIVATE KEY", node.key().getEncoded()));
  }

  private static void writePem(String file, String label, TestCertificate... certificates)
      throws Exception {
    StringBuilder text = new StringBuilder();
    for (TestCertificate certificate : certificates) {
      text.append(pem(label, certificate.certificate.getEncoded()));
    }
    Files.writeString(folder.resolve(file), text);
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + java.util.Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  private static void run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as("%s: %s", Arrays.asList(command), output).isZero();
  }

  private static void keytool(Path tool, String words) throws Exception {
    run(
        Stream.concat(
                Stream.of(tool.toString(), "-J-XX:TieredStopAtLevel=1"),
                Stream.of(words.split(" +")))
            .toArray(String[]::new));
  }

  private static void openssl(String words) throws Exception {
    run(Stream.concat(Stream.of("openssl"), Stream.of(words.split(" +"))).toArray(String[]::new));
  }

  /** This JDK's, and those of others that lie beside it. */
  private static Set<Path> keytools() throws IOException {
    Path own = Paths.get(System.getProperty("java.home")).toRealPath();
    Set<Path> tools = new LinkedHashSet<>(List.of(own.resolve("bin/keytool")));
    try (Stream<Path> others = Files.list(own.getParent())) {
      for (Path other : others.collect(Collectors.toList())) {
        Path tool = other.resolve("bin/keytool");
        if (Files.isExecutable(tool)) {
          tools.add(other.toRealPath().resolve("bin/keytool"));
        }
      }
    }
    return tools;
  }

  private static KeyStore byJava(String file, String type) throws Exception {
    KeyStore store = KeyStore.getInstance(type);
    try (InputStream in = Files.newInputStream(folder.resolve(file))) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  private static NativeStore keystore(String file, String password) throws StoreException {
    return NativeStore.readKeystore(
        folder.resolve(file).toString(), null, PASSWORD.toCharArray(), password.toCharArray());
  }

  private static NativeStore truststore(String file) throws StoreException {
    return NativeStore.readTruststore(
        folder.resolve(file).toString(), null, PASSWORD.toCharArray());
  }

  private static X509KeyManager managerOf(KeyStore store, String password) throws Exception {
    KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
    factory.init(store, password.toCharArray());
    return (X509KeyManager) factory.getKeyManagers()[0];
  }

  /** What the JDK's clients would get from a server with this store. */
  private static X509Certificate[] chosenByJava(KeyStore store, String password) throws Exception {
    X509KeyManager manager = managerOf(store, password);
    for (String type : new String[] {"EC", "EdDSA", "RSA"}) {
      String alias = manager.chooseServerAlias(type, null, null);
      if (alias != null) {
        return manager.getCertificateChain(alias);
      }
    }
    throw new AssertionError("no key");
  }

  /** The same key with the same chain, and the same trusted certificates. */
  private static void compareKeystore(String file, String type, String keyPassword)
      throws Exception {
    KeyStore byJava = byJava(file, type);
    try (NativeStore store = keystore(file, keyPassword)) {
      X509Certificate[] chain = chosenByJava(byJava, keyPassword);
      assertThat(store.certificateChain()).as(file).containsExactly(chain);
      // The key is that of the certificate, or the JDK's client would not end the handshake.
      SSLContext servers = new RustlsContextBuilder().keystore(store).build();
      handshake(servers, chain[0]);
    }
    compareTruststore(file, type);
  }

  private static void handshake(SSLContext servers, X509Certificate leaf) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("leaf", leaf);
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX", "SunJSSE");
    factory.init(trusted);
    SSLContext clients = SSLContext.getInstance("TLS", "SunJSSE");
    clients.init(null, factory.getTrustManagers(), null);
    EnginePair.of(clients, servers).handshake().exchange();
  }

  private static void compareTruststore(String file, String type) throws Exception {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX", "SunJSSE");
    factory.init(byJava(file, type));
    X509Certificate[] trusted =
        ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers();
    try (NativeStore store = truststore(file)) {
      assertThat(store.trustedCertificates())
          .as(file)
          .containsExactlyInAnyOrder(trusted)
          .isNotEmpty();
    }
  }

  private static void wrongPasswordIsTold(String file) {
    char[] wrong = "wrong".toCharArray();
    assertThatThrownBy(
            () -> NativeStore.readKeystore(folder.resolve(file).toString(), null, wrong, wrong))
        .as(file)
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.STORE_PASSWORD));
  }

  @Test
  void keytoolsOfAllJdks() throws Exception {
    int made = 0;
    for (Path tool : keytools()) {
      String pkcs12 = "new" + made + ".p12";
      String legacy = "legacy" + made + ".p12";
      String jks = "old" + made + ".jks";
      String pair = "-genkeypair -alias Node -dname CN=node -storepass " + PASSWORD;
      keytool(tool, pair + " -keyalg RSA -keysize 2048 -storetype PKCS12 -keystore " + pkcs12);
      keytool(
          tool,
          pair
              + " -keyalg EC -storetype PKCS12 -keystore "
              + legacy
              + " -J-Dkeystore.pkcs12.legacy");
      keytool(
          tool, pair + " -keyalg EC -storetype JKS -keypass " + KEY_PASSWORD + " -keystore " + jks);
      String trust = "-importcert -noprompt -alias ca -file root.pem -storepass " + PASSWORD;
      for (String store : List.of(pkcs12, legacy, jks)) {
        keytool(tool, trust + " -keystore " + store);
      }
      String bare = "bare" + made + ".p12";
      keytool(
          tool,
          trust
              + " -keystore "
              + bare
              + " -J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE"
              + " -J-Dkeystore.pkcs12.macAlgorithm=NONE");
      compareKeystore(pkcs12, "PKCS12", PASSWORD);
      compareKeystore(legacy, "PKCS12", PASSWORD);
      compareKeystore(jks, "JKS", KEY_PASSWORD);
      compareTruststore(bare, "PKCS12");
      try (NativeStore store =
          NativeStore.readTruststore(folder.resolve(bare).toString(), null, null)) {
        assertThat(store.trustedCertificates()).containsExactly(root.certificate);
      }
      for (String store : List.of(pkcs12, legacy, jks)) {
        wrongPasswordIsTold(store);
      }
      made++;
    }
    assertThat(made).isPositive();
  }

  /** cert-manager's profiles among them: LegacyRC2, LegacyDES and Modern2023. */
  @Test
  void openSslInEveryProfile() throws Exception {
    String export =
        "pkcs12 -export -inkey node.key -in shuffled.pem -name node -passout pass:" + PASSWORD;
    int made = 0;
    for (String profile :
        List.of(
            "",
            "-legacy",
            "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1",
            "-keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256",
            "-keypbe AES-128-CBC -certpbe AES-128-CBC -macalg sha512",
            "-certpbe NONE",
            "-macalg sha384")) {
      String file = "openssl" + made++ + ".p12";
      openssl(export + " -out " + file + " " + profile);
      try (NativeStore store = keystore(file, PASSWORD)) {
        assertThat(store.certificateChain())
            .as(profile)
            .containsExactly(node.certificate, middle.certificate, root.certificate);
      }
      compareKeystore(file, "PKCS12", PASSWORD);
      wrongPasswordIsTold(file);
    }
  }

  /** Bouncy Castle writes BER: indefinite lengths, and octet strings in pieces. */
  @Test
  void bouncyCastlesInBer() throws Exception {
    Provider provider = new BouncyCastleProvider();
    Security.addProvider(provider);
    try {
      for (String type : List.of("PKCS12", "PKCS12-3DES-3DES", "PKCS12-AES256-AES128")) {
        String file = type + ".p12";
        KeyStore store = KeyStore.getInstance(type, provider);
        store.load(null, null);
        store.setKeyEntry("node", node.key(), null, chain());
        store.setCertificateEntry("ca", root.certificate);
        try (OutputStream out = Files.newOutputStream(folder.resolve(file))) {
          store.store(out, PASSWORD.toCharArray());
        }
        assertThat(Files.readAllBytes(folder.resolve(file))).startsWith(0x30, 0x80);
        try (NativeStore read = keystore(file, PASSWORD)) {
          assertThat(read.certificateChain()).containsExactly((X509Certificate[]) chain());
        }
        compareKeystore(file, "PKCS12", PASSWORD);
        wrongPasswordIsTold(file);
      }
    } finally {
      Security.removeProvider(provider.getName());
    }
  }

  private static Certificate[] chain() {
    return new X509Certificate[] {node.certificate, middle.certificate, root.certificate};
  }

  /** RFC 9879; the JDKs that this runs on may not read it yet. */
  @Test
  void integrityByPbmac1() throws Exception {
    for (var hmac :
        List.of(PKCSObjectIdentifiers.id_hmacWithSHA256, PKCSObjectIdentifiers.id_hmacWithSHA512)) {
      AlgorithmIdentifier prf = new AlgorithmIdentifier(hmac);
      byte[] salt = {1, 2, 3, 4, 5, 6, 7, 8};
      PBMAC1Params parameters =
          new PBMAC1Params(
              new AlgorithmIdentifier(
                  PKCSObjectIdentifiers.id_PBKDF2, new PBKDF2Params(salt, 2048, 32, prf)),
              prf);
      byte[] encoded =
          new PKCS12PfxPduBuilder()
              .addData(new JcaPKCS12SafeBagBuilder(node.key()).build())
              .addData(
                  new org.bouncycastle.pkcs.PKCS12SafeBagBuilder(
                          new JcaX509CertificateHolder(node.certificate))
                      .build())
              .build(new BcPKCS12PBMac1CalculatorBuilder(parameters), PASSWORD.toCharArray())
              .getEncoded();
      Files.write(folder.resolve("pbmac1.p12"), encoded);
      try (NativeStore store = keystore("pbmac1.p12", PASSWORD)) {
        assertThat(store.certificateChain()).containsExactly(node.certificate);
        handshake(new RustlsContextBuilder().keystore(store).build(), node.certificate);
      }
      wrongPasswordIsTold("pbmac1.p12");
    }
  }

  /** Which of several keys is taken: the JDK's choice, which hangs on the aliases. */
  @Test
  void ofSeveralKeysTheJdksChoice() throws Exception {
    Random random = new Random(20);
    List<TestCertificate> keys = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      keys.add(TestCertificate.leaf("node" + i).selfSigned());
    }
    for (String type : List.of("PKCS12", "JKS")) {
      for (int round = 0; round < 8; round++) {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        int count = 2 + random.nextInt(18);
        for (int i = 0; i < count; i++) {
          String alias = Integer.toString(random.nextInt(1 << 28), 36);
          store.setKeyEntry(
              alias,
              keys.get(i).key(),
              PASSWORD.toCharArray(),
              new Certificate[] {keys.get(i).certificate});
        }
        try (OutputStream out = Files.newOutputStream(folder.resolve("several"))) {
          store.store(out, PASSWORD.toCharArray());
        }
        KeyStore byJava = byJava("several", type);
        // Two that share a place in the JDK's map come in an order that hangs on more.
        if (sharesFirstPlace(byJava)) {
          continue;
        }
        try (NativeStore read = keystore("several", PASSWORD)) {
          assertThat(read.certificateChain())
              .as("%s %s", type, Collections.list(byJava.aliases()))
              .containsExactly(chosenByJava(byJava, PASSWORD));
        }
      }
    }
  }

  private static boolean sharesFirstPlace(KeyStore store) throws Exception {
    List<String> aliases = Collections.list(store.aliases());
    int places = 16;
    while (aliases.size() > places * 3 / 4) {
      places *= 2;
    }
    int[] taken = new int[places];
    for (String alias : aliases) {
      int hash = alias.hashCode();
      taken[(hash ^ (hash >>> 16)) & (places - 1)]++;
    }
    for (int count : taken) {
      if (count > 0) {
        return count > 1;
      }
    }
    return false;
  }

  /** One key for each kind of peer. */
  @Test
  void keysOfTwoKindsServeBothKindsOfSuites() throws Exception {
    TestCertificate rsa =
        TestCertificate.leaf("rsa").keys(TestCertificate.newKeys("RSA", 2048)).selfSigned();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    char[] password = PASSWORD.toCharArray();
    store.setKeyEntry("rsa", rsa.key(), password, new Certificate[] {rsa.certificate});
    store.setKeyEntry("ec", node.key(), password, chain());
    try (OutputStream out = Files.newOutputStream(folder.resolve("two.p12"))) {
      store.store(out, password);
    }
    try (NativeStore read = keystore("two.p12", PASSWORD);
        NativeStore trusted =
            NativeStore.ofCertificates(List.of(rsa.certificate, root.certificate))) {
      SSLContext servers = new RustlsContextBuilder().keystore(read).build();
      SSLContext clients = new RustlsContextBuilder().truststore(trusted).build();
      for (String kind : List.of("RSA", "ECDSA")) {
        EnginePair pair = EnginePair.of(clients, servers).protocols("TLSv1.2");
        pair.client.setEnabledCipherSuites(
            new String[] {"TLS_ECDHE_" + kind + "_WITH_AES_128_GCM_SHA256"});
        pair.handshake().exchange();
        assertThat(pair.client.getSession().getPeerCertificates()[0])
            .isEqualTo(kind.equals("RSA") ? rsa.certificate : node.certificate);
      }
    }
  }
}
