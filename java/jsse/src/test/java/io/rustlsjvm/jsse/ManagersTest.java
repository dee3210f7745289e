package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.PKIXReason;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Key and trust managers of the application: what they are asked, and what they may answer. */
class ManagersTest {
  /** A trust manager of the plain kind. */
  private static class Plain implements X509TrustManager {
    final List<String> authTypes = new ArrayList<>();
    final List<X509Certificate> seen = new ArrayList<>();

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      authTypes.add(authType);
      seen.add(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      authTypes.add(authType);
      seen.add(chain[0]);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** A trust manager that looks at the engine. */
  private static class Extended extends X509ExtendedTrustManager {
    SSLSession session;
    SSLEngine engine;

    void check(X509Certificate[] chain, SSLEngine asked) throws CertificateException {
      engine = asked;
      session = asked.getHandshakeSession();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine asked)
        throws CertificateException {
      check(chain, asked);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine asked)
        throws CertificateException {
      check(chain, asked);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
      throw new AssertionError("asked with a socket");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
      throw new AssertionError("asked with a socket");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
      throw new AssertionError("asked without an engine");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
      throw new AssertionError("asked without an engine");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private static SSLContext client(TrustManager trust) {
    return TestContexts.ofManagers(TestKeys.CLIENT.keyManagers(), new TrustManager[] {trust});
  }

  private static SSLContext server(TrustManager trust) {
    return TestContexts.ofManagers(TestKeys.SERVER.keyManagers(), new TrustManager[] {trust});
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void plainTrustManagersAreAsked(String protocol) throws Exception {
    Plain ofClient = new Plain();
    Plain ofServer = new Plain();
    EnginePair.of(client(ofClient), server(ofServer))
        .protocols(protocol)
        .mutual()
        .handshake()
        .exchange();
    assertThat(ofClient.seen).containsExactly(TestKeys.SERVER.certificate());
    assertThat(ofServer.seen).containsExactly(TestKeys.CLIENT.certificate());
    assertThat(ofClient.authTypes)
        .containsExactly(protocol.equals("TLSv1.2") ? "ECDHE_RSA" : "UNKNOWN");
    assertThat(ofServer.authTypes).containsExactly("EC");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void extendedTrustManagersSeeTheEngineAndItsHandshake(String protocol) throws Exception {
    Extended ofClient = new Extended();
    Extended ofServer = new Extended();
    EnginePair pair =
        EnginePair.of(client(ofClient), server(ofServer)).protocols(protocol).mutual();
    pair.handshake().exchange();
    assertThat(ofClient.engine).isSameAs(pair.client);
    assertThat(ofServer.engine).isSameAs(pair.server);
    for (SSLSession session : List.of(ofClient.session, ofServer.session)) {
      assertThat(session.getProtocol()).isEqualTo(protocol);
      assertThat(session.getCipherSuite()).startsWith("TLS_");
    }
    assertThat(ofClient.session.getPeerCertificates())
        .containsExactly(TestKeys.SERVER.certificate());
    assertThat(ofClient.session.getPeerHost()).isEqualTo("localhost");
    assertThat(((ExtendedSSLSession) ofServer.session).getRequestedServerNames()).hasSize(1);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
            Arguments.of(new CertificateException("no thanks"), "certificate_unknown"),
            Arguments.of(
                new CertificateException(new CertificateExpiredException("long ago")),
                "certificate_expired"),
            Arguments.of(
                new CertificateException(
                    new CertPathValidatorException(
                        "nobody", null, null, -1, PKIXReason.NO_TRUST_ANCHOR)),
                "unknown_ca"),
            Arguments.of(new IllegalStateException("broken manager"), "certificate_unknown"))
        .flatMap(
            refusal ->
                TestContexts.PROTOCOLS.stream()
                    .map(p -> Arguments.of(refusal.get()[0], refusal.get()[1], p)));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whatATrustManagerThrowsIsTheCause(Exception thrown, String alert, String protocol) {
    EnginePair pair =
        EnginePair.of(
                client(
                    new Extended() {
                      @Override
                      void check(X509Certificate[] chain, SSLEngine asked)
                          throws CertificateException {
                        if (thrown instanceof RuntimeException) {
                          throw (RuntimeException) thrown;
                        }
                        throw (CertificateException) thrown;
                      }
                    }),
                TestContexts.MANAGERS.server())
            .protocols(protocol);
    assertThatThrownBy(pair::handshake)
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessage(thrown.getMessage())
        .hasCause(thrown);
    Throwable atServer =
        catchThrowable(
            () -> {
              for (int i = 0; i < 10; i++) {
                EnginePair.step(pair.client, pair.toServer, pair.toClient);
                EnginePair.step(pair.server, pair.toClient, pair.toServer);
              }
            });
    assertThat(atServer)
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("Received fatal alert: " + alert);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void hostNamesAreCheckedForPlainTrustManagers(String protocol) throws Exception {
    for (String host : List.of("localhost", "127.0.0.1", "elsewhere.example", "10.0.0.1")) {
      EnginePair pair =
          new EnginePair(
                  client(new Plain()).createSSLEngine(host, 1),
                  TestContexts.MANAGERS.server().createSSLEngine())
              .protocols(protocol);
      SSLParameters parameters = pair.client.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      pair.client.setSSLParameters(parameters);
      if (host.equals("localhost") || host.equals("127.0.0.1")) {
        pair.handshake().exchange();
      } else {
        assertThatThrownBy(pair::handshake)
            .isInstanceOf(SSLHandshakeException.class)
            .hasMessageContaining(host)
            .hasCauseInstanceOf(CertificateException.class);
      }
    }
  }

  /** Asks the given manager, in the plain interface. */
  private static class PlainKeys implements X509KeyManager {
    final X509KeyManager asked;

    PlainKeys(TestKeys keys) {
      this.asked = (X509KeyManager) keys.keyManagers()[0];
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
      return asked.getClientAliases(keyType, issuers);
    }

    @Override
    public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
      return asked.chooseClientAlias(keyType, issuers, null);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
      return asked.getServerAliases(keyType, issuers);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
      return asked.chooseServerAlias(keyType, issuers, null);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return asked.getCertificateChain(alias);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return asked.getPrivateKey(alias);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void plainKeyManagersAreAsked(String protocol) throws Exception {
    SSLContext clients =
        TestContexts.ofManagers(
            new KeyManager[] {new PlainKeys(TestKeys.CLIENT)}, TestKeys.trusting(TestKeys.SERVER));
    SSLContext servers =
        TestContexts.ofManagers(
            new KeyManager[] {new PlainKeys(TestKeys.SERVER)}, TestKeys.trusting(TestKeys.CLIENT));
    EnginePair.of(clients, servers).protocols(protocol).mutual().handshake().exchange();
  }

  /** A key as a token has it: it can sign, but not be exported. */
  private static PrivateKey unexportable(PrivateKey key) {
    return (PrivateKey)
        Proxy.newProxyInstance(
            ManagersTest.class.getClassLoader(),
            new Class<?>[] {RSAPrivateCrtKey.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("getEncoded") || method.getName().equals("getFormat")) {
                return null;
              }
              try {
                return method.invoke(key, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void keysThatCannotBeExportedSignInJava(String protocol) throws Exception {
    KeyManager keys =
        new PlainKeys(TestKeys.SERVER) {
          @Override
          public PrivateKey getPrivateKey(String alias) {
            return unexportable(super.getPrivateKey(alias));
          }
        };
    SSLContext servers =
        TestContexts.ofManagers(new KeyManager[] {keys}, TestKeys.trusting(TestKeys.CLIENT));
    for (TestContexts client : TestContexts.values()) {
      EnginePair.of(client.client(), servers).protocols(protocol).mutual().handshake().exchange();
    }
  }

  /** What a manager hands out again is not parsed again. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void keysAreReadOnce(String protocol) throws Exception {
    AtomicInteger reads = new AtomicInteger();
    PrivateKey counted = counted(TestKeys.SERVER.key(), reads);
    KeyManager keys =
        new PlainKeys(TestKeys.SERVER) {
          @Override
          public PrivateKey getPrivateKey(String alias) {
            return counted;
          }
        };
    SSLContext servers =
        TestContexts.ofManagers(new KeyManager[] {keys}, TestKeys.trusting(TestKeys.CLIENT));
    for (int i = 0; i < 3; i++) {
      // A context of its own each time: a full handshake.
      EnginePair.of(TestContexts.STORES.client(), servers).protocols(protocol).handshake();
      if (i == 0) {
        assertThat(reads.getAndSet(0)).as("reads in the first handshake").isPositive();
      }
    }
    assertThat(reads).as("reads in later handshakes").hasValue(0);
  }

  private static PrivateKey counted(PrivateKey key, AtomicInteger reads) {
    return (PrivateKey)
        Proxy.newProxyInstance(
            ManagersTest.class.getClassLoader(),
            new Class<?>[] {RSAPrivateCrtKey.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("getEncoded")) {
                reads.incrementAndGet();
              }
              return method.invoke(key, arguments);
            });
  }

  /** Each handshake shows what the manager gives, also when it has changed its mind. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void keysMayChange(String protocol) throws Exception {
    AtomicReference<TestKeys> current = new AtomicReference<>(TestKeys.SERVER);
    KeyManager keys =
        new PlainKeys(TestKeys.SERVER) {
          @Override
          public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {current.get().certificate()};
          }

          @Override
          public PrivateKey getPrivateKey(String alias) {
            return current.get().key();
          }
        };
    SSLContext servers =
        TestContexts.ofManagers(new KeyManager[] {keys}, TestKeys.trusting(TestKeys.CLIENT));
    for (TestKeys key : List.of(TestKeys.SERVER, TestKeys.EXPIRED, TestKeys.SERVER)) {
      current.set(key);
      EnginePair pair =
          EnginePair.of(TestContexts.STORES.of(null, key), servers).protocols(protocol).handshake();
      assertThat(pair.client.getSession().getPeerCertificates()).containsExactly(key.certificate());
    }
  }

  @Test
  void keysThatAreDroppedAreNotKept() throws Exception {
    ParsedKeys parsed = new ParsedKeys();
    X509Certificate[] chain = {TestKeys.SERVER.certificate()};
    PrivateKey key = TestKeys.SERVER.key();
    PrivateKey copy = TestKeys.SERVER.key();
    HandshakeCallbacks.Credential credential = parsed.credential(copy, chain);
    assertThat(parsed.credential(copy, chain).parsedKey).isEqualTo(credential.parsedKey);
    assertThat(parsed.credential(key, chain).parsedKey).isNotEqualTo(credential.parsedKey);
    WeakReference<PrivateKey> weak = new WeakReference<>(copy);
    credential = null;
    copy = null;
    for (int i = 0; weak.get() != null; i++) {
      assertThat(i).as("collections that left the key").isLessThan(100);
      System.gc();
      Thread.sleep(10);
    }
    assertThat(parsed.credential(key, chain).parsedKey).isNotZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void keyManagersThatThrowFailTheHandshakeInBothRoles(String protocol) {
    RuntimeException thrown = new IllegalStateException("the token is gone");
    X509ExtendedKeyManager broken =
        new X509ExtendedKeyManager() {
          @Override
          public String chooseEngineClientAlias(
              String[] keyType, Principal[] issuers, SSLEngine engine) {
            throw thrown;
          }

          @Override
          public String chooseEngineServerAlias(
              String keyType, Principal[] issuers, SSLEngine engine) {
            throw thrown;
          }

          @Override
          public String[] getClientAliases(String keyType, Principal[] issuers) {
            throw thrown;
          }

          @Override
          public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            throw new AssertionError("asked with a socket");
          }

          @Override
          public String[] getServerAliases(String keyType, Principal[] issuers) {
            throw thrown;
          }

          @Override
          public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            throw new AssertionError("asked with a socket");
          }

          @Override
          public X509Certificate[] getCertificateChain(String alias) {
            throw thrown;
          }

          @Override
          public PrivateKey getPrivateKey(String alias) {
            throw thrown;
          }
        };
    SSLContext context =
        TestContexts.ofManagers(
            new KeyManager[] {broken}, TestKeys.trusting(TestKeys.SERVER, TestKeys.CLIENT));
    assertThatThrownBy(
            () ->
                EnginePair.of(context, TestContexts.MANAGERS.server())
                    .protocols(protocol)
                    .mutual()
                    .handshake())
        .isInstanceOf(SSLHandshakeException.class)
        .hasCause(thrown);
    assertThatThrownBy(
            () ->
                EnginePair.of(TestContexts.MANAGERS.client(), context)
                    .protocols(protocol)
                    .handshake())
        .isInstanceOf(SSLHandshakeException.class)
        .hasCause(thrown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void noX509TrustManagerMeansNobodyIsBelieved(String protocol) {
    SSLContext clients = TestContexts.ofManagers(null, new TrustManager[0]);
    assertThatThrownBy(
            () ->
                EnginePair.of(clients, TestContexts.MANAGERS.server())
                    .protocols(protocol)
                    .handshake())
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("No X509TrustManager");
  }

  /** Clients are told whom the server's manager accepts, as it is at each handshake. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void clientsAreToldOfTheAcceptedIssuers(String protocol) throws Exception {
    AtomicReference<X509Certificate[]> accepted = new AtomicReference<>();
    SSLContext servers =
        server(
            new Plain() {
              @Override
              public X509Certificate[] getAcceptedIssuers() {
                return accepted.get();
              }
            });
    for (TestContexts client : TestContexts.values()) {
      for (List<TestKeys> issuers :
          List.of(
              List.of(TestKeys.CLIENT, TestKeys.STRANGER),
              List.<TestKeys>of(),
              List.of(TestKeys.CLIENT))) {
        accepted.set(issuers.stream().map(TestKeys::certificate).toArray(X509Certificate[]::new));
        List<Principal> told = new ArrayList<>();
        KeyManager keys =
            new PlainKeys(TestKeys.CLIENT) {
              @Override
              public String chooseClientAlias(String[] keyType, Principal[] names, Socket socket) {
                told.addAll(names == null ? List.of() : List.of(names));
                return super.chooseClientAlias(keyType, names, socket);
              }
            };
        SSLContext clients =
            TestContexts.ofManagers(new KeyManager[] {keys}, TestKeys.trusting(TestKeys.SERVER));
        EnginePair.of(clients, servers).protocols(protocol).mutual().handshake().exchange();
        Principal[] names =
            issuers.stream()
                .map(key -> key.certificate().getSubjectX500Principal())
                .toArray(Principal[]::new);
        assertThat(told).containsExactly(names);
        EnginePair.of(client.client(), servers).protocols(protocol).mutual().handshake().exchange();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aManagerWhoseIssuersThrowFailsTheHandshake(String protocol) {
    RuntimeException thrown = new IllegalStateException("the directory is gone");
    SSLContext servers =
        server(
            new Plain() {
              @Override
              public X509Certificate[] getAcceptedIssuers() {
                throw thrown;
              }
            });
    assertThatThrownBy(
            EnginePair.of(TestContexts.STORES.client(), servers).protocols(protocol).mutual()
                ::handshake)
        .isInstanceOf(SSLHandshakeException.class)
        .hasCause(thrown);
  }

  /** What managers keep in the handshake's session is in the connection's. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void handshakeSessionsBecomeTheSession(String protocol) throws Exception {
    class Noting extends Extended {
      @Override
      void check(X509Certificate[] chain, SSLEngine asked) throws CertificateException {
        super.check(chain, asked);
        session.putValue("seen", chain[0]);
      }
    }

    Noting ofClient = new Noting();
    Noting ofServer = new Noting();
    EnginePair pair =
        EnginePair.of(client(ofClient), server(ofServer)).protocols(protocol).mutual();
    pair.client.getSession().putValue("before", "the handshake");
    pair.handshake();
    assertThat(pair.client.getSession().getValueNames()).containsExactly("seen");
    assertThat(pair.client.getSession().getValue("seen")).isEqualTo(TestKeys.SERVER.certificate());
    assertThat(pair.server.getSession().getValue("seen")).isEqualTo(TestKeys.CLIENT.certificate());
    assertThat(ofServer.session.getLocalCertificates())
        .containsExactly(TestKeys.SERVER.certificate());
    assertThat(ofClient.session.getLocalCertificates()).isNull();
    assertThat(ofServer.session.getId()).isEqualTo(pair.server.getSession().getId());
    if (protocol.equals("TLSv1.2")) {
      assertThat(pair.server.getSession().getId()).isEqualTo(pair.client.getSession().getId());
    }
  }

  /** So that a server can have a key for each application protocol. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void keyManagersSeeTheApplicationProtocol(String protocol) throws Exception {
    for (boolean function : new boolean[] {false, true}) {
      AtomicReference<SSLEngine> engine = new AtomicReference<>();
      List<String> seen = new ArrayList<>();
      KeyManager keys =
          new PlainKeys(TestKeys.SERVER) {
            @Override
            public X509Certificate[] getCertificateChain(String alias) {
              seen.add(engine.get().getHandshakeApplicationProtocol());
              return super.getCertificateChain(alias);
            }
          };
      SSLContext servers =
          TestContexts.ofManagers(new KeyManager[] {keys}, TestKeys.trusting(TestKeys.CLIENT));
      EnginePair pair = EnginePair.of(TestContexts.STORES.client(), servers).protocols(protocol);
      engine.set(pair.server);
      SSLParameters parameters = pair.client.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
      pair.client.setSSLParameters(parameters);
      if (function) {
        pair.server.setHandshakeApplicationProtocolSelector((asked, offered) -> "http/1.1");
      } else {
        parameters = pair.server.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"spdy/3", "http/1.1"});
        pair.server.setSSLParameters(parameters);
      }
      pair.handshake();
      // The function is told the suite, which in TLS 1.2 depends on the key.
      assertThat(seen)
          .first()
          .isEqualTo(function && protocol.equals("TLSv1.2") ? null : "http/1.1");
      assertThat(pair.server.getApplicationProtocol()).isEqualTo("http/1.1");
      assertThat(pair.server.getHandshakeApplicationProtocol()).isNull();
    }
  }

  /** The JDK's PKIX key manager, which looks at the signatures of chains. */
  private static KeyManager[] strictKeys(TestCertificate leaf, TestCertificate... issuers)
      throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    Certificate[] chain =
        Stream.concat(Stream.of(leaf), Stream.of(issuers))
            .map(one -> one.certificate)
            .toArray(Certificate[]::new);
    store.setKeyEntry("node", leaf.key(), new char[0], chain);
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, new char[0]);
    return keys.getKeyManagers();
  }

  private static TestCertificate oldRoot() {
    return TestCertificate.authority("old root")
        .keys(TestCertificate.newKeys("RSA", 2048))
        .signature("SHA1withRSA")
        .selfSigned();
  }

  /** What a root has signed itself by counts for nothing, whether it was named or not. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void chainsWithOldRootsAreShown(String protocol) throws Exception {
    TestCertificate root = oldRoot();
    TestCertificate leaf = TestCertificate.leaf("node").signedBy(root);
    TrustManager[] anybody = {new Plain()};
    SSLContext context = TestContexts.ofManagers(strictKeys(leaf, root), anybody);
    for (boolean mutual : new boolean[] {false, true}) {
      EnginePair pair = EnginePair.of(context, context).protocols(protocol);
      pair.server.setNeedClientAuth(mutual);
      pair.handshake().exchange();
      assertThat(pair.client.getSession().getPeerCertificates())
          .containsExactly(leaf.certificate, root.certificate);
    }
  }

  /** A server has nothing else to show; a client may go without. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void chainsOfOldSignaturesAreShownByServersAlone(String protocol) throws Exception {
    TestCertificate root = oldRoot();
    TestCertificate leaf = TestCertificate.leaf("node").signature("SHA1withRSA").signedBy(root);
    TrustManager[] anybody = {new Plain()};
    SSLContext context = TestContexts.ofManagers(strictKeys(leaf), anybody);
    EnginePair pair = EnginePair.of(context, context).protocols(protocol);
    pair.server.setWantClientAuth(true);
    pair.handshake().exchange();
    assertThat(pair.client.getSession().getPeerCertificates()).containsExactly(leaf.certificate);
    assertThat(pair.client.getSession().getLocalCertificates()).isNull();
  }

  /** What a manager asks of the engine in the middle of a task must not lock up. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void managersMayAskAndCloseTheEngine(String protocol) {
    Extended curious =
        new Extended() {
          @Override
          void check(X509Certificate[] chain, SSLEngine asked) {
            assertThat(asked.getHandshakeStatus()).isNotNull();
            assertThat(asked.isOutboundDone()).isFalse();
            assertThat(asked.isInboundDone()).isFalse();
            assertThat(asked.getSession().isValid()).isFalse();
            assertThat(asked.getHandshakeApplicationProtocol()).isNull();
            assertThat(asked.toString()).contains("client");
            asked.closeOutbound();
          }
        };
    EnginePair pair =
        EnginePair.of(client(curious), TestContexts.MANAGERS.server()).protocols(protocol);
    Throwable end =
        catchThrowable(
            () -> {
              for (int i = 0; i < 50; i++) {
                EnginePair.step(pair.client, pair.toServer, pair.toClient);
                EnginePair.step(pair.server, pair.toClient, pair.toServer);
                if (i == 0) {
                  pair.client.beginHandshake();
                }
              }
            });
    assertThat(end == null || end instanceof SSLException).as("ended by %s", end).isTrue();
    assertThat(pair.client.isOutboundDone()).isTrue();
  }
}
