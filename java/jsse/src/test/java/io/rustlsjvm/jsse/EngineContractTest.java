package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionBindingEvent;
import javax.net.ssl.SSLSessionBindingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code SSLEngine} documents, method by method. */
@Timeout(60)
class EngineContractTest {
  private static EnginePair pair(String protocol) throws SSLException {
    return EnginePair.of(TestContexts.STORES.client(), TestContexts.STORES.server())
        .protocols(protocol)
        .mutual()
        .handshake();
  }

  private static SSLEngine engine() {
    return TestContexts.STORES.client().createSSLEngine("localhost", 1);
  }

  private static ByteBuffer room() {
    return ByteBuffer.allocate(20_000);
  }

  // ---- Before the handshake --------------------------------------------------------------------

  @Test
  void modeMustBeSet() {
    SSLEngine engine = engine();
    for (ThrowingCall call :
        new ThrowingCall[] {
          engine::beginHandshake,
          () -> engine.wrap(room(), room()),
          () -> engine.unwrap(room(), room())
        }) {
      assertThatThrownBy(call::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("mode");
    }
  }

  private interface ThrowingCall {
    void run() throws Exception;
  }

  @Test
  void modeIsFixedOnceTheHandshakeHasBegun() throws Exception {
    SSLEngine engine = engine();
    engine.setUseClientMode(true);
    engine.beginHandshake();
    assertThatThrownBy(() -> engine.setUseClientMode(false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void statusesOfTheFirstSteps() throws Exception {
    SSLEngine client = engine();
    client.setUseClientMode(true);
    assertThat(client.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
    assertThat(client.getDelegatedTask()).isNull();
    client.beginHandshake();
    assertThat(client.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_WRAP);
    client.beginHandshake();
    SSLEngineResult hello = client.wrap(room(), room());
    assertThat(hello.getStatus()).isEqualTo(Status.OK);
    assertThat(hello.bytesConsumed()).isZero();
    assertThat(hello.bytesProduced()).isPositive();
    assertThat(hello.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_UNWRAP);
    SSLEngine server = TestContexts.STORES.server().createSSLEngine();
    server.setUseClientMode(false);
    server.beginHandshake();
    assertThat(server.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_UNWRAP);
  }

  @Test
  void sessionBeforeTheHandshake() {
    SSLEngine engine = engine();
    assertThat(engine.getSession().getCipherSuite()).isEqualTo("SSL_NULL_WITH_NULL_NULL");
    assertThat(engine.getSession().getProtocol()).isEqualTo("NONE");
    assertThat(engine.getSession().isValid()).isFalse();
    assertThat(engine.getSession().getId()).isEmpty();
    assertThat(engine.getSession().getPeerHost()).isEqualTo("localhost");
    assertThat(engine.getSession().getPeerPort()).isEqualTo(1);
    assertThat(engine.getHandshakeSession()).isNull();
  }

  @Test
  void closedBeforeTheHandshakeStaysClosed() throws Exception {
    SSLEngine engine = engine();
    engine.setUseClientMode(true);
    engine.closeOutbound();
    assertThat(engine.isOutboundDone()).isTrue();
    assertThat(engine.wrap(room(), room()).getStatus()).isEqualTo(Status.CLOSED);
    assertThat(engine.unwrap(room(), room()).getStatus()).isEqualTo(Status.CLOSED);
    engine.closeInbound();
    assertThat(engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
  }

  @Test
  void nothingUsableFailsTheHandshake() {
    SSLEngine noProtocol = engine();
    noProtocol.setUseClientMode(true);
    noProtocol.setEnabledProtocols(new String[] {"TLSv1", "TLSv1.1"});
    assertThatThrownBy(noProtocol::beginHandshake)
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("protocol")
        .hasMessageContaining("TLSv1.3");
    SSLEngine noSuite = engine();
    noSuite.setUseClientMode(true);
    noSuite.setEnabledCipherSuites(new String[] {"TLS_RSA_WITH_AES_128_CBC_SHA"});
    assertThatThrownBy(() -> noSuite.wrap(room(), room()))
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("suite");
    assertThat(noSuite.isOutboundDone()).isTrue();
    SSLEngine noMatch = engine();
    noMatch.setUseClientMode(true);
    noMatch.setEnabledProtocols(new String[] {"TLSv1.2"});
    noMatch.setEnabledCipherSuites(new String[] {"TLS_AES_128_GCM_SHA256"});
    assertThatThrownBy(noMatch::beginHandshake).isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void hostToCheckMustBeKnown() {
    SSLEngine engine = TestContexts.STORES.client().createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    assertThatThrownBy(engine::beginHandshake)
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("createSSLEngine(host, port)");
  }

  // ---- Settings --------------------------------------------------------------------------------

  @Test
  void namesOfProtocols() {
    SSLEngine engine = engine();
    assertThat(engine.getSupportedProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
    engine.setEnabledProtocols(new String[] {"SSLv2Hello", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2"});
    assertThat(engine.getEnabledProtocols()).containsExactly("TLSv1.2");
    for (String[] wrong : new String[][] {null, {null}, {"TLSv1.4"}, {"TLSv1.2", ""}}) {
      assertThatThrownBy(() -> engine.setEnabledProtocols(wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(engine.getEnabledProtocols()).containsExactly("TLSv1.2");
  }

  @Test
  void namesOfSuites() throws Exception {
    SSLEngine engine = engine();
    assertThat(engine.getSupportedCipherSuites())
        .hasSize(9)
        .contains("TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    assertThat(engine.getEnabledCipherSuites()).isEqualTo(engine.getSupportedCipherSuites());
    String[] all = TestContexts.JDK.client().getSupportedSSLParameters().getCipherSuites();
    engine.setEnabledCipherSuites(all);
    assertThat(all).contains(engine.getEnabledCipherSuites());
    assertThat(engine.getEnabledCipherSuites()).hasSize(9);
    engine.setEnabledCipherSuites(
        new String[] {
          "TLS_RSA_WITH_AES_128_CBC_SHA",
          "SSL_RSA_WITH_RC4_128_MD5",
          "TLS_EMPTY_RENEGOTIATION_INFO_SCSV",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
        });
    assertThat(engine.getEnabledCipherSuites())
        .containsExactly("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    for (String[] wrong : new String[][] {null, {null}, {""}, {"TLS_FOO_WITH_BAR"}}) {
      assertThatThrownBy(() -> engine.setEnabledCipherSuites(wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void clientAuthenticationIsOneOfThree() {
    SSLEngine engine = engine();
    engine.setNeedClientAuth(true);
    assertThat(engine.getNeedClientAuth()).isTrue();
    engine.setWantClientAuth(true);
    assertThat(engine.getNeedClientAuth()).isFalse();
    assertThat(engine.getWantClientAuth()).isTrue();
    engine.setNeedClientAuth(false);
    assertThat(engine.getWantClientAuth()).isFalse();
  }

  @Test
  void parametersGoInAndComeOut() {
    SSLEngine engine = engine();
    SSLParameters in = new SSLParameters();
    in.setProtocols(new String[] {"TLSv1.3"});
    in.setWantClientAuth(true);
    in.setApplicationProtocols(new String[] {"h2"});
    in.setEndpointIdentificationAlgorithm("LDAPS");
    in.setUseCipherSuitesOrder(false);
    in.setMaximumPacketSize(2_000);
    in.setEnableRetransmissions(false);
    engine.setSSLParameters(in);
    SSLParameters out = engine.getSSLParameters();
    assertThat(out.getProtocols()).containsExactly("TLSv1.3");
    assertThat(out.getCipherSuites()).isEqualTo(engine.getSupportedCipherSuites());
    assertThat(out.getWantClientAuth()).isTrue();
    assertThat(out.getNeedClientAuth()).isFalse();
    assertThat(out.getApplicationProtocols()).containsExactly("h2");
    assertThat(out.getEndpointIdentificationAlgorithm()).isEqualTo("LDAPS");
    assertThat(out.getUseCipherSuitesOrder()).isFalse();
    assertThat(out.getMaximumPacketSize()).isEqualTo(2_000);
    assertThat(out.getEnableRetransmissions()).isFalse();
    in.setEndpointIdentificationAlgorithm("GOPHER");
    assertThatThrownBy(() -> engine.setSSLParameters(in))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("GOPHER");
    assertThat(engine.getSSLParameters().getMaximumPacketSize())
        .as("all or nothing")
        .isEqualTo(2_000);
  }

  @Test
  void settingsOfOneEngineAreNoOthers() {
    SSLContext context = TestContexts.MANAGERS.client();
    SSLEngine one = context.createSSLEngine();
    SSLEngine other = context.createSSLEngine();
    one.setEnabledProtocols(new String[] {"TLSv1.2"});
    one.setNeedClientAuth(true);
    assertThat(other.getEnabledProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
    assertThat(other.getNeedClientAuth()).isFalse();
    assertThat(one.getEnabledProtocols()).containsExactly("TLSv1.2");
  }

  @Test
  void clientsShowTheServerNameThatTheyAskFor() {
    SSLEngine engine = TestContexts.MANAGERS.client().createSSLEngine("host.example", 1);
    assertThat(engine.getSSLParameters().getServerNames()).as("server").isNull();
    engine.setUseClientMode(true);
    assertThat(engine.getSSLParameters().getServerNames())
        .containsExactly(new SNIHostName("host.example"));
    SSLParameters none = new SSLParameters();
    none.setServerNames(List.of());
    engine.setSSLParameters(none);
    assertThat(engine.getSSLParameters().getServerNames()).isEmpty();
  }

  /** Where the Java that runs this has them (since 20). */
  @Test
  void namedGroupsGoInAndComeOut() throws Exception {
    for (Method setter : settersOf("setNamedGroups")) {
      Method getter = SSLParameters.class.getMethod("getNamedGroups");
      SSLEngine engine = engine();
      engine.setUseClientMode(true);
      assertThat(getter.invoke(engine.getSSLParameters())).as("default").isNull();
      SSLParameters parameters = engine.getSSLParameters();
      setter.invoke(parameters, (Object) new String[] {"ffdhe2048", "secp384r1", "X25519"});
      engine.setSSLParameters(parameters);
      assertThat(getter.invoke(engine.getSSLParameters()))
          .isEqualTo(new String[] {"secp384r1", "x25519"});
      setter.invoke(parameters, (Object) new String[] {"x25519", "no-such-group"});
      assertThatThrownBy(() -> engine.setSSLParameters(parameters))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no-such-group");
      setter.invoke(parameters, (Object) new String[] {"ffdhe2048"});
      engine.setSSLParameters(parameters);
      assertThatThrownBy(engine::beginHandshake)
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("named groups");
    }
    assertThat(settersOf("setNamedGroups")).hasSize(Runtime.version().feature() < 20 ? 0 : 1);
  }

  private static List<Method> settersOf(String name) {
    return Stream.of(SSLParameters.class.getMethods())
        .filter(method -> method.getName().equals(name))
        .collect(Collectors.toList());
  }

  @Test
  void recordsKeepToTheMaximumPacketSize() throws Exception {
    EnginePair pair = EnginePair.of(TestContexts.STORES.client(), TestContexts.STORES.server());
    SSLParameters parameters = pair.client.getSSLParameters();
    parameters.setMaximumPacketSize(1_000);
    pair.client.setSSLParameters(parameters);
    pair.handshake();
    SSLEngineResult result = pair.client.wrap(ByteBuffer.allocate(5_000), room());
    assertThat(result.bytesProduced()).isBetween(900, 1_000);
  }

  @Test
  void handshakesKeepToTheMaximumPacketSize() throws Exception {
    EnginePair pair = EnginePair.of(TestContexts.MANAGERS.client(), TestContexts.MANAGERS.server());
    for (SSLEngine engine : List.of(pair.client, pair.server)) {
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setMaximumPacketSize(400);
      engine.setSSLParameters(parameters);
    }
    pair.client.beginHandshake();
    int records = 0;
    while (pair.client.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      int produced =
          EnginePair.wrap(pair.client, ByteBuffer.allocate(0), pair.toServer).bytesProduced();
      assertThat(produced).isLessThanOrEqualTo(400);
      records++;
    }
    assertThat(records).as("records of a ClientHello of more than 1200 bytes").isGreaterThan(3);
    pair.handshake().exchange();
  }

  // ---- Records ---------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void everyKindOfBuffer(String protocol) throws Exception {
    EnginePair pair = pair(protocol);
    byte[] data = EnginePair.pattern(10_000, 1);
    for (ByteBuffer source : buffers(data, true)) {
      for (ByteBuffer wire : buffers(new byte[20_000], false)) {
        for (ByteBuffer plain : buffers(new byte[12_000], false)) {
          ByteBuffer from = source.duplicate();
          int start = wire.position();
          SSLEngineResult sealed = pair.client.wrap(from, wire);
          assertThat(sealed.bytesConsumed()).isEqualTo(data.length);
          assertThat(from.hasRemaining()).isFalse();
          assertThat(wire.position()).isEqualTo(start + sealed.bytesProduced());
          ByteBuffer record = wire.duplicate();
          record.limit(wire.position()).position(start);
          wire.position(start);
          for (ByteBuffer input : new ByteBuffer[] {record.asReadOnlyBuffer()}) {
            int plainStart = plain.position();
            SSLEngineResult opened = pair.server.unwrap(input, plain);
            assertThat(opened.bytesProduced()).isEqualTo(data.length);
            assertThat(input.hasRemaining()).isFalse();
            byte[] got = new byte[data.length];
            plain.position(plainStart);
            plain.duplicate().get(got);
            assertThat(got).isEqualTo(data);
          }
        }
      }
    }
  }

  /** Direct, heap, sliced, with offsets; for reading also read-only. */
  private static ByteBuffer[] buffers(byte[] content, boolean reading) {
    ByteBuffer heap = ByteBuffer.wrap(content.clone());
    ByteBuffer direct = ByteBuffer.allocateDirect(content.length + 7);
    direct.position(7);
    direct.duplicate().put(content);
    ByteBuffer padded = ByteBuffer.allocate(content.length + 11);
    padded.position(5);
    padded.duplicate().put(content);
    padded.limit(5 + content.length);
    ByteBuffer[] writable = {heap, direct, direct.slice(), padded, padded.slice()};
    if (!reading) {
      return writable;
    }
    ByteBuffer[] all = Arrays.copyOf(writable, 7);
    all[5] = heap.asReadOnlyBuffer();
    all[6] = direct.asReadOnlyBuffer();
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void gatherAndScatter(String protocol) throws Exception {
    EnginePair pair = pair(protocol);
    byte[] data = EnginePair.pattern(40_000, 5);
    ByteBuffer[] sources = new ByteBuffer[12];
    int at = 0;
    for (int i = 0; i < sources.length; i++) {
      int length = i == 11 ? data.length - at : i * 700;
      ByteBuffer part =
          i % 2 == 0 ? ByteBuffer.allocate(length) : ByteBuffer.allocateDirect(length);
      part.put(data, at, length).flip();
      sources[i] = i % 3 == 0 ? part.asReadOnlyBuffer() : part;
      at += length;
    }
    int records = 0;
    ByteBuffer wire = ByteBuffer.allocate(100_000);
    while (Arrays.stream(sources).anyMatch(ByteBuffer::hasRemaining)) {
      SSLEngineResult result = pair.client.wrap(sources, 0, sources.length, wire);
      assertThat(result.getStatus()).isEqualTo(Status.OK);
      assertThat(result.bytesConsumed()).isBetween(1, 16_384);
      records++;
    }
    assertThat(records).as("records, joined").isLessThanOrEqualTo(4);
    wire.flip();
    ByteBuffer[] targets = new ByteBuffer[50];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = i % 2 == 0 ? ByteBuffer.allocate(999) : ByteBuffer.allocateDirect(999);
    }
    while (wire.hasRemaining()) {
      SSLEngineResult result = pair.server.unwrap(wire, targets, 1, 48);
      assertThat(result.getStatus()).isEqualTo(Status.OK);
    }
    assertThat(targets[0].position()).isZero();
    assertThat(targets[49].position()).isZero();
    ByteBuffer joined = ByteBuffer.allocate(data.length);
    for (ByteBuffer target : targets) {
      joined.put(target.flip());
    }
    assertThat(joined.array()).isEqualTo(data);
  }

  /** There is less in it, and less room, than the array seems to have. */
  @Test
  void oneBufferTwiceInAnArrayIsRefused() throws Exception {
    EnginePair pair = pair("TLSv1.3");
    ByteBuffer source = ByteBuffer.allocate(60);
    ByteBuffer record = ByteBuffer.allocate(1_000);
    ByteBuffer[] sources = {source, source};
    assertThatThrownBy(() -> pair.client.wrap(sources, record))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
    pair.send(pair.server, ByteBuffer.allocate(100));
    ByteBuffer target = ByteBuffer.allocate(60);
    ByteBuffer[] targets = {target, target};
    assertThatThrownBy(() -> pair.client.unwrap(pair.toClient, targets))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void underflowAndOverflowTouchNothing(String protocol) throws Exception {
    EnginePair pair = pair(protocol);
    ByteBuffer source = ByteBuffer.wrap(EnginePair.pattern(1_000, 2));
    ByteBuffer tight = ByteBuffer.allocate(1_000);
    SSLEngineResult result = pair.client.wrap(source, tight);
    assertThat(result.getStatus()).isEqualTo(Status.BUFFER_OVERFLOW);
    assertThat(source.position() + tight.position()).isZero();
    ByteBuffer wire = room();
    pair.client.wrap(source, wire);
    wire.flip();
    for (int cut : new int[] {0, 1, 4, 5, 6, wire.limit() - 1}) {
      ByteBuffer part = wire.duplicate();
      part.limit(cut);
      ByteBuffer plain = room();
      result = pair.server.unwrap(part, plain);
      assertThat(result.getStatus()).isEqualTo(Status.BUFFER_UNDERFLOW);
      assertThat(part.position() + plain.position()).isZero();
    }
    ByteBuffer small = ByteBuffer.allocate(999);
    result = pair.server.unwrap(wire, small);
    assertThat(result.getStatus()).isEqualTo(Status.BUFFER_OVERFLOW);
    assertThat(wire.position() + small.position()).isZero();
    assertThat(small.array()).containsOnly(0);
    ByteBuffer exact = ByteBuffer.allocate(wire.limit());
    result = pair.server.unwrap(wire, exact);
    assertThat(result.getStatus()).isEqualTo(Status.OK);
    assertThat(result.bytesProduced()).isEqualTo(1_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void oneArrayAsSourceAndDestination(String protocol) throws Exception {
    EnginePair pair = pair(protocol);
    byte[] data = EnginePair.pattern(5_000, 9);
    byte[] array = Arrays.copyOf(data, 20_000);
    ByteBuffer wire = ByteBuffer.wrap(array);
    pair.client.wrap(ByteBuffer.wrap(array, 0, 5_000), wire);
    ByteBuffer plain = ByteBuffer.wrap(array);
    wire.flip();
    assertThat(pair.server.unwrap(wire, plain).bytesProduced()).isEqualTo(5_000);
    assertThat(Arrays.copyOf(array, 5_000)).isEqualTo(data);
    ByteBuffer direct = ByteBuffer.allocateDirect(20_000);
    direct.duplicate().put(data);
    ByteBuffer source = direct.duplicate();
    source.limit(5_000);
    ByteBuffer sealed = direct.duplicate();
    pair.client.wrap(source, sealed);
    sealed.flip();
    assertThat(pair.server.unwrap(sealed, direct).bytesProduced()).isEqualTo(5_000);
    byte[] got = new byte[5_000];
    direct.flip().get(got);
    assertThat(got).isEqualTo(data);
  }

  @Test
  void wrongArgumentsAreNamed() throws Exception {
    EnginePair pair = pair("TLSv1.3");
    SSLEngine engine = pair.client;
    ByteBuffer readOnly = room().asReadOnlyBuffer();
    assertThatThrownBy(() -> engine.wrap(room(), readOnly))
        .isInstanceOf(ReadOnlyBufferException.class);
    assertThatThrownBy(() -> engine.unwrap(room(), readOnly))
        .isInstanceOf(ReadOnlyBufferException.class);
    assertThatThrownBy(() -> engine.unwrap(room(), new ByteBuffer[] {room(), readOnly}))
        .isInstanceOf(ReadOnlyBufferException.class);
    assertThatThrownBy(() -> engine.wrap((ByteBuffer) null, room()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> engine.wrap(room(), null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> engine.unwrap(room(), (ByteBuffer) null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> engine.wrap(new ByteBuffer[] {room(), null}, room()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> engine.wrap(new ByteBuffer[2], 1, 2, room()))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> engine.unwrap(room(), new ByteBuffer[2], -1, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    pair.exchange();
  }

  @Test
  void emptyWrapSendsNothing() throws Exception {
    EnginePair pair = pair("TLSv1.3");
    SSLEngineResult result = pair.client.wrap(ByteBuffer.allocate(0), room());
    assertThat(result.getStatus()).isEqualTo(Status.OK);
    assertThat(result.bytesProduced()).isZero();
    result = pair.client.wrap(new ByteBuffer[0], room());
    assertThat(result.getStatus()).isEqualTo(Status.OK);
    assertThat(result.bytesProduced()).isZero();
  }

  // ---- Ends ------------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void properClose(String protocol) throws Exception {
    EnginePair pair = pair(protocol);
    pair.client.closeOutbound();
    assertThat(pair.client.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_WRAP);
    assertThat(pair.client.isOutboundDone()).isFalse();
    SSLEngineResult closing = EnginePair.wrap(pair.client, room(), pair.toServer);
    assertThat(closing.bytesProduced()).isPositive();
    assertThat(pair.client.isOutboundDone()).isTrue();
    assertThat(pair.client.wrap(room(), room()).getStatus()).isEqualTo(Status.CLOSED);
    SSLEngineResult closed = pair.server.unwrap(pair.toServer, room());
    assertThat(closed.getStatus()).isEqualTo(Status.CLOSED);
    assertThat(closed.bytesConsumed()).isEqualTo(closing.bytesProduced());
    assertThat(pair.server.isInboundDone()).isTrue();
    pair.server.closeInbound();
    if (protocol.equals("TLSv1.3")) {
      // The other direction is still open (RFC 8446 §6.1).
      assertThat(closed.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
      pair.send(pair.server, ByteBuffer.wrap(new byte[] {1, 2, 3}));
      assertThat(pair.receive(pair.client)).containsExactly(1, 2, 3);
      pair.server.closeOutbound();
    } else {
      // The answer is due at once, and nothing else (RFC 5246 §7.2.1).
      assertThat(closed.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_WRAP);
    }
    EnginePair.wrap(pair.server, room(), pair.toClient);
    assertThat(pair.client.unwrap(pair.toClient, room()).getStatus()).isEqualTo(Status.CLOSED);
    pair.client.closeInbound();
    assertEnded(pair.client);
    assertEnded(pair.server);
  }

  private static void assertEnded(SSLEngine engine) throws Exception {
    assertThat(engine.isInboundDone()).isTrue();
    assertThat(engine.isOutboundDone()).isTrue();
    assertThat(engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
    assertThat(engine.wrap(room(), room()).getStatus()).isEqualTo(Status.CLOSED);
    assertThat(engine.unwrap(room(), room()).getStatus()).isEqualTo(Status.CLOSED);
    assertThat(engine.getSession().getCipherSuite()).startsWith("TLS_");
    engine.closeOutbound();
    engine.closeInbound();
    assertThatThrownBy(engine::beginHandshake)
        .isExactlyInstanceOf(SSLException.class)
        .hasMessageContaining("closed");
    assertThat(engine.getDelegatedTask()).isNull();
    assertThat(engine.toString()).contains("NOT_HANDSHAKING");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void closingInboundEarlyIsAnError(String protocol) throws Exception {
    EnginePair pair = pair(protocol);
    assertThatThrownBy(pair.client::closeInbound)
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("close_notify");
    assertThat(pair.client.isInboundDone()).isTrue();
    pair.client.closeInbound();
    assertThat(pair.client.unwrap(room(), room()).getStatus()).isEqualTo(Status.CLOSED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void forgedRecordEndsTheConnectionWithAnAlert(String protocol) throws Exception {
    EnginePair pair = pair(protocol);
    EnginePair.wrap(pair.client, ByteBuffer.wrap(new byte[100]), pair.toServer);
    int last = pair.toServer.limit() - 1;
    pair.toServer.put(last, (byte) (pair.toServer.get(last) ^ 1));
    ByteBuffer plain = room();
    assertThatThrownBy(() -> pair.server.unwrap(pair.toServer, plain))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("bad_record_mac");
    assertThat(plain.position()).isZero();
    assertThat(plain.array()).containsOnly(0);
    assertThat(pair.server.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_WRAP);
    EnginePair.wrap(pair.server, room(), pair.toClient);
    assertThatThrownBy(() -> pair.client.unwrap(pair.toClient, room()))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("Received fatal alert: bad_record_mac");
    assertEnded(pair.server);
  }

  @Test
  void plaintextInsteadOfTls() {
    SSLEngine server = TestContexts.STORES.server().createSSLEngine();
    server.setUseClientMode(false);
    assertThatThrownBy(
            () -> server.unwrap(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes()), room()))
        .isInstanceOf(SSLException.class);
    assertThat(server.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_WRAP);
  }

  @Test
  void closedInTheMiddleOfTheHandshake() throws Exception {
    for (int steps = 1; steps < 12; steps++) {
      EnginePair pair = EnginePair.of(TestContexts.MANAGERS.client(), TestContexts.STORES.server());
      pair.client.beginHandshake();
      for (int i = 0; i < steps; i++) {
        SSLEngine engine = i % 2 == 0 ? pair.client : pair.server;
        EnginePair.step(
            engine,
            pair.wireFrom(engine),
            pair.wireFrom(engine == pair.client ? pair.server : pair.client));
      }
      pair.client.closeOutbound();
      for (int i = 0; i < 20 && !pair.client.isOutboundDone(); i++) {
        pair.client.wrap(room(), room());
      }
      assertThat(pair.client.isOutboundDone()).as("done after %s steps", steps).isTrue();
    }
  }

  @Test
  void taskOfAnEngineThatWasClosedMeanwhile() throws Exception {
    EnginePair pair = EnginePair.of(TestContexts.STORES.client(), TestContexts.STORES.server());
    pair.client.beginHandshake();
    EnginePair.step(pair.client, pair.toServer, pair.toClient);
    EnginePair.step(pair.server, pair.toClient, pair.toServer);
    assertThat(pair.server.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_TASK);
    Runnable task = pair.server.getDelegatedTask();
    assertThat(pair.server.wrap(room(), room()).getHandshakeStatus())
        .isEqualTo(HandshakeStatus.NEED_TASK);
    assertThat(pair.server.unwrap(room(), room()).getHandshakeStatus())
        .isEqualTo(HandshakeStatus.NEED_TASK);
    pair.server.closeOutbound();
    task.run();
    task.run();
    for (int i = 0; i < 5; i++) {
      pair.server.wrap(room(), room());
    }
    assertThat(pair.server.isOutboundDone()).isTrue();
  }

  @Test
  void abandonedEnginesAreFreed() throws Exception {
    SSLContext context = TestContexts.STORES.client();
    for (int i = 0; i < 2_000; i++) {
      SSLEngine engine = context.createSSLEngine("localhost", 1);
      engine.setUseClientMode(true);
      engine.beginHandshake();
      if (i % 3 == 0) {
        engine.wrap(room(), room());
      }
    }
    System.gc();
    pair("TLSv1.3").exchange();
  }

  /** One thread wraps, another unwraps, a third asks. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bothDirectionsAtOnce(String protocol) throws Exception {
    EnginePair pair = pair(protocol);
    int records = 3_000;
    byte[] data = EnginePair.pattern(4_000, 4);
    ByteBuffer[] wires = new ByteBuffer[records];
    for (int i = 0; i < records; i++) {
      wires[i] = ByteBuffer.allocate(4_200);
      pair.server.wrap(ByteBuffer.wrap(data), wires[i]);
      wires[i].flip();
    }
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      Future<Integer> reader =
          threads.submit(
              () -> {
                ByteBuffer plain = ByteBuffer.allocateDirect(5_000);
                int good = 0;
                for (ByteBuffer wire : wires) {
                  plain.clear();
                  good += pair.client.unwrap(wire, plain).bytesProduced() == 4_000 ? 1 : 0;
                }
                return good;
              });
      Future<Integer> writer =
          threads.submit(
              () -> {
                ByteBuffer sealed = ByteBuffer.allocate(5_000);
                ByteBuffer plain = ByteBuffer.allocate(5_000);
                int good = 0;
                for (int i = 0; i < records; i++) {
                  pair.client.wrap(ByteBuffer.wrap(data), sealed.clear());
                  pair.server.unwrap(sealed.flip(), plain.clear());
                  good += Arrays.equals(Arrays.copyOf(plain.array(), 4_000), data) ? 1 : 0;
                }
                return good;
              });
      Future<?> asker =
          threads.submit(
              () -> {
                while (!reader.isDone() || !writer.isDone()) {
                  assertThat(pair.client.getHandshakeStatus())
                      .isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
                  assertThat(pair.client.isOutboundDone()).isFalse();
                }
              });
      assertThat(reader.get(30, TimeUnit.SECONDS)).isEqualTo(records);
      assertThat(writer.get(30, TimeUnit.SECONDS)).isEqualTo(records);
      asker.get(30, TimeUnit.SECONDS);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void sessionValuesAndTheirListeners() throws Exception {
    EnginePair pair = pair("TLSv1.3");
    StringBuilder heard = new StringBuilder();
    SSLSessionBindingListener listener =
        new SSLSessionBindingListener() {
          @Override
          public void valueBound(SSLSessionBindingEvent event) {
            heard.append("+").append(event.getName());
          }

          @Override
          public void valueUnbound(SSLSessionBindingEvent event) {
            heard.append("-").append(event.getName());
          }
        };
    pair.client.getSession().putValue("a", listener);
    assertThat(pair.client.getSession().getValueNames()).containsExactly("a");
    pair.client.getSession().putValue("a", "other");
    pair.client.getSession().putValue("b", listener);
    pair.client.getSession().removeValue("b");
    assertThat(heard).hasToString("+a-a+b-b");
    assertThatThrownBy(() -> pair.client.getSession().putValue(null, "x"))
        .isInstanceOf(IllegalArgumentException.class);
    pair.client.getSession().invalidate();
    assertThat(pair.client.getSession().isValid()).isFalse();
    pair.exchange();
  }
}
