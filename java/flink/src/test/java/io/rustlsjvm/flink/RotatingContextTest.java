package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rustlsjvm.jsse.ClientAuthentication;
import io.rustlsjvm.jsse.RustlsContextBuilder;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a channel whose files change. */
@Timeout(120)
class RotatingContextTest {
  @TempDir static Path stores;
  private static Path first;
  private static Path second;
  private static SSLContext observer;

  @TempDir Path folder;
  private final RecordingLog log = new RecordingLog();
  private final AdjustableClock clock = new AdjustableClock();
  private Path keystore;
  private Path truststore;

  private static final class AdjustableClock extends Clock {
    private Instant now = Instant.now();

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  @BeforeAll
  static void makeStores() throws Exception {
    first = TestStores.pair(stores, "first", "-validity", "100");
    second = TestStores.pair(stores, "second", "-validity", "40");
    observer = observer();
  }

  @BeforeEach
  void copyStores() throws Exception {
    keystore = Files.copy(first, folder.resolve("keystore.p12"));
    truststore = Files.copy(first, folder.resolve("truststore.p12"));
  }

  @Test
  void changedFilesAreUsedForNewConnectionsAndOldOnesGoOn() throws Exception {
    RotatingContext context = restServer();
    EngineTalk before = talkTo(context);
    assertThat(before.shownByServer()).isEqualTo("CN=first");
    log.take();

    replace(keystore, second);
    assertThat(context.look()).isEqualTo(RotatingContext.SETTLED);
    assertThat(talkTo(context).shownByServer()).as("until it has settled").isEqualTo("CN=first");
    assertThat(context.look()).isEqualTo(Duration.ofSeconds(10));

    assertThat(talkTo(context).shownByServer()).isEqualTo("CN=second");
    before.exchange();
    assertThat(log.take())
        .singleElement()
        .asString()
        .startsWith("INFO TLS of rest-server has new certificates")
        .contains("key: CN=second, valid until 20")
        .containsPattern("SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2} ")
        .contains("security.ssl.rest.keystore: " + keystore)
        .doesNotContain(TestStores.PASSWORD);
  }

  /** As Kubernetes renews a mounted secret. */
  @Test
  void swappedLinkIsFollowed() throws Exception {
    Path one = Files.createDirectory(folder.resolve("..one"));
    Path two = Files.createDirectory(folder.resolve("..two"));
    Files.copy(first, one.resolve("mounted.p12"));
    Files.copy(second, two.resolve("mounted.p12"));
    FileTime sameTime = Files.getLastModifiedTime(one.resolve("mounted.p12"));
    Files.setLastModifiedTime(two.resolve("mounted.p12"), sameTime);
    Path data = Files.createSymbolicLink(folder.resolve("..data"), one.getFileName());
    keystore = Files.createSymbolicLink(folder.resolve("m.p12"), Path.of("..data/mounted.p12"));
    RotatingContext context = restServer();

    Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), two.getFileName());
    Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    rotate(context);

    assertThat(talkTo(context).shownByServer()).isEqualTo("CN=second");
  }

  @Test
  void rewrittenInPlaceAndSeenHalfWritten() throws Exception {
    RotatingContext context = restServer();
    log.take();
    byte[] whole = Files.readAllBytes(second);

    Files.write(keystore, Arrays.copyOf(whole, whole.length / 2));
    rotate(context);
    assertThat(talkTo(context).shownByServer()).isEqualTo("CN=first");
    assertThat(log.take())
        .singleElement()
        .asString()
        .startsWith("ERROR TLS of rest-server goes on with the certificates that it has")
        .contains("security.ssl.rest.keystore")
        .contains(keystore.toString())
        .contains("security.ssl.rustls.reload-interval");
    rotate(context);
    assertThat(log.take()).as("said once").isEmpty();

    Files.write(keystore, whole);
    rotate(context);
    assertThat(talkTo(context).shownByServer()).isEqualTo("CN=second");
  }

  /** Some tools set the time of modification back after they have written. */
  @Test
  void changeUnderAnOldTimeIsSeen() throws Exception {
    RotatingContext context = restServer();
    FileTime time = Files.getLastModifiedTime(keystore);
    Files.write(keystore, Files.readAllBytes(second));
    Files.setLastModifiedTime(keystore, time);
    rotate(context);
    assertThat(talkTo(context).shownByServer()).isEqualTo("CN=second");
  }

  @Test
  void deletedFileLeavesTheOldInForce() throws Exception {
    RotatingContext context = restServer();
    log.take();
    Path aside = folder.resolve("aside");

    Files.move(keystore, aside);
    rotate(context);
    assertThat(talkTo(context).shownByServer()).isEqualTo("CN=first");
    assertThat(log.take())
        .singleElement()
        .asString()
        .startsWith("ERROR")
        .contains(keystore.toString())
        .contains("no such file");

    Files.move(aside, keystore);
    rotate(context);
    assertThat(talkTo(context).shownByServer()).isEqualTo("CN=first");
    assertThat(log.take())
        .singleElement()
        .asString()
        .startsWith("INFO TLS of rest-server has the files back");
  }

  @Test
  void keyThatDoesNotFitItsCertificateIsRefused() throws Exception {
    keystore = Files.createDirectory(folder.resolve("pem"));
    pemCertificate(first, keystore.resolve("tls.crt"));
    pemKey(first, keystore.resolve("tls.key"));
    RotatingContext context = restServer();
    log.take();

    pemCertificate(second, keystore.resolve("tls.crt"));
    rotate(context);
    assertThat(talkTo(context).shownByServer()).isEqualTo("CN=first");
    assertThat(log.take()).singleElement().asString().startsWith("ERROR").contains("key");

    pemKey(second, keystore.resolve("tls.key"));
    rotate(context);
    assertThat(talkTo(context).shownByServer()).isEqualTo("CN=second");
  }

  @Test
  void keystoreAndTruststoreChangeTogetherOrNotAtAll() throws Exception {
    RotatingContext context = internal(Channel.DATA_SERVER);
    SSLContext before = context.get();

    Files.writeString(truststore, "not yet a store");
    replace(keystore, second);
    rotate(context);
    assertThat(context.get()).isSameAs(before);

    replace(truststore, second);
    rotate(context);
    assertThat(context.get()).isNotSameAs(before);
    Configuration config = TestStores.internal(second);
    SSLContext clients =
        ChannelContexts.get(
            ChannelSettings.internal(new FlinkOptions(config), Channel.DATA_CLIENT));
    assertThat(EngineTalk.between(clients, followed(context)).shownByServer())
        .isEqualTo("CN=second");
  }

  /** What was copied or touched keeps its sessions. */
  @Test
  void sameContentIsNoChange() throws Exception {
    RotatingContext context = restServer();
    SSLContext before = context.get();
    log.take();
    replace(keystore, first);
    rotate(context);
    assertThat(context.get()).isSameAs(before);
    assertThat(log.take()).isEmpty();
    assertThat(context.look()).as("nothing left to do").isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void sessionsEndWithTheConfigurationThatMadeThem() throws Exception {
    Configuration config = TestStores.internal(first);
    config.setString("security.ssl.protocol", "TLSv1.2,TLSv1.3");
    SSLContext clients =
        ChannelContexts.get(
            ChannelSettings.internal(new FlinkOptions(config), Channel.DATA_CLIENT));
    for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
      replace(keystore, first);
      replace(truststore, first);
      Configuration own = configuration();
      own.setString("security.ssl.protocol", protocol);
      RotatingContext context =
          rotating(ChannelSettings.internal(new FlinkOptions(own), Channel.DATA_SERVER));
      SSLContext servers = followed(context);
      byte[] session = EngineTalk.between(clients, servers).sessionOfClient();
      assertThat(EngineTalk.between(clients, servers).sessionOfClient())
          .as("resumed with " + protocol)
          .isEqualTo(session);

      // The client's certificate is no longer trusted; the server's stays.
      replace(truststore, second);
      rotate(context);
      assertThatThrownBy(() -> EngineTalk.between(clients, servers))
          .as(protocol)
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("not trusted");
    }
  }

  @Test
  void clientsForgetTheirSessions() throws Exception {
    RotatingContext context = internal(Channel.DATA_CLIENT);
    SSLContext clients = followed(context);
    SSLContext servers =
        ChannelContexts.get(
            ChannelSettings.internal(
                new FlinkOptions(TestStores.internal(first)), Channel.DATA_SERVER));
    byte[] session = EngineTalk.between(clients, servers).sessionOfClient();
    assertThat(EngineTalk.between(clients, servers).sessionOfClient()).isEqualTo(session);

    replace(truststore, second);
    rotate(context);
    assertThatThrownBy(() -> EngineTalk.between(clients, servers))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("not trusted");
  }

  @Test
  void soonExpiringCertificatesAreWarnedOfOnceADay() throws Exception {
    RotatingContext context = restServer();
    assertThat(warnings()).isEmpty();

    replace(keystore, second);
    rotate(context);
    assertThat(warnings()).as("40 days before").isEmpty();

    clock.now = clock.now.plus(Duration.ofDays(15));
    context.look();
    assertThat(warnings())
        .singleElement()
        .asString()
        .contains("security.ssl.rest.keystore: " + keystore)
        .contains("CN=second expires on 20");
    clock.now = clock.now.plus(Duration.ofHours(23));
    context.look();
    assertThat(warnings()).as("the same day").isEmpty();
    clock.now = clock.now.plus(Duration.ofHours(2));
    context.look();
    assertThat(warnings()).as("the next day").hasSize(1);
  }

  @Test
  void soonIsWhatTheOptionSays() throws Exception {
    Configuration config = configuration();
    config.setString("security.ssl.rustls.expiry-warning", "200 d");
    rotating(ChannelSettings.internal(new FlinkOptions(config), Channel.RPC_SERVER));
    assertThat(warnings()).hasSize(2).allMatch(line -> line.contains("CN=first expires on 20"));
  }

  /** Through the thread that looks, and what Flink holds on to: a server socket, a factory. */
  @Test
  void changesReachChannelsThatAreOpen() throws Exception {
    Configuration config = configuration();
    config.setString("security.ssl.rustls.reload-interval", "50 ms");
    SSLContext servers =
        ChannelContexts.get(
            ChannelSettings.internal(new FlinkOptions(config), Channel.DATA_SERVER));
    try (BlobTalk blobs = new BlobTalk(config)) {
      assertThat(EngineTalk.between(observer, servers).shownByServer()).isEqualTo("CN=first");
      assertThat(blobs.shownByServer()).isEqualTo("CN=first");

      replace(keystore, second);
      Files.write(truststore, Files.readAllBytes(pemOfBoth()));
      long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (!EngineTalk.between(observer, servers).shownByServer().equals("CN=second")
          || !blobs.shownByServer().equals("CN=second")) {
        assertThat(System.nanoTime()).as("the change was never seen").isLessThan(end);
        Thread.sleep(20);
      }
    }
  }

  @Test
  void whatNobodyUsesIsNotLookedAfter() throws Exception {
    Configuration config = configuration();
    config.setString("security.ssl.rustls.reload-interval", "10 ms");
    RotatingContext context =
        rotating(ChannelSettings.internal(new FlinkOptions(config), Channel.DATA_SERVER));
    FileWatch.add(context);
    WeakReference<RotatingContext> unused = new WeakReference<>(context);
    context = null;
    while (unused.get() != null) { // the test's time limit ends it otherwise
      System.gc();
      Thread.sleep(20);
    }
  }

  @Test
  void zeroMeansNever() throws Exception {
    Configuration config = configuration();
    config.setString("security.ssl.rustls.reload-interval", "0");
    ChannelSettings settings =
        ChannelSettings.internal(new FlinkOptions(config), Channel.DATA_SERVER);
    SSLContext servers = ChannelContexts.get(settings);
    replace(keystore, second);
    assertThat(ChannelContexts.get(settings)).isSameAs(servers);
    assertThat(EngineTalk.between(observer, servers).shownByServer()).isEqualTo("CN=first");
  }

  private RotatingContext restServer() throws Exception {
    Configuration config = TestStores.rest(keystore);
    return rotating(
        ChannelSettings.rest(new FlinkOptions(config), false, ClientAuthentication.NONE));
  }

  private RotatingContext internal(Channel channel) throws Exception {
    return rotating(ChannelSettings.internal(new FlinkOptions(configuration()), channel));
  }

  private Configuration configuration() {
    Configuration config = TestStores.internal(keystore);
    config.setString("security.ssl.internal.truststore", truststore.toString());
    return config;
  }

  private RotatingContext rotating(ChannelSettings settings) throws Exception {
    return new RotatingContext(settings, clock, log.logger());
  }

  /** Looks twice: what has changed is read when it has settled. */
  private static void rotate(RotatingContext context) {
    context.look();
    context.look();
  }

  private EngineTalk talkTo(RotatingContext context) throws SSLException {
    return EngineTalk.between(observer, followed(context));
  }

  private static SSLContext followed(RotatingContext context) {
    return RustlsContextBuilder.following(context);
  }

  private List<String> warnings() {
    List<String> lines = new ArrayList<>(log.take());
    lines.removeIf(line -> !line.startsWith("WARN"));
    return lines;
  }

  private static void replace(Path target, Path source) throws Exception {
    Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
  }

  /** A client that trusts both certificates and shows the first. */
  private static SSLContext observer() throws Exception {
    Configuration config = TestStores.internal(first);
    config.setString("security.ssl.internal.truststore", pemOfBoth().toString());
    return ChannelContexts.get(
        ChannelSettings.internal(new FlinkOptions(config), Channel.DATA_CLIENT));
  }

  private static Path pemOfBoth() throws Exception {
    Path both = stores.resolve("both.pem");
    Files.writeString(
        both,
        TestStores.pem("CERTIFICATE", certificate(first))
            + TestStores.pem("CERTIFICATE", certificate(second)));
    return both;
  }

  private static void pemCertificate(Path store, Path target) throws Exception {
    Files.writeString(target, TestStores.pem("CERTIFICATE", certificate(store)));
  }

  private static void pemKey(Path store, Path target) throws Exception {
    KeyStore loaded = TestStores.load(store);
    Key key = loaded.getKey(loaded.aliases().nextElement(), TestStores.PASSWORD.toCharArray());
    Files.writeString(target, TestStores.pem("PRIVATE KEY", key.getEncoded()));
  }

  private static byte[] certificate(Path store) throws Exception {
    KeyStore loaded = TestStores.load(store);
    Certificate certificate = loaded.getCertificate(loaded.aliases().nextElement());
    return certificate.getEncoded();
  }
}
