package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.cluster.Cluster;
import io.rustlsjvm.demo.cluster.JvmProcess;
import io.rustlsjvm.demo.cluster.RestClient;
import io.rustlsjvm.demo.cluster.Role;
import io.rustlsjvm.demo.report.TlsObservation;
import io.rustlsjvm.demo.stores.KeystoreFile;
import io.rustlsjvm.demo.stores.TlsContexts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;
import javax.management.JMException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * One job goes through all that its cluster meets with: thousands of connections, floods of
 * handshakes, peers that say nothing, a network that fails, a TaskManager that dies. Its result is
 * exact.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LoadAndFaultsIT {
  private static final int TASK_MANAGERS = 3;

  /** One TaskManager is left to take the place of another. */
  private static final int PARALLELISM = 2;

  private static final long RECORDS = 160_000;
  private static final int CONNECTIONS = 1_000;

  /** Those whose clients may be anybody who can connect. */
  private static final List<String> CHANNELS =
      List.of("rest-server", "data-server", "rpc-server", "blob-server");

  /** Of each flood, at least. */
  private static final int FLOOD = 200;

  /** Beside what comes and goes with the job, the compiler and JMX. */
  private static final int OTHER_FILES = CONNECTIONS / 10;

  private static final int OTHER_THREADS = CONNECTIONS / 5;
  private static final long OTHER_BYTES = 128L << 20;

  /** Two seconds of them: several heartbeats and checkpoints, and less than their limits. */
  private static final int FAULT_PAUSES = 40;

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final List<TcpProxy> NETWORK = new ArrayList<>();
  private static Cluster cluster;
  private static Path go;
  private static String id;
  private static RunningJob job;
  private static int restartsAtFirst;

  /** One that the job runs on. */
  private static Role worker;

  private static Stores stores;

  @BeforeAll
  static void start() throws IOException {
    Path folder = Setup.folder("load-and-faults");
    go = folder.resolve("go").toAbsolutePath();
    stores = Stores.get();
    cluster = describe(folder);
    for (int number = 1; number <= TASK_MANAGERS; number++) {
      putNetworkBefore(
          Role.taskManager(number), "taskmanager.data.port", "taskmanager.data.bind-port");
      cluster.reconfigure(
          Role.taskManager(number),
          Map.of("taskmanager.resource-id", Role.taskManager(number).name()));
    }
    int rpc = putNetworkBefore(Role.JOB_MANAGER, "jobmanager.rpc.port", "jobmanager.rpc.bind-port");
    for (int number = 1; number <= TASK_MANAGERS; number++) {
      cluster.reconfigure(
          Role.taskManager(number), Map.of("jobmanager.rpc.port", String.valueOf(rpc)));
    }
    cluster.start();
    id =
        cluster.submit(
            Setup.job(), String.valueOf(RECORDS), String.valueOf(PARALLELISM), go.toString());
    job = new RunningJob(cluster, id);
    job.awaitProgress();
    restartsAtFirst = job.restarts();
    worker = Role.named(job.taskManagers().iterator().next());
  }

  @AfterAll
  static void stop() throws IOException {
    if (cluster != null) {
      cluster.stop();
    }
    for (TcpProxy proxy : NETWORK) {
      proxy.close();
    }
  }

  private static Cluster describe(Path folder) throws IOException {
    return Clusters.describe(
            folder,
            new TlsObservation(folder.resolve("tls")),
            Stores.with(
                Stores.internalOptions("RUSTLS", stores.internalNamed()),
                "security.ssl.protocol",
                "TLSv1.2,TLSv1.3",
                "security.ssl.internal.handshake-timeout",
                "5000"))
        // All of the heap from the start: what a process grows by is native memory.
        .jvmOptions(
            (any, role) ->
                role.equals(Role.CLIENT)
                    ? List.of()
                    : List.of(
                        role.equals(Role.JOB_MANAGER) ? "-Xms384m" : "-Xms448m",
                        "-XX:+AlwaysPreTouch"))
        .options(
            Map.of(
                "restart-strategy.type",
                "fixed-delay",
                "restart-strategy.fixed-delay.attempts",
                "1000",
                "restart-strategy.fixed-delay.delay",
                "200 ms",
                "web.exception-history-size",
                "1000",
                "cluster.registration.error-delay",
                "500 ms",
                // By the second that goes nowhere a TaskManager is known to be dead.
                "heartbeat.interval",
                "1000",
                "heartbeat.timeout",
                "20000"))
        .taskManagers(TASK_MANAGERS)
        .build();
  }

  /** What others connect to is then a proxy, behind which the process listens. */
  private static int putNetworkBefore(Role role, String port, String bindPort) throws IOException {
    int own = cluster.port(role, port);
    TcpProxy proxy = new TcpProxy(own);
    NETWORK.add(proxy);
    cluster.reconfigure(
        role, Map.of(port, String.valueOf(proxy.port()), bindPort, String.valueOf(own)));
    return proxy.port();
  }

  @Test
  @Order(1)
  void thousandsOfConnectionsAreServedAndLeaveNothing() throws IOException, JMException {
    Map<String, ProcessUsage> before = usage();
    try (Management worker = Management.of(worker());
        OpenConnections rest =
            OpenConnections.open(
                dialer("rest-server"), CONNECTIONS, LoadAndFaultsIT::askForConfiguration)) {
      long handshakes = worker.count("data-server", "Handshakes");
      long resumed = worker.count("data-server", "ResumedHandshakes");
      try (OpenConnections data =
          OpenConnections.open(dialer("data-server"), CONNECTIONS, socket -> {})) {
        await(
            "all are let in",
            () -> worker.count("data-server", "Handshakes") >= handshakes + CONNECTIONS);
        assertThat(worker.count("data-server", "ResumedHandshakes"))
            .as("they are whole handshakes")
            .isEqualTo(resumed);
        Map<String, ProcessUsage> loaded = usage();
        assertThat(loaded)
            .allSatisfy(
                (process, now) ->
                    assertThat(now.files())
                        .as(process)
                        .isGreaterThanOrEqualTo(
                            before.get(process).files() + CONNECTIONS - OTHER_FILES));
        assertThreadsAndMemory(before, loaded);

        askHonestly();
        job.awaitProgress();
        rest.forEach(LoadAndFaultsIT::askForConfiguration);
        assertThat(data.silent()).as("nobody was thrown out").isEqualTo(CONNECTIONS);
      }
    }
    awaitNoMoreThan(before);
  }

  @Test
  @Order(2)
  void floodsOfRefusedHandshakesAreCountedAndLeaveNothing() throws IOException, JMException {
    Map<String, ProcessUsage> before = usage();
    Map<String, HandshakeFlood> floods = new LinkedHashMap<>();
    try (Management manager = Management.of(cluster.processes().get(Role.JOB_MANAGER));
        Management worker = Management.of(worker())) {
      Map<String, Map<String, Long>> expected = new LinkedHashMap<>();
      for (String channel : CHANNELS) {
        expected.put(
            channel,
            new TreeMap<>((isData(channel) ? worker : manager).table(channel, "FailuresByAlert")));
      }
      try {
        for (String channel : CHANNELS) {
          floods.put(
              channel + " certificate_required",
              HandshakeFlood.ofStrangers(
                  new Dialer(TlsContexts.of(trusted(channel), null), port(channel)), 1));
          floods.put(
              channel + " unknown_ca",
              HandshakeFlood.ofStrangers(
                  new Dialer(
                      InsistentKeys.context(trusted(channel), stores.stranger()), port(channel)),
                  1));
        }
        serveDuring(floods.values(), HandshakeFlood::refused, HandshakeFlood::letIn);
      } finally {
        end(floods.values());
      }
      floods.forEach(
          (what, flood) -> {
            assertThat(flood.letIn()).as(what).isZero();
            String[] where = what.split(" ");
            expected.get(where[0]).merge("sent " + where[1], (long) flood.refused(), Long::sum);
          });
      for (String channel : CHANNELS) {
        awaitEqual(
            expected.get(channel),
            () -> (isData(channel) ? worker : manager).table(channel, "FailuresByAlert"));
      }
    }
    awaitNoMoreThan(before);
  }

  /** A certificate that is believed costs a server more than one that is not. */
  @Test
  @Order(3)
  void floodsOfBelievedHandshakesLeaveNothing() throws IOException, JMException {
    Map<String, ProcessUsage> before = usage();
    Map<String, HandshakeFlood> floods = new LinkedHashMap<>();
    try (Management manager = Management.of(cluster.processes().get(Role.JOB_MANAGER));
        Management worker = Management.of(worker())) {
      Map<String, Long> handshakes = new LinkedHashMap<>();
      for (String channel : CHANNELS) {
        handshakes.put(channel, (isData(channel) ? worker : manager).count(channel, "Handshakes"));
      }
      try {
        for (String channel : CHANNELS) {
          floods.put(channel, HandshakeFlood.ofMembers(dialer(channel), 2));
        }
        serveDuring(floods.values(), HandshakeFlood::letIn, HandshakeFlood::refused);
      } finally {
        end(floods.values());
      }
      for (String channel : CHANNELS) {
        HandshakeFlood flood = floods.get(channel);
        assertThat(flood.refused()).as(channel).isZero();
        await(
            channel + " has counted them",
            () ->
                (isData(channel) ? worker : manager).count(channel, "Handshakes")
                    >= handshakes.get(channel) + flood.letIn());
      }
    }
    awaitNoMoreThan(before);
  }

  /** Honest clients and the job have their way until each flood has had its number. */
  private static void serveDuring(
      Collection<HandshakeFlood> floods,
      ToIntFunction<HandshakeFlood> expected,
      ToIntFunction<HandshakeFlood> unexpected)
      throws IOException {
    do {
      askHonestly();
      assertThat(floods).allSatisfy(flood -> assertThat(unexpected.applyAsInt(flood)).isZero());
    } while (floods.stream().anyMatch(flood -> expected.applyAsInt(flood) < FLOOD));
    job.awaitProgress();
  }

  private static void end(Collection<HandshakeFlood> floods) throws IOException {
    for (HandshakeFlood flood : floods) {
      flood.close();
    }
  }

  /**
   * The limit of data plane and blob server is the option's; that of REST and RPC is Netty's, which
   * is longer. REST counts from the fifth byte, by which Flink knows TLS from plain HTTP.
   */
  @Test
  @Order(4)
  void peersThatDawdleAreHungUpOn() throws Exception {
    byte[] hello = clientHello();
    byte[] half = Arrays.copyOf(hello, hello.length / 2);
    List<CompletableFuture<Void>> byOption = new ArrayList<>();
    for (String channel : List.of("data-server", "blob-server")) {
      for (byte[] beginning : List.of(new byte[0], Arrays.copyOf(hello, 1), half)) {
        byOption.add(new SlowPeer(port(channel), beginning).end());
      }
    }
    List<CompletableFuture<Void>> ofOthers =
        List.of(
            new SlowPeer(port("rest-server"), half).end(),
            new SlowPeer(port("rpc-server"), new byte[0]).end(),
            new SlowPeer(port("rpc-server"), half).end());
    askHonestly();
    job.awaitProgress();

    CompletableFuture<?>[] others = ofOthers.toArray(new CompletableFuture<?>[0]);
    CompletableFuture.anyOf(others).get();
    assertThat(byOption).as("by the option, before the others").allMatch(CompletableFuture::isDone);
    CompletableFuture.allOf(others).get();
    CompletableFuture.allOf(byOption.toArray(new CompletableFuture<?>[0])).get();
  }

  @Test
  @Order(5)
  void networkThatStallsDoesNotEvenRestartTheJob() throws IOException {
    assertThat(job.restarts()).as("after all that was before").isEqualTo(restartsAtFirst);

    NETWORK.forEach(TcpProxy::stall);
    long carried = carried();
    letTheFaultLast();
    askHonestly();
    assertThat(carried()).as("nothing passes").isEqualTo(carried);
    NETWORK.forEach(TcpProxy::heal);
    job.awaitProgress();

    assertThat(job.restarts()).isEqualTo(restartsAtFirst);
  }

  @Test
  @Order(6)
  void networkThatIsCutRestartsTheJob() throws IOException, JMException {
    int restarts = job.restarts();
    NETWORK.forEach(TcpProxy::cut);
    letTheFaultLast();
    askHonestly();
    NETWORK.forEach(TcpProxy::heal);

    await("the job has failed", () -> job.restarts() > restarts);
    cluster.awaitTaskManagers(TASK_MANAGERS, LIMIT);
    job.awaitProgress();
  }

  @Test
  @Order(7)
  void taskManagerThatDiesInTheShuffleCostsNoRecord() throws IOException, JMException {
    Set<String> used = job.taskManagers();
    assertThat(used).hasSize(PARALLELISM);
    int restarts = job.restarts();
    long carried = carried();
    Files.createFile(go);
    await("the shuffle is on", () -> carried() > carried + (50 << 20));
    cluster.kill(Role.named(used.iterator().next()));

    cluster.awaitJob(id, Duration.ofMinutes(2));
    assertThat(job.restarts()).isGreaterThan(restarts);
    Clusters.assertExact(cluster, id, RECORDS, PARALLELISM);
  }

  private static void letTheFaultLast() throws IOException {
    for (int i = 0; i < FAULT_PAUSES; i++) {
      Processes.pause();
    }
  }

  private static long carried() {
    return NETWORK.stream().mapToLong(TcpProxy::carried).sum();
  }

  private static JvmProcess worker() {
    return cluster.processes().get(worker);
  }

  private static boolean isData(String channel) {
    return channel.equals("data-server");
  }

  private static int port(String channel) {
    switch (channel) {
      case "data-server":
        return cluster.port(worker, "taskmanager.data.port");
      case "rpc-server":
        return cluster.port(Role.JOB_MANAGER, "jobmanager.rpc.port");
      case "blob-server":
        return cluster.port(Role.JOB_MANAGER, "blob.server.port");
      default:
        return cluster.port(Role.JOB_MANAGER, "rest.port");
    }
  }

  /** Whom the channel's clients trust. */
  private static KeystoreFile trusted(String channel) {
    return channel.equals("rest-server") ? stores.trusted() : stores.internalNamed();
  }

  /** Of one whom the channel believes. */
  private static Dialer dialer(String channel) throws IOException {
    KeystoreFile key = channel.equals("rest-server") ? stores.client() : stores.internalNamed();
    return new Dialer(TlsContexts.of(trusted(channel), key), port(channel));
  }

  /** A client that has no connection yet. */
  private static void askHonestly() throws IOException {
    SSLContext context = TlsContexts.of(stores.trusted(), stores.client());
    assertThat(new RestClient(cluster.rest().base(), context).get("/overview").has("taskmanagers"))
        .isTrue();
  }

  private static void askForConfiguration(SSLSocket socket) throws IOException {
    socket
        .getOutputStream()
        .write(
            "GET /config HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    StringBuilder answer = new StringBuilder();
    while (!answer.toString().endsWith("\r\n\r\n")) {
      answer.append((char) socket.getInputStream().read());
    }
    assertThat(answer.toString()).startsWith("HTTP/1.1 200 OK");
    int length =
        Integer.parseInt(answer.toString().replaceFirst("(?is).*content-length: (\\d+).*", "$1"));
    assertThat(socket.getInputStream().readNBytes(length)).hasSize(length);
  }

  private static byte[] clientHello() throws IOException {
    SSLEngine engine = TlsContexts.of(stores.trusted(), null).createSSLEngine();
    engine.setUseClientMode(true);
    ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), hello);
    return Arrays.copyOf(hello.array(), hello.position());
  }

  private static Map<String, ProcessUsage> usage() throws IOException {
    Map<String, ProcessUsage> usage = new LinkedHashMap<>();
    for (Role role : List.of(Role.JOB_MANAGER, worker)) {
      usage.put(role.name(), ProcessUsage.of(cluster.processes().get(role)));
    }
    return usage;
  }

  /** What connections took has been given back. */
  private static void awaitNoMoreThan(Map<String, ProcessUsage> before)
      throws IOException, JMException {
    await(
        "files and threads as before, which were " + before,
        () ->
            usage().entrySet().stream()
                .allMatch(
                    now -> {
                      ProcessUsage then = before.get(now.getKey());
                      return now.getValue().files() < then.files() + OTHER_FILES
                          && now.getValue().threads() < then.threads() + OTHER_THREADS;
                    }));
    assertThreadsAndMemory(before, usage());
  }

  private static void assertThreadsAndMemory(
      Map<String, ProcessUsage> before, Map<String, ProcessUsage> after) {
    assertThat(after)
        .allSatisfy(
            (process, now) -> {
              ProcessUsage then = before.get(process);
              String what = process + " had " + then + " and has " + now;
              assertThat(now.threads()).as(what).isLessThan(then.threads() + OTHER_THREADS);
              assertThat(now.residentBytes())
                  .as(what)
                  .isLessThan(then.residentBytes() + OTHER_BYTES);
            });
  }

  private interface Question<T> {
    T ask() throws IOException, JMException;
  }

  private static void await(String what, Question<Boolean> question)
      throws IOException, JMException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!question.ask()) {
      assertThat(System.nanoTime()).as("time is over: " + what).isLessThan(end);
      Processes.pause();
    }
  }

  private static <T> void awaitEqual(T expected, Question<T> question)
      throws IOException, JMException {
    long end = System.nanoTime() + LIMIT.toNanos();
    T now = question.ask();
    while (!now.equals(expected) && System.nanoTime() < end) {
      Processes.pause();
      now = question.ask();
    }
    assertThat(now).isEqualTo(expected);
  }
}
