package io.rustlsjvm.flink;

/** One side of one of Flink's ways of talking. */
public enum Channel {
  RPC_SERVER("rpc-server", Scope.INTERNAL, false),
  RPC_CLIENT("rpc-client", Scope.INTERNAL, true),
  DATA_SERVER("data-server", Scope.INTERNAL, false),
  DATA_CLIENT("data-client", Scope.INTERNAL, true),
  BLOB_SERVER("blob-server", Scope.INTERNAL, false),
  BLOB_CLIENT("blob-client", Scope.INTERNAL, true),
  REST_SERVER("rest-server", Scope.REST, false),
  REST_CLIENT("rest-client", Scope.REST, true);

  private final String label;
  private final Scope scope;
  private final boolean client;

  Channel(String label, Scope scope, boolean client) {
    this.label = label;
    this.scope = scope;
    this.client = client;
  }

  /** Its name in log lines and statistics. */
  public String label() {
    return label;
  }

  public Scope scope() {
    return scope;
  }

  public boolean isClient() {
    return client;
  }
}
