package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.Channel;
import io.rustlsjvm.flink.Options;
import io.rustlsjvm.flink.SslOptions;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The two sides of one of Flink's ways of talking. */
enum ChannelPair {
  RPC(Channel.RPC_SERVER, Channel.RPC_CLIENT, SslOptions.RPC_ENABLED),
  DATA(Channel.DATA_SERVER, Channel.DATA_CLIENT, SslOptions.DATA_ENABLED),
  BLOB(Channel.BLOB_SERVER, Channel.BLOB_CLIENT, SslOptions.BLOB_ENABLED),
  REST(Channel.REST_SERVER, Channel.REST_CLIENT, null);

  private static final String ANY_NAME = "localhost";

  private final Channel server;
  private final Channel client;
  private final String toggle;

  ChannelPair(Channel server, Channel client, String toggle) {
    this.server = server;
    this.client = client;
    this.toggle = toggle;
  }

  Channel server() {
    return server;
  }

  Channel client() {
    return client;
  }

  /** The key of its own switch; empty where its family has the only one. */
  Optional<String> toggle() {
    return Optional.ofNullable(toggle);
  }

  /**
   * The option that says under which name clients know the server; empty where there is none, as
   * TaskManagers tell their names when they register.
   */
  Optional<String> hostOption(Options options) {
    Stream<String> keys;
    switch (this) {
      case REST:
        keys = Stream.of("rest.address", "jobmanager.rpc.address");
        break;
      case DATA:
        keys = Stream.of("taskmanager.host");
        break;
      default:
        keys = Stream.of("jobmanager.rpc.address");
    }
    return keys.filter(key -> options.text(key).isPresent()).findFirst();
  }

  /** The name under which clients know the server; of one that is unknown, one that fits. */
  String host(Options options, List<X509Certificate> serverChain) {
    return hostOption(options)
        .flatMap(options::text)
        .orElseGet(
            () ->
                this == DATA && !serverChain.isEmpty() ? firstName(serverChain.get(0)) : ANY_NAME);
  }

  private static String firstName(X509Certificate leaf) {
    return CertificateFacts.names(leaf).stream()
        .filter(name -> name.startsWith("DNS:") || name.startsWith("IP:"))
        .map(name -> name.substring(name.indexOf(':') + 1))
        .filter(name -> !name.startsWith("*"))
        .findFirst()
        .orElse(ANY_NAME);
  }
}
