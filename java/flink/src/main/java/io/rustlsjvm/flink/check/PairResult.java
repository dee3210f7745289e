package io.rustlsjvm.flink.check;

import java.util.Optional;

/** What came of one pair of channels. */
final class PairResult {
  private final ChannelPair pair;
  private final OpenedChannel server;
  private final OpenedChannel client;
  private final String host;
  private final Negotiated negotiated;
  private final String failure;

  /**
   * @param server null where it is not asked for
   * @param client null where it is not asked for
   * @param host the name that the client went by, or null
   * @param negotiated null where there was no handshake, or it failed
   * @param failure why it failed, or null
   */
  PairResult(
      ChannelPair pair,
      OpenedChannel server,
      OpenedChannel client,
      String host,
      Negotiated negotiated,
      String failure) {
    this.pair = pair;
    this.server = server;
    this.client = client;
    this.host = host;
    this.negotiated = negotiated;
    this.failure = failure;
  }

  ChannelPair pair() {
    return pair;
  }

  Optional<OpenedChannel> server() {
    return Optional.ofNullable(server);
  }

  Optional<OpenedChannel> client() {
    return Optional.ofNullable(client);
  }

  /** The name that the client went by. */
  Optional<String> host() {
    return Optional.ofNullable(host);
  }

  Optional<Negotiated> negotiated() {
    return Optional.ofNullable(negotiated);
  }

  /** Why the handshake failed. */
  Optional<String> failure() {
    return Optional.ofNullable(failure);
  }
}
