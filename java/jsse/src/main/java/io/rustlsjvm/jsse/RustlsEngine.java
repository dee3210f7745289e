package io.rustlsjvm.jsse;

import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * The engine: JSSE's contract around one {@link NativeConnection}.
 *
 * <p>One thread may wrap while another unwraps, and a third runs the delegated task. The native
 * connection is made when the handshake begins, from the settings as they are then; changes after
 * that have no effect on it. Renegotiation does not exist: {@link #beginHandshake} on a connection
 * that stands is a no-op, as TLS 1.3 has none and rustls offers none in 1.2. ALPN is by the list of
 * {@code SSLParameters}; selector functions are not supported and {@code
 * setHandshakeApplicationProtocolSelector} throws {@code UnsupportedOperationException}, which is
 * how {@code SSLEngine} documents it.
 */
final class RustlsEngine extends SSLEngine implements RecordBatches, ConnectedEngine {
  private final ContextCore core;
  private final SSLSocket socket;
  private final ConnectionCounters counters = new ConnectionCounters();

  /** Guards the settings and the start of the handshake. */
  private final Object settingsLock = counters;

  private final EngineSettings settings;
  private boolean modeSet;

  private final DelegatedTasks tasks = new DelegatedTasks(this);

  /** What has failed where it could not be thrown: the next wrap or unwrap does. */
  private final AtomicReference<SSLException> pending = new AtomicReference<>();

  private volatile NativeConnection connection;
  private volatile boolean neverStarted;
  private volatile boolean outboundClosing;
  private volatile boolean outboundDone;
  private volatile boolean inboundDone;
  private volatile boolean established;
  private volatile boolean finishedPending;
  private volatile int recordLimit = RustlsSession.MAX_PLAINTEXT;
  private volatile SessionDetails details = SessionDetails.NONE;
  private volatile RustlsSession session;
  private volatile RustlsSession handshakeSession;
  private volatile String applicationProtocol;

  /** Null where nobody has told. */
  private volatile InetSocketAddress remote;

  /** The handshake's event from its start to its end; null where nobody records it. */
  private volatile Object event;

  /** An engine of {@code SSLContext.createSSLEngine}; host null and port -1 when unknown. */
  RustlsEngine(ContextCore core, String peerHost, int peerPort) {
    this(core, peerHost, peerPort, core.newSettings(false), null);
    this.modeSet = false;
  }

  /**
   * The engine inside a socket.
   *
   * @param settings taken over, with the mode decided
   * @param socket what managers get to see in place of the engine
   */
  RustlsEngine(
      ContextCore core, String peerHost, int peerPort, EngineSettings settings, SSLSocket socket) {
    super(peerHost, peerPort);
    this.core = core;
    this.settings = settings;
    this.socket = socket;
    this.modeSet = true;
    this.session = RustlsSession.none(peerHost, peerPort);
  }

  // ---- The handshake's start -------------------------------------------------------------------

  @Override
  public void beginHandshake() throws SSLException {
    started();
  }

  /** The native connection, made now unless it is there; null when the engine was closed before. */
  private NativeConnection started() throws SSLException {
    NativeConnection current = connection;
    if (current != null || neverStarted) {
      return current;
    }
    synchronized (settingsLock) {
      if (connection == null && !neverStarted) {
        if (!modeSet) {
          throw new IllegalStateException("Client/Server mode has not yet been set.");
        }
        start();
      }
      return connection;
    }
  }

  private void start() throws SSLException {
    long address = 0;
    try {
      event = HandshakeEvents.SHARED.begin();
      settings.requireUsable();
      address = create();
      connection = new NativeConnection(address, counters);
      limitRecords(settings.maximumPacketSize());
      long packed = connection.use(EngineNatives::begin, PackedResult.CLOSED);
      if (PackedResult.status(packed) == EngineNatives.STATUS_FAILED) {
        throw takeFailure();
      }
    } catch (SSLException e) {
      if (address == 0) {
        neverStarted = true;
        outboundDone = true;
        inboundDone = true;
        countFailure(Failures.NO_ALERT, e.getMessage());
      }
      throw e;
    }
  }

  private long create() throws SSLException {
    boolean client = settings.client();
    boolean verify = client && settings.endpointIdentification() != null;
    String host = ServerNames.ascii(getPeerHost());
    if (verify && core.nativeTrust() && (host == null || host.isEmpty())) {
      host = settings.serverName();
      if (host == null || host.isEmpty()) {
        throw new SSLHandshakeException(
            "The peer's host name is to be checked but unknown: make the engine by"
                + " createSSLEngine(host, port)");
      }
    }
    int flags =
        (verify ? EngineNatives.FLAG_VERIFY_HOSTNAME : 0)
            | (settings.cipherSuitesOrder() ? EngineNatives.FLAG_SERVER_ORDER : 0);
    NativeHandle context = core.nativeContext();
    try {
      return EngineNatives.create(
          context.address(),
          client,
          host,
          getPeerPort(),
          client ? settings.serverName() : null,
          settings.protocols(),
          settings.cipherSuites(),
          settings.namedGroups(),
          settings.applicationProtocols().toArray(new String[0]),
          clientAuthentication(),
          flags);
    } finally {
      Reference.reachabilityFence(context);
    }
  }

  private int clientAuthentication() {
    switch (settings.clientAuthentication()) {
      case NEED:
        return EngineNatives.CLIENT_AUTH_NEED;
      case WANT:
        return EngineNatives.CLIENT_AUTH_WANT;
      default:
        return EngineNatives.CLIENT_AUTH_NONE;
    }
  }

  /** Keeps records of data within {@code SSLParameters.setMaximumPacketSize}. */
  private void limitRecords(int maximumPacketSize) {
    if (maximumPacketSize > 0) {
      // Header 5, and at most an explicit nonce of 8 and a tag of 16 (RFC 5288 §3).
      recordLimit = Math.max(1, Math.min(RustlsSession.MAX_PLAINTEXT, maximumPacketSize - 29));
    }
  }

  // ---- Records ---------------------------------------------------------------------------------

  @Override
  public SSLEngineResult wrap(ByteBuffer source, ByteBuffer destination) throws SSLException {
    if (source == null || destination == null) {
      throw new IllegalArgumentException("buffers are null");
    }
    requireWritable(destination);
    SSLEngineResult early = beforeRecord(true);
    if (early != null) {
      return early;
    }
    NativeConnection current = connection;
    int limit = established ? recordLimit : 0;
    return afterRecord(current.wrap(source, limit, destination), true);
  }

  @Override
  public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer destination)
      throws SSLException {
    BufferRange.check(sources, offset, length);
    if (destination == null) {
      throw new IllegalArgumentException("the destination is null");
    }
    requireWritable(destination);
    SSLEngineResult early = beforeRecord(true);
    if (early != null) {
      return early;
    }
    int limit = established ? recordLimit : 0;
    return afterRecord(connection.wrap(sources, offset, length, limit, destination), true);
  }

  @Override
  public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer destination) throws SSLException {
    if (source == null || destination == null) {
      throw new IllegalArgumentException("buffers are null");
    }
    requireWritable(destination);
    SSLEngineResult early = beforeRecord(false);
    if (early != null) {
      return early;
    }
    return afterRecord(connection.unwrap(source, destination), false);
  }

  @Override
  public SSLEngineResult unwrap(
      ByteBuffer source, ByteBuffer[] destinations, int offset, int length) throws SSLException {
    BufferRange.check(destinations, offset, length);
    if (source == null) {
      throw new IllegalArgumentException("the source is null");
    }
    BufferRange.checkWritable(destinations, offset, length);
    SSLEngineResult early = beforeRecord(false);
    if (early != null) {
      return early;
    }
    return afterRecord(connection.unwrap(source, destinations, offset, length), false);
  }

  @Override
  public boolean takesBatches() {
    return established
        && recordLimit == RustlsSession.MAX_PLAINTEXT
        && !outboundDone
        && !inboundDone
        && pending.get() == null;
  }

  @Override
  public Next wrapBatch(ByteBuffer source, ByteBuffer destination) {
    return takesBatches() ? afterBatch(connection.wrapBatch(source, destination), true) : Next.WRAP;
  }

  @Override
  public Next unwrapBatch(ByteBuffer source, ByteBuffer destination) {
    return takesBatches()
        ? afterBatch(connection.unwrapBatch(source, destination), false)
        : Next.UNWRAP;
  }

  private Next afterBatch(long packed, boolean outbound) {
    Next single = outbound ? Next.WRAP : Next.UNWRAP;
    switch (PackedResult.status(packed)) {
      case EngineNatives.STATUS_OK:
        return PackedResult.handshake(packed) == EngineNatives.NOT_HANDSHAKING
            ? Next.BATCH
            : Next.WRAP;
      case EngineNatives.STATUS_CLOSED:
        if (outbound) {
          outboundDone = true;
        } else {
          inboundDone = true;
        }
        return single;
      case EngineNatives.STATUS_FAILED:
        pending.compareAndSet(null, failed(outbound));
        return single;
      default:
        return single;
    }
  }

  private static void requireWritable(ByteBuffer destination) {
    if (destination.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
  }

  /** What is to be answered without a look at the record, or null. */
  private SSLEngineResult beforeRecord(boolean outbound) throws SSLException {
    NativeConnection current = started();
    throwPending();
    if (current == null || (outbound ? outboundDone : inboundDone)) {
      return result(Status.CLOSED, getHandshakeStatus());
    }
    if (established) {
      return null;
    }
    if (tasks.isPending() && !(outbound && outboundClosing)) {
      return result(Status.OK, HandshakeStatus.NEED_TASK);
    }
    if (finishedPending) {
      return takeFinished();
    }
    return null;
  }

  private static SSLEngineResult result(Status status, HandshakeStatus handshake) {
    return new SSLEngineResult(status, handshake, 0, 0);
  }

  private void throwPending() throws SSLException {
    if (pending.get() != null) {
      SSLException failure = pending.getAndSet(null);
      if (failure != null) {
        throw failure;
      }
    }
  }

  private SSLEngineResult afterRecord(long packed, boolean outbound) throws SSLException {
    int status = PackedResult.status(packed);
    int consumed = PackedResult.consumed(packed);
    int produced = PackedResult.produced(packed);
    switch (status) {
      case EngineNatives.STATUS_OK:
        return new SSLEngineResult(Status.OK, handshake(packed), consumed, produced);
      case EngineNatives.STATUS_UNDERFLOW:
        return new SSLEngineResult(Status.BUFFER_UNDERFLOW, handshake(packed), consumed, produced);
      case EngineNatives.STATUS_OVERFLOW:
        return new SSLEngineResult(Status.BUFFER_OVERFLOW, handshake(packed), consumed, produced);
      case EngineNatives.STATUS_CLOSED:
        if (outbound) {
          outboundDone = true;
        } else {
          inboundDone = true;
        }
        return new SSLEngineResult(Status.CLOSED, getHandshakeStatus(), consumed, produced);
      default:
        throw failed(outbound);
    }
  }

  private HandshakeStatus handshake(long packed) throws SSLException {
    int handshake = PackedResult.handshake(packed);
    if (handshake == EngineNatives.FINISHED) {
      finish();
    }
    return PackedResult.handshakeStatus(handshake);
  }

  // ---- Delegated tasks -------------------------------------------------------------------------

  @Override
  public Runnable getDelegatedTask() {
    NativeConnection current = connection;
    if (current == null || established || pending.get() != null) {
      return null;
    }
    return tasks.next(current);
  }

  /** Does the work of a delegated task, on whatever thread runs it. */
  void runTask(NativeConnection current) {
    ManagerCallbacks callbacks = new ManagerCallbacks(this, socket, core);
    long packed;
    try {
      packed =
          current.use(address -> EngineNatives.runTask(address, callbacks), PackedResult.CLOSED);
    } catch (RuntimeException | Error e) {
      // Whoever runs tasks has no use for it; whoever wraps and unwraps has.
      SSLException failure = new SSLException("Internal error in the handshake: " + e, e);
      countFailure(Failures.NO_ALERT, failure.getMessage());
      pending.compareAndSet(null, failure);
      closeOutboundNow(current);
      return;
    }
    // Taken at once: what a task fails of is thrown by the next wrap or unwrap, and only once.
    String[] failure = current.use(EngineNatives::takeFailure, null);
    if (failure != null || callbacks.failure() != null) {
      SSLException thrown = Failures.of(failure, callbacks.failure());
      countFailure(Failures.alert(failure), thrown.getMessage());
      pending.compareAndSet(null, thrown);
      // Also where the native side could go on without what a manager refused to give.
      closeOutboundNow(current);
    } else if (PackedResult.handshake(packed) == EngineNatives.FINISHED) {
      finishedPending = true;
    }
  }

  /** Ends the handshake that a task has brought to its end: only wrap and unwrap may say so. */
  private SSLEngineResult takeFinished() throws SSLException {
    synchronized (settingsLock) {
      if (!finishedPending) {
        return null;
      }
      finishedPending = false;
    }
    finish();
    return result(Status.OK, HandshakeStatus.FINISHED);
  }

  private void finish() throws SSLException {
    boolean client = getUseClientMode();
    RustlsSessionContext sessions = core.sessions(client);
    boolean resumed = connection.use(EngineNatives::resumed, false);
    SessionDetails found =
        connection.use(
            address -> SessionDetails.established(address, details).over(details), details);
    details = core.details().of(found);
    String protocol = connection.use(EngineNatives::applicationProtocol, null);
    applicationProtocol = protocol == null ? "" : protocol;
    long nativeSession = connection.use(EngineNatives::session, 0L);
    Object begun = event;
    connection.use(
        address -> {
          EngineNatives.forgetHandshake(address);
          return null;
        },
        null);
    RustlsSession resumes = resumed ? sessions.ofNative(nativeSession) : null;
    RustlsSession made =
        RustlsSession.established(
            sessions,
            details,
            requestedNames(),
            getPeerHost(),
            getPeerPort(),
            nativeSession,
            resumes);
    session = made;
    handshakeSession = null;
    established = true;
    String subject = Subjects.of(details.peerChain);
    StatisticsTable.SHARED.established(
        counters, core.label(), made.getProtocol(), made.getCipherSuite(), subject, resumed);
    if (begun != null) {
      event = null;
      HandshakeEvents.SHARED.finished(begun, this, subject, details.namedGroup, resumed);
    }
    IdleConnections.watch();
    requireAllowed(client, resumed);
    if (!client || getPeerHost() != null) {
      sessions.add(made);
    }
  }

  /** What the native side does not look at: the settings that refuse a finished handshake. */
  private void requireAllowed(boolean client, boolean resumed) throws SSLException {
    String refused = null;
    if (!resumed && !getEnableSessionCreation()) {
      refused = "No existing session to resume, and new ones are not allowed";
    } else if (!client && !acceptsServerName(details.serverName)) {
      refused = "Unrecognized server name: " + details.serverName;
    }
    if (refused != null) {
      countFailure(Failures.NO_ALERT, refused);
      session.invalidate();
      closeOutbound();
      connection.use(EngineNatives::closeInbound, false);
      throw new SSLHandshakeException(refused);
    }
  }

  // ---- Failures --------------------------------------------------------------------------------

  private SSLException failed(boolean outbound) {
    String[] told = connection.use(EngineNatives::takeFailure, null);
    SSLException failure = Failures.of(told, null);
    countFailure(Failures.alert(told), failure.getMessage());
    if (!outbound) {
      inboundDone = true;
      connection.releaseInbound();
    }
    return failure;
  }

  private void countFailure(String alert, String reason) {
    event = null;
    StatisticsTable.SHARED.failed(counters, core.label(), alert);
    HandshakeEvents.SHARED.failed(this, alert, reason, established);
  }

  private SSLException takeFailure() {
    return Failures.of(connection.use(EngineNatives::takeFailure, null), null);
  }

  // ---- The end ---------------------------------------------------------------------------------

  @Override
  public void closeOutbound() {
    outboundClosing = true;
    NativeConnection current = closeUnstarted();
    if (current != null && !tasks.deferClose(true)) {
      closeOutboundNow(current);
    }
  }

  void closeOutboundNow(NativeConnection current) {
    current.use(
        address -> {
          EngineNatives.closeOutbound(address);
          return null;
        },
        null);
  }

  /** Ends an engine that never began, else gives its connection. */
  private NativeConnection closeUnstarted() {
    synchronized (settingsLock) {
      if (connection == null) {
        neverStarted = true;
        outboundDone = true;
        inboundDone = true;
      }
      return connection;
    }
  }

  @Override
  public void closeInbound() throws SSLException {
    NativeConnection current = closeUnstarted();
    if (current == null || inboundDone) {
      return;
    }
    if (tasks.deferClose(false)) {
      inboundDone = true;
      throw truncated();
    }
    boolean seen = current.use(EngineNatives::closeInbound, true);
    inboundDone = true;
    current.releaseInbound();
    if (!seen) {
      throw truncated();
    }
  }

  void closeInboundNow(NativeConnection current) {
    current.use(EngineNatives::closeInbound, true);
    current.releaseInbound();
  }

  /** Lets go of everything native at once; for sockets, which have nobody left to tell. */
  void abandon() {
    NativeConnection current = closeUnstarted();
    outboundDone = true;
    inboundDone = true;
    if (current != null) {
      current.releaseOutbound();
      current.releaseInbound();
    }
  }

  private static SSLException truncated() {
    return new SSLException("closing inbound before receiving peer's close_notify");
  }

  @Override
  public boolean isOutboundDone() {
    return isDone(outboundDone, EngineNatives::isOutboundDone);
  }

  @Override
  public boolean isInboundDone() {
    return isDone(inboundDone, EngineNatives::isInboundDone);
  }

  private boolean isDone(boolean known, NativeConnection.Call<Boolean> ask) {
    NativeConnection current = connection;
    if (known || current == null) {
      return known;
    }
    // A task that runs may hold the native lock for long, and may ask from inside a manager.
    return !tasks.isRunning() && current.use(ask, true);
  }

  @Override
  public HandshakeStatus getHandshakeStatus() {
    NativeConnection current = connection;
    if (current == null) {
      return HandshakeStatus.NOT_HANDSHAKING;
    }
    if (pending.get() != null || finishedPending) {
      return HandshakeStatus.NEED_WRAP;
    }
    if (tasks.isPending()) {
      return HandshakeStatus.NEED_TASK;
    }
    return PackedResult.handshakeStatus(
        current.use(EngineNatives::handshakeStatus, EngineNatives.NOT_HANDSHAKING));
  }

  // ---- Sessions --------------------------------------------------------------------------------

  @Override
  public SSLSession getSession() {
    return session;
  }

  @Override
  public SSLSession getHandshakeSession() {
    return handshakeSession;
  }

  /** Shows managers what the handshake has found so far. */
  void showHandshake(SessionDetails found) {
    details = found.over(details);
    handshakeSession =
        RustlsSession.handshaking(details, requestedNames(), getPeerHost(), getPeerPort());
  }

  /** Of the server: what the client asked for. Of the client: what it was set to ask for. */
  private List<SNIServerName> requestedNames() {
    synchronized (settingsLock) {
      if (!settings.client()) {
        return details.requestedServerNames();
      }
      List<SNIServerName> names = settings.serverNames();
      return names != null ? List.copyOf(names) : ServerNames.ofHost(getPeerHost());
    }
  }

  @Override
  public String getApplicationProtocol() {
    return applicationProtocol;
  }

  @Override
  public String getHandshakeApplicationProtocol() {
    NativeConnection current = connection;
    if (current == null || established || tasks.isRunning()) {
      return null;
    }
    return current.use(EngineNatives::applicationProtocol, null);
  }

  // ---- Settings --------------------------------------------------------------------------------

  /** Whether the settings accept the name that a client asked for; null for none. */
  boolean acceptsServerName(String name) {
    synchronized (settingsLock) {
      return settings.acceptsServerName(name);
    }
  }

  boolean checksEndpoint() {
    synchronized (settingsLock) {
      return settings.endpointIdentification() != null;
    }
  }

  /** The name that the peer's certificate is to bear: the SNI that was set, else the host. */
  String identity() {
    synchronized (settingsLock) {
      String name = settings.client() ? settings.serverName() : null;
      return name == null || name.isEmpty() ? getPeerHost() : name;
    }
  }

  @Override
  public void setUseClientMode(boolean mode) {
    synchronized (settingsLock) {
      if (connection != null && mode != settings.client()) {
        throw new IllegalArgumentException("Cannot change mode after SSL traffic has started");
      }
      settings.setClient(mode);
      modeSet = true;
    }
  }

  @Override
  public boolean getUseClientMode() {
    synchronized (settingsLock) {
      return settings.client();
    }
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return CipherSuites.supported().toArray(new String[0]);
  }

  @Override
  public String[] getEnabledCipherSuites() {
    synchronized (settingsLock) {
      return settings.cipherSuites();
    }
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {
    synchronized (settingsLock) {
      settings.setCipherSuites(suites);
    }
  }

  @Override
  public String[] getSupportedProtocols() {
    return Protocols.SUPPORTED.toArray(new String[0]);
  }

  @Override
  public String[] getEnabledProtocols() {
    synchronized (settingsLock) {
      return settings.protocols();
    }
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {
    synchronized (settingsLock) {
      settings.setProtocols(protocols);
    }
  }

  @Override
  public void setNeedClientAuth(boolean need) {
    setClientAuthentication(need, ClientAuthentication.NEED);
  }

  @Override
  public boolean getNeedClientAuth() {
    return isClientAuthentication(ClientAuthentication.NEED);
  }

  @Override
  public void setWantClientAuth(boolean want) {
    setClientAuthentication(want, ClientAuthentication.WANT);
  }

  @Override
  public boolean getWantClientAuth() {
    return isClientAuthentication(ClientAuthentication.WANT);
  }

  private void setClientAuthentication(boolean set, ClientAuthentication wanted) {
    synchronized (settingsLock) {
      settings.setClientAuthentication(set ? wanted : ClientAuthentication.NONE);
    }
  }

  private boolean isClientAuthentication(ClientAuthentication asked) {
    synchronized (settingsLock) {
      return settings.clientAuthentication() == asked;
    }
  }

  @Override
  public void setEnableSessionCreation(boolean flag) {
    synchronized (settingsLock) {
      settings.setSessionCreation(flag);
    }
  }

  @Override
  public boolean getEnableSessionCreation() {
    synchronized (settingsLock) {
      return settings.sessionCreation();
    }
  }

  @Override
  public SSLParameters getSSLParameters() {
    synchronized (settingsLock) {
      return settings.toParameters();
    }
  }

  /**
   * Takes over what the parameters say.
   *
   * <p>With native stores, algorithm constraints are not asked (rustls' own apply), and endpoint
   * identification is for clients.
   */
  @Override
  public void setSSLParameters(SSLParameters parameters) {
    synchronized (settingsLock) {
      settings.apply(parameters);
    }
  }

  @Override
  public void connectedTo(InetSocketAddress peer) {
    remote = peer;
  }

  /** Where the connection leads, as far as it was told; null otherwise. */
  InetSocketAddress remote() {
    return remote;
  }

  /** The label of its context. */
  String label() {
    return core.label();
  }

  @Override
  public String toString() {
    RustlsSession current = session;
    return "RustlsEngine["
        + (getUseClientMode() ? "client" : "server")
        + ", label="
        + core.label()
        + ", peer="
        + getPeerHost()
        + ":"
        + getPeerPort()
        + ", "
        + current.getProtocol()
        + ", "
        + current.getCipherSuite()
        + ", "
        + getHandshakeStatus()
        + "]";
  }
}
