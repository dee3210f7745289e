package io.rustlsjvm.jsse;

import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
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
 * that have no effect on it. Renegotiation does not exist: TLS 1.3 has none, and rustls offers none
 * in 1.2. On a connection that stands {@link #beginHandshake} changes the keys of TLS 1.3.
 */
final class RustlsEngine extends SSLEngine implements RecordBatches, ConnectedEngine {
  private final ContextCore core;
  private final SSLSocket socket;
  private final ConnectionCounters counters = new ConnectionCounters();

  /** Guards the start of the handshake. */
  private final Object startLock = counters;

  private final Settings settings;
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

  /** Of the session that managers see, until the handshake is finished; null when none has. */
  private volatile RustlsSession.Identity begunSession;

  private volatile String applicationProtocol;

  /** Null where nobody has told. */
  private volatile InetSocketAddress remote;

  /** What a server will agree on, while it is not agreed on. */
  private volatile String foreseenProtocol;

  /** The handshake's event from its start to its end; null where nobody records it. */
  private volatile Object event;

  /** An engine of {@code SSLContext.createSSLEngine}; host null and port -1 when unknown. */
  RustlsEngine(ContextCore core, String peerHost, int peerPort) {
    this(core, peerHost, peerPort, core.defaults(false), null);
    this.modeSet = false;
  }

  /**
   * The engine inside a socket.
   *
   * @param settings with the mode decided
   * @param socket what managers get to see in place of the engine
   */
  RustlsEngine(
      ContextCore core, String peerHost, int peerPort, EngineSettings settings, SSLSocket socket) {
    super(peerHost, peerPort);
    this.core = core;
    this.settings = new Settings(settings);
    this.socket = socket;
    this.modeSet = true;
    this.session = RustlsSession.none(peerHost, peerPort);
  }

  // ---- The handshake's start -------------------------------------------------------------------

  /**
   * Begins the first handshake. On a connection of TLS 1.3 that stands it has both ends change
   * their keys (RFC 8446 §4.6.3): the next wrap is due, takes no data, and is {@code FINISHED}. In
   * TLS 1.2 it does nothing then.
   *
   * @throws SSLException when one of the directions is closed
   */
  @Override
  public void beginHandshake() throws SSLException {
    NativeConnection current = started();
    if (current == null || outboundClosing || outboundDone || inboundDone) {
      throw new SSLException("Cannot begin a handshake: the engine is closed");
    }
    if (established) {
      current.tell(EngineNatives::renewKeys);
    }
  }

  /** The native connection, made now unless it is there; null when the engine was closed before. */
  private NativeConnection started() throws SSLException {
    NativeConnection current = connection;
    if (current != null || neverStarted) {
      return current;
    }
    synchronized (startLock) {
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
      EngineSettings values = settings.values();
      recordLimit = values.recordLimit();
      address = create(values);
      connection = new NativeConnection(address, counters);
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

  private long create(EngineSettings values) throws SSLException {
    boolean client = values.client();
    NativeHandle context = core.nativeContext();
    EngineTerms terms = values.terms(context, null);
    String host = client ? ServerNames.ascii(getPeerHost()) : null;
    if (values.verifiesHost() && core.nativeTrust() && (host == null || host.isEmpty())) {
      host = values.serverName();
      if (host == null || host.isEmpty()) {
        throw new SSLHandshakeException(
            "The peer's host name is to be checked but unknown: make the engine by"
                + " createSSLEngine(host, port)");
      }
    }
    int flags =
        (wantsWelcome(values) ? EngineNatives.FLAG_WELCOME : 0)
            | (values.hasSelector() ? EngineNatives.FLAG_FORESEE_SUITE : 0);
    String serverName = client ? values.serverName() : null;
    try {
      while (true) {
        long address =
            EngineNatives.create(
                context.address(), terms.number, client, host, getPeerPort(), serverName, flags);
        if (address != 0) {
          details = terms.before;
          return address;
        }
        terms = values.terms(context, terms);
      }
    } finally {
      Reference.reachabilityFence(context);
    }
  }

  /** Whether the answer to a client depends on {@link #welcome}. */
  private boolean wantsWelcome(EngineSettings values) {
    return values.hasSelector()
        || values.hasServerNameMatchers()
        || core.keys() != null && !values.applicationProtocols().isEmpty()
        || !core.nativeTrust() && values.clientAuthentication() != ClientAuthentication.NONE;
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
        int handshake = PackedResult.handshake(packed);
        // New keys that another thread has asked for are nobody's business here.
        return handshake == EngineNatives.NOT_HANDSHAKING || handshake == EngineNatives.FINISHED
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
          answerClose();
        }
        return new SSLEngineResult(Status.CLOSED, getHandshakeStatus(), consumed, produced);
      default:
        throw failed(outbound);
    }
  }

  /**
   * Answers a close_notify of TLS 1.2 by one, with which writing ends, too (RFC 5246 §7.2.1). A
   * socket leaves it to its user, who may still have something to say (half-close).
   */
  private void answerClose() {
    if (established && socket == null && Protocols.TLS_1_2.equals(session.getProtocol())) {
      closeOutbound();
    }
  }

  private HandshakeStatus handshake(long packed) throws SSLException {
    int handshake = PackedResult.handshake(packed);
    if (handshake == EngineNatives.FINISHED && !established) {
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
    String[] failure =
        PackedResult.status(packed) == EngineNatives.STATUS_FAILED
            ? current.use(EngineNatives::takeFailure, null)
            : null;
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
    synchronized (startLock) {
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
    HandshakeFacts facts = new HandshakeFacts(connection.use(EngineNatives::facts, null));
    RustlsSession resumes = facts.resumed ? sessions.ofNative(facts.session) : null;
    applicationProtocol = facts.applicationProtocol;
    Object begun = event;
    details = resumes == null ? found(facts) : foundAgain(facts, resumes.details());
    connection.tell(EngineNatives::forgetHandshake);
    RustlsSession made =
        RustlsSession.established(
            sessions,
            begunSession,
            details,
            requestedNames(),
            getPeerHost(),
            getPeerPort(),
            facts.sessionId,
            facts.session,
            resumes);
    session = made;
    handshakeSession = null;
    begunSession = null;
    foreseenProtocol = null;
    established = true;
    String subject = details.peerSubject();
    StatisticsTable.SHARED.established(
        counters, core.label(), made.getProtocol(), made.getCipherSuite(), subject, facts.resumed);
    if (begun != null) {
      event = null;
      HandshakeEvents.SHARED.finished(begun, this, subject, details.namedGroup, facts.resumed);
    }
    IdleConnections.watch();
    requireAllowed(client, facts.resumed);
    if (!client || getPeerHost() != null) {
      sessions.add(made);
    }
  }

  private SessionDetails found(HandshakeFacts facts) {
    byte[][] peer = connection.use(EngineNatives::peerCertificates, null);
    byte[][] local = connection.use(EngineNatives::localCertificates, null);
    return core.details().of(SessionDetails.established(facts, peer, local, details));
  }

  /** Of a session that is resumed: its certificates are those that it has been made with. */
  private SessionDetails foundAgain(HandshakeFacts facts, SessionDetails first) {
    SessionDetails found = SessionDetails.established(facts, null, null, details).over(first);
    return found.equals(first) ? first : core.details().of(found);
  }

  /** What the native side does not look at: the settings that refuse a finished handshake. */
  private void requireAllowed(boolean client, boolean resumed) throws SSLException {
    String refused = null;
    if (!resumed && !getEnableSessionCreation()) {
      refused = "No existing session to resume, and new ones are not allowed";
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
    if (established) {
      // RFC 5246 §7.2.2, RFC 8446 §6.2: what has failed is not resumed.
      session.invalidate();
    }
    countFailure(Failures.alert(told), failure.getMessage());
    if (!outbound) {
      inboundDone = true;
      connection.releaseInbound();
    }
    return failure;
  }

  private void countFailure(String alert, String reason) {
    event = null;
    handshakeSession = null;
    StatisticsTable.SHARED.failed(counters, core.label(), alert);
    HandshakeEvents.SHARED.failed(this, alert, reason, established);
  }

  /** Counts a handshake that whoever moves the bytes gives up. Gives what to throw. */
  SSLHandshakeException givenUp(String reason) {
    countFailure(Failures.NO_ALERT, reason);
    return new SSLHandshakeException(reason);
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
    current.tell(EngineNatives::closeOutbound);
  }

  /** Ends an engine that never began, else gives its connection. */
  private NativeConnection closeUnstarted() {
    synchronized (startLock) {
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
    boolean deferred = tasks.deferClose(false);
    boolean seen = !deferred && current.use(EngineNatives::closeInbound, true);
    inboundDone = true;
    if (!deferred) {
      current.releaseInbound();
    }
    if (!established) {
      // Without input no handshake comes to its end: what is left to do is to say so.
      closeOutbound();
    }
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
    return PackedResult.handshakeStatus(current.handshakeStatus());
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
    if (begunSession == null) {
      begunSession = new RustlsSession.Identity();
    }
    handshakeSession = handshakeSession(details);
  }

  /** Shows managers no protocol, so that the peer's signature algorithms bind them to nothing. */
  void showHandshakeOfNoProtocol() {
    handshakeSession = handshakeSession(details.withoutProtocol());
  }

  private RustlsSession handshakeSession(SessionDetails shown) {
    return RustlsSession.handshaking(
        begunSession, shown, requestedNames(), getPeerHost(), getPeerPort());
  }

  /** Shows managers which application protocol it will be; "" for none. */
  void showApplicationProtocol(String protocol) {
    foreseenProtocol = protocol;
  }

  /**
   * Of the client: what it was set to ask for, null for what the peer's host gives. Of the server:
   * null for what the client asked for, none where it has not.
   */
  private List<SNIServerName> requestedNames() {
    EngineSettings values = settings.values();
    if (values.client()) {
      return values.serverNames();
    }
    return details.serverName == null ? List.of() : null;
  }

  @Override
  public String getApplicationProtocol() {
    return applicationProtocol;
  }

  /** Known from the server's choice on, so that its key manager can go by it. */
  @Override
  public String getHandshakeApplicationProtocol() {
    NativeConnection current = connection;
    if (current == null || established) {
      return null;
    }
    return tasks.isRunning()
        ? foreseenProtocol
        : current.use(EngineNatives::applicationProtocol, foreseenProtocol);
  }

  // ---- Settings --------------------------------------------------------------------------------

  boolean checksEndpoint() {
    return settings.values().endpointIdentification() != null;
  }

  /** The name that the peer's certificate is to bear: the SNI that was set, else the host. */
  String identity() {
    EngineSettings values = settings.values();
    String name = values.client() ? values.serverName() : null;
    return name == null || name.isEmpty() ? getPeerHost() : name;
  }

  /** As they are now. */
  EngineSettings settings() {
    return settings.values();
  }

  @Override
  public void setUseClientMode(boolean mode) {
    synchronized (startLock) {
      if (connection != null) {
        throw new IllegalArgumentException("Cannot change mode after SSL traffic has started");
      }
      // Most engines have nothing set before their mode.
      if (!settings.replace(core.defaults(!mode), core.defaults(mode))) {
        settings.setUseClientMode(mode);
      }
      modeSet = true;
    }
  }

  @Override
  public boolean getUseClientMode() {
    return settings.getUseClientMode();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return CipherSuites.supported().toArray(new String[0]);
  }

  @Override
  public String[] getEnabledCipherSuites() {
    return settings.getEnabledCipherSuites();
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {
    settings.setEnabledCipherSuites(suites);
  }

  @Override
  public String[] getSupportedProtocols() {
    return Protocols.SUPPORTED.toArray(new String[0]);
  }

  @Override
  public String[] getEnabledProtocols() {
    return settings.getEnabledProtocols();
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {
    settings.setEnabledProtocols(protocols);
  }

  @Override
  public void setNeedClientAuth(boolean need) {
    settings.setNeedClientAuth(need);
  }

  @Override
  public boolean getNeedClientAuth() {
    return settings.getNeedClientAuth();
  }

  @Override
  public void setWantClientAuth(boolean want) {
    settings.setWantClientAuth(want);
  }

  @Override
  public boolean getWantClientAuth() {
    return settings.getWantClientAuth();
  }

  @Override
  public void setEnableSessionCreation(boolean flag) {
    settings.setEnableSessionCreation(flag);
  }

  @Override
  public boolean getEnableSessionCreation() {
    return settings.getEnableSessionCreation();
  }

  @Override
  public SSLParameters getSSLParameters() {
    return settings.getSSLParameters(getPeerHost());
  }

  /** Takes over what the parameters say; endpoint identification is for clients. */
  @Override
  public void setSSLParameters(SSLParameters parameters) {
    settings.setSSLParameters(parameters);
  }

  /** For servers; a client's is kept and never called. */
  @Override
  public void setHandshakeApplicationProtocolSelector(
      BiFunction<SSLEngine, List<String>, String> selector) {
    settings.setEngineSelector(selector);
  }

  @Override
  public BiFunction<SSLEngine, List<String>, String> getHandshakeApplicationProtocolSelector() {
    return settings.getEngineSelector();
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
