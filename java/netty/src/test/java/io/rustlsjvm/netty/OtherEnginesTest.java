package io.rustlsjvm.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import io.rustlsjvm.jsse.ClientAuthentication;
import io.rustlsjvm.jsse.NativeStore;
import io.rustlsjvm.jsse.RustlsContextBuilder;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our engines and those of the JDK and of BoringSSL: each suite with each type of key. */
class OtherEnginesTest {
  private static final int LARGE = 300_000;

  private enum Key {
    RSA("RSA", List.of("RSA", "-keysize", "2048")),
    P256("ECDSA", List.of("EC", "-groupname", "secp256r1")),
    P384("ECDSA", List.of("EC", "-groupname", "secp384r1")),
    ED25519("ECDSA", List.of("Ed25519"));

    final String authentication;
    final List<String> algorithm;
    Path store;

    Key(String authentication, List<String> algorithm) {
      this.authentication = authentication;
      this.algorithm = algorithm;
    }
  }

  /** The JDK has Ed25519 since 15, ChaCha20 for TLS since 12. */
  private static final boolean WITH_ED25519 =
      Security.getAlgorithms("KeyPairGenerator").contains("ED25519");

  @TempDir static Path folder;

  private static List<Key> keys() {
    List<Key> keys = new ArrayList<>(List.of(Key.values()));
    if (!WITH_ED25519) {
      keys.remove(Key.ED25519);
    }
    return keys;
  }

  private static boolean has(SslProvider peer, String suite) throws GeneralSecurityException {
    return peer != SslProvider.JDK
        || List.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites())
            .contains(suite);
  }

  @BeforeAll
  static void makeStores() throws Exception {
    for (Key key : keys()) {
      key.store = Keytool.selfSignedOf(key.algorithm, folder, key.name(), "-ext", "san=dns:node");
    }
  }

  static List<Arguments> cells() throws GeneralSecurityException {
    List<Arguments> cells = new ArrayList<>();
    for (SslProvider peer : List.of(SslProvider.JDK, SslProvider.OPENSSL)) {
      for (Key key : keys()) {
        // BoringSSL has Ed25519 switched off.
        if (peer == SslProvider.JDK || key != Key.ED25519) {
          for (String cipher :
              List.of("AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256")) {
            boolean mutual = cells.size() % 3 != 0;
            String tls12 = "TLS_ECDHE_" + key.authentication + "_WITH_" + cipher;
            if (!has(peer, tls12)) {
              continue;
            }
            cells.add(Arguments.of(peer, key, "TLSv1.2", tls12, mutual));
            cells.add(Arguments.of(peer, key, "TLSv1.3", "TLS_" + cipher, mutual));
          }
        }
      }
    }
    return cells;
  }

  @ParameterizedTest
  @MethodSource("cells")
  void asAServer(SslProvider peer, Key key, String protocol, String suite, boolean mutual)
      throws Exception {
    SslContext client = theirs(peer, key, true, protocol, suite, mutual);
    SslContext server = new RustlsSslContext(ours(key, protocol, suite, mutual).build(), false);
    try {
      for (int round = 0; round < 2; round++) {
        Pair pair = new Pair(client, server);
        pair.talk(protocol, suite, mutual);
        pair.release();
      }
    } finally {
      ReferenceCountUtil.release(client);
    }
  }

  @ParameterizedTest
  @MethodSource("cells")
  void asAClient(SslProvider peer, Key key, String protocol, String suite, boolean mutual)
      throws Exception {
    SslContext client = new RustlsSslContext(ours(key, protocol, suite, mutual).build(), true);
    SslContext server = theirs(peer, key, false, protocol, suite, mutual);
    try {
      byte[] first = null;
      for (int round = 0; round < 3; round++) {
        Pair pair = new Pair(client, server);
        pair.talk(protocol, suite, mutual);
        byte[] session = pair.client.getSession().getId();
        if (round > 0) {
          assertThat(session).as("resumed in round %s", round).isEqualTo(first);
        }
        first = session;
        pair.release();
      }
    } finally {
      ReferenceCountUtil.release(server);
    }
  }

  private static RustlsContextBuilder ours(Key key, String protocol, String suite, boolean mutual)
      throws Exception {
    char[] password = Keytool.PASSWORD.toCharArray();
    String file = key.store.toString();
    return new RustlsContextBuilder()
        .keystore(NativeStore.readKeystore(file, "PKCS12", password, null))
        .truststore(NativeStore.readTruststore(file, "PKCS12", password))
        .protocols(List.of(protocol))
        .cipherSuites(List.of(suite))
        .verifyHostname(false)
        .clientAuthentication(mutual ? ClientAuthentication.NEED : ClientAuthentication.NONE);
  }

  private static SslContext theirs(
      SslProvider peer, Key key, boolean client, String protocol, String suite, boolean mutual)
      throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(key.store)) {
      store.load(in, Keytool.PASSWORD.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(store, Keytool.PASSWORD.toCharArray());
    KeyStore believed = KeyStore.getInstance("PKCS12");
    believed.load(null, null);
    believed.setCertificateEntry("peer", store.getCertificate(key.name()));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(believed);
    SslContextBuilder builder =
        client
            ? SslContextBuilder.forClient().keyManager(keys)
            : SslContextBuilder.forServer(keys)
                .clientAuth(mutual ? ClientAuth.REQUIRE : ClientAuth.NONE);
    SslContext context =
        builder
            .sslProvider(peer)
            .trustManager(trust)
            .protocols(protocol)
            // Netty's own default leaves ChaCha20 out.
            .ciphers(List.of(suite))
            .build();
    if (!client && peer == SslProvider.OPENSSL) {
      // Without keys for them there are no tickets.
      byte[] bytes = new byte[OpenSslSessionTicketKey.NAME_SIZE];
      ((OpenSslSessionContext) context.sessionContext())
          .setTicketKeys(new OpenSslSessionTicketKey(bytes, bytes, bytes));
    }
    return context;
  }

  /** Two engines and the wires between them, in memory. */
  private static final class Pair {
    final SSLEngine client;
    final SSLEngine server;
    private final ByteBuffer toServer = ByteBuffer.allocate(1 << 17).flip();
    private final ByteBuffer toClient = ByteBuffer.allocate(1 << 17).flip();
    private boolean clientFinished;
    private boolean serverFinished;

    Pair(SslContext client, SslContext server) throws Exception {
      this.client = client.newEngine(UnpooledByteBufAllocator.DEFAULT, "node", 4711);
      this.server = server.newEngine(UnpooledByteBufAllocator.DEFAULT);
      this.client.beginHandshake();
      this.server.beginHandshake();
      for (int steps = 0; !clientFinished || !serverFinished; steps++) {
        assertThat(steps).as("steps of a handshake").isLessThan(500);
        clientFinished |= step(this.client, toServer, toClient);
        serverFinished |= step(this.server, toClient, toServer);
      }
    }

    /** Asserts what was agreed on, and sends a lot both ways. */
    void talk(String protocol, String suite, boolean mutual) throws Exception {
      for (SSLEngine engine : List.of(client, server)) {
        assertThat(engine.getSession().getProtocol()).isEqualTo(protocol);
        assertThat(engine.getSession().getCipherSuite()).isEqualTo(suite);
      }
      assertThat(client.getSession().getPeerCertificates()).hasSize(1);
      if (mutual) {
        assertThat(server.getSession().getPeerCertificates()).hasSize(1);
      }
      byte[] data = new byte[LARGE];
      for (int i = 0; i < LARGE; i++) {
        data[i] = (byte) (i * 31 + (i >> 8));
      }
      assertThat(carry(client, server, toServer, data)).isEqualTo(data);
      assertThat(carry(server, client, toClient, data)).isEqualTo(data);
    }

    void release() {
      ReferenceCountUtil.release(client);
      ReferenceCountUtil.release(server);
    }

    /** One thing that the engine wants; true when that finished its handshake. */
    private static boolean step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws Exception {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK:
          Runnable task = engine.getDelegatedTask();
          if (task != null) {
            task.run();
          }
          return false;
        case NEED_WRAP:
          out.compact();
          SSLEngineResult wrapped = engine.wrap(ByteBuffer.allocate(0), out);
          out.flip();
          return wrapped.getHandshakeStatus() == HandshakeStatus.FINISHED;
        case NEED_UNWRAP:
          // Also with nothing: it is how BoringSSL's engine goes on after a task.
          SSLEngineResult unwrapped = engine.unwrap(in, ByteBuffer.allocate(20_000));
          return unwrapped.getHandshakeStatus() == HandshakeStatus.FINISHED;
        default:
          // BoringSSL's engine has no step that it calls the finishing one in some handshakes.
          return true;
      }
    }

    private static byte[] carry(SSLEngine from, SSLEngine to, ByteBuffer wire, byte[] data)
        throws Exception {
      ByteBuffer source = ByteBuffer.wrap(data);
      ByteBuffer plain = ByteBuffer.allocate(data.length + 20_000);
      while (source.hasRemaining() || wire.hasRemaining()) {
        if (source.hasRemaining()) {
          wire.compact();
          from.wrap(source, wire);
          wire.flip();
        }
        to.unwrap(wire, plain);
      }
      byte[] got = new byte[plain.flip().remaining()];
      plain.get(got);
      return got;
    }
  }
}
