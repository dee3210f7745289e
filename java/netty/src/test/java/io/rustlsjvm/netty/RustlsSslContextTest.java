package io.rustlsjvm.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.rustlsjvm.jsse.ClientAuthentication;
import io.rustlsjvm.jsse.NativeStore;
import io.rustlsjvm.jsse.RustlsContextBuilder;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RustlsSslContextTest {
  @TempDir static Path folder;

  private static Path named;
  private static Path nameless;
  private static Path other;

  @BeforeAll
  static void makeStores() throws Exception {
    named = Keytool.selfSigned(folder, "named", "-ext", "san=dns:localhost");
    nameless = Keytool.selfSigned(folder, "nameless");
    other = Keytool.selfSigned(folder, "other");
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void carriesMegabytesOverMutualTls(Transport transport) throws Exception {
    byte[] bytes = new byte[4 << 20];
    new Random(1).nextBytes(bytes);
    for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
      SSLContext context = mutual(nameless, nameless, protocol).build();
      try (EchoPair pair =
          new EchoPair(
              transport,
              new RustlsSslContext(context, false),
              new RustlsSslContext(context, true),
              null)) {
        assertThat(pair.echo(bytes)).isEqualTo(bytes);
        assertThat(pair.client().engine().getSession().getProtocol()).isEqualTo(protocol);
        assertThat(peer(pair.client().engine())).isEqualTo("CN=nameless");
        assertThat(peer(pair.server().engine())).isEqualTo("CN=nameless");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void refusesAClientThatTheServerDoesNotTrust(Transport transport) throws Exception {
    SSLContext server = mutual(named, named, "TLSv1.2").build();
    SSLContext client = mutual(other, named, "TLSv1.2").build();
    try (EchoPair pair =
        new EchoPair(
            transport,
            new RustlsSslContext(server, false),
            new RustlsSslContext(client, true),
            null)) {
      assertThatThrownBy(pair::server)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(SSLException.class);
      assertThatThrownBy(pair::client)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(SSLException.class);
    }
  }

  @Test
  void checksHostNamesOnlyWhenAskedTo() throws Exception {
    SSLContext unnamed = mutual(nameless, nameless, "TLSv1.3").build();
    SslContext server = new RustlsSslContext(unnamed, false);
    SslContext checking = new RustlsSslContext.Builder(unnamed, true).verifyHostname(true).build();
    try (EchoPair pair = new EchoPair(Transport.NIO, server, checking, null)) {
      assertThatThrownBy(pair::client).hasCauseInstanceOf(SSLException.class);
    }

    SSLContext localhost = mutual(named, named, "TLSv1.3").build();
    try (EchoPair pair =
        new EchoPair(
            Transport.NIO,
            new RustlsSslContext(localhost, false),
            new RustlsSslContext.Builder(localhost, true).verifyHostname(true).build(),
            null)) {
      assertThat(peer(pair.client().engine())).isEqualTo("CN=named");
    }
  }

  @Test
  void agreesOnAnApplicationProtocol() throws Exception {
    SSLContext context = mutual(named, named, "TLSv1.3").build();
    SslContext server =
        new RustlsSslContext.Builder(context, false)
            .applicationProtocols(List.of("h2", "http/1.1"))
            .build();
    SslContext client =
        new RustlsSslContext.Builder(context, true)
            .applicationProtocols(List.of("http/1.1"))
            .build();
    assertThat(protocols(server)).containsExactly("h2", "http/1.1");
    try (EchoPair pair = new EchoPair(Transport.NIO, server, client, null)) {
      assertThat(pair.echo(new byte[] {1, 2, 3})).containsExactly(1, 2, 3);
      assertThat(pair.client().applicationProtocol()).isEqualTo("http/1.1");
      assertThat(pair.server().applicationProtocol()).isEqualTo("http/1.1");
      assertThat(peer(pair.server().engine())).isEqualTo("CN=named");
    }
  }

  /** A function that chooses would be asked in each handshake, and cost it a look at the client. */
  @Test
  void serversChooseAnApplicationProtocolByTheirList() throws Exception {
    SSLContext context = mutual(named, named, "TLSv1.3").build();
    SslContext server =
        new RustlsSslContext.Builder(context, false).applicationProtocols(List.of("h2")).build();
    SSLEngine engine = server.newEngine(UnpooledByteBufAllocator.DEFAULT);
    assertThat(engine.getHandshakeApplicationProtocolSelector()).isNull();
    assertThat(engine.getSSLParameters().getApplicationProtocols()).containsExactly("h2");
  }

  @Test
  void refusesAClientThatOffersOtherApplicationProtocols() throws Exception {
    SSLContext context = mutual(named, named, "TLSv1.3").build();
    SslContext server =
        new RustlsSslContext.Builder(context, false).applicationProtocols(List.of("h2")).build();
    SslContext client =
        new RustlsSslContext.Builder(context, true).applicationProtocols(List.of("mqtt")).build();
    try (EchoPair pair = new EchoPair(Transport.NIO, server, client, null)) {
      assertThatThrownBy(pair::client)
          .hasCauseInstanceOf(SSLException.class)
          .hasMessageContaining("no_application_protocol");
    }
  }

  @Test
  void hasNoApplicationProtocolsUnlessTold() throws Exception {
    SslContext context = new RustlsSslContext(mutual(named, named, "TLSv1.2").build(), false);
    assertThat(protocols(context)).isEmpty();
  }

  @Test
  void runsDelegatedTasksWhereToldTo() throws Exception {
    SSLContext context = mutual(named, named, "TLSv1.3").build();
    AtomicInteger tasks = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (EchoPair pair =
        new EchoPair(
            Transport.NIO,
            new RustlsSslContext(context, false),
            new RustlsSslContext(context, true),
            task -> {
              tasks.incrementAndGet();
              threads.execute(task);
            })) {
      assertThat(pair.echo(new byte[100_000])).hasSize(100_000);
    } finally {
      threads.shutdownNow();
    }
    assertThat(tasks).hasPositiveValue();
  }

  @Test
  void givesEnginesWhatTheBuilderSays() throws Exception {
    SSLContext context = mutual(named, named, "TLSv1.2").build();
    String suite = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    SslContext server =
        new RustlsSslContext.Builder(context, false)
            .protocols(List.of("TLSv1.2"))
            .cipherSuites(List.of(suite))
            .clientAuthentication(ClientAuthentication.WANT)
            .build();
    SSLEngine engine = server.newEngine(UnpooledByteBufAllocator.DEFAULT);
    assertThat(engine.getUseClientMode()).isFalse();
    assertThat(engine.getWantClientAuth()).isTrue();
    assertThat(engine.getNeedClientAuth()).isFalse();
    assertThat(engine.getEnabledProtocols()).containsExactly("TLSv1.2");
    assertThat(engine.getEnabledCipherSuites()).containsExactly(suite);
    assertThat(server.cipherSuites()).containsExactly(suite);
    engine.closeOutbound();
  }

  /** The engine of a server is made for nobody: its handler knows the channel. */
  @Test
  void eventsOfServersTellTheClientsAddress() throws Exception {
    SSLContext context = mutual(named, named, "TLSv1.3").build();
    Path file = folder.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("io.rustlsjvm.TLSHandshake");
      recording.start();
      try (EchoPair pair =
          new EchoPair(
              Transport.NIO,
              new RustlsSslContext(context, false),
              new RustlsSslContext(context, true),
              null)) {
        pair.echo(new byte[] {1});
        assertThat(pair.server().engine().getPeerHost()).isNull();
      }
      recording.stop();
      recording.dump(file);
    }
    assertThat(RecordingFile.readAllEvents(file))
        .filteredOn(event -> event.getEventType().getName().equals("io.rustlsjvm.TLSHandshake"))
        .extracting(event -> event.getString("peerHost"))
        .containsExactlyInAnyOrder("localhost", "127.0.0.1");
  }

  @Test
  void keepsWhatTheContextSays() throws Exception {
    SSLContext context = mutual(named, named, "TLSv1.2").build();
    SslContext client = new RustlsSslContext(context, true);
    assertThat(client.isClient()).isTrue();
    assertThat(client.sessionContext()).isSameAs(context.getClientSessionContext());
    SSLEngine engine = client.newEngine(UnpooledByteBufAllocator.DEFAULT, "example.org", 443);
    assertThat(engine.getUseClientMode()).isTrue();
    assertThat(engine.getPeerHost()).isEqualTo("example.org");
    assertThat(engine.getEnabledProtocols()).containsExactly("TLSv1.2");
    SslContext server = new RustlsSslContext(context, false);
    assertThat(server.newEngine(UnpooledByteBufAllocator.DEFAULT).getNeedClientAuth()).isTrue();
  }

  private static RustlsContextBuilder mutual(Path key, Path trust, String protocol)
      throws Exception {
    char[] password = Keytool.PASSWORD.toCharArray();
    return new RustlsContextBuilder()
        .keystore(NativeStore.readKeystore(key.toString(), "PKCS12", password, null))
        .truststore(NativeStore.readTruststore(trust.toString(), "PKCS12", password))
        .protocols(List.of(protocol))
        .clientAuthentication(ClientAuthentication.NEED);
  }

  @SuppressWarnings("deprecation") // Netty means to rename it
  private static List<String> protocols(SslContext context) {
    return context.nextProtocols();
  }

  private static String peer(SSLEngine engine) throws Exception {
    return ((X509Certificate) engine.getSession().getPeerCertificates()[0])
        .getSubjectX500Principal()
        .getName();
  }
}
