package io.rustlsjvm.jsse;

/**
 * The delegated task of a handshake: handed out once, run once. Until it has run, the engine needs
 * it; an engine that is closed meanwhile is closed when the task is through, because the native
 * lock is the task's until then.
 */
final class DelegatedTasks {
  private enum State {
    NONE,
    HANDED_OUT,
    RUNNING
  }

  private final RustlsEngine engine;
  private volatile State state = State.NONE;
  private boolean closeOutbound;
  private boolean closeInbound;

  DelegatedTasks(RustlsEngine engine) {
    this.engine = engine;
  }

  /** Whether a task was handed out and has not ended. */
  boolean isPending() {
    return state != State.NONE;
  }

  boolean isRunning() {
    return state == State.RUNNING;
  }

  /** The task that the connection needs, or null when it needs none or it was handed out. */
  synchronized Runnable next(NativeConnection connection) {
    if (state != State.NONE || connection.handshakeStatus() != EngineNatives.NEED_TASK) {
      return null;
    }
    state = State.HANDED_OUT;
    return new Task(connection);
  }

  /**
   * Keeps a close for later, when a task runs.
   *
   * @return false when none does: the caller closes at once
   */
  synchronized boolean deferClose(boolean outbound) {
    if (state != State.RUNNING) {
      return false;
    }
    if (outbound) {
      closeOutbound = true;
    } else {
      closeInbound = true;
    }
    return true;
  }

  private synchronized boolean begin() {
    if (state != State.HANDED_OUT) {
      return false;
    }
    state = State.RUNNING;
    return true;
  }

  private synchronized void end(NativeConnection connection) {
    state = State.NONE;
    if (closeOutbound) {
      engine.closeOutboundNow(connection);
    }
    if (closeInbound) {
      engine.closeInboundNow(connection);
    }
  }

  private final class Task implements Runnable {
    private final NativeConnection connection;
    private boolean taken;

    Task(NativeConnection connection) {
      this.connection = connection;
    }

    @Override
    public void run() {
      if (!take()) {
        return;
      }
      try {
        engine.runTask(connection);
      } finally {
        end(connection);
      }
    }

    private synchronized boolean take() {
      if (taken) {
        return false;
      }
      taken = true;
      return begin();
    }
  }
}
