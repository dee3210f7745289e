package io.rustlsjvm.flink.check;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** What came of a connection to a running endpoint. */
final class ConnectionResult {
  private final Endpoint endpoint;
  private final OpenedChannel client;
  private final List<X509Certificate> chain;
  private final Negotiated negotiated;
  private final String answer;
  private final String failure;

  /**
   * @param chain what the server has shown, leaf first; empty for nothing
   * @param negotiated null where the handshake failed
   * @param answer the first line of its HTTP answer, or null
   * @param failure why it failed, or null
   */
  ConnectionResult(
      Endpoint endpoint,
      OpenedChannel client,
      List<X509Certificate> chain,
      Negotiated negotiated,
      String answer,
      String failure) {
    this.endpoint = endpoint;
    this.client = client;
    this.chain = List.copyOf(chain);
    this.negotiated = negotiated;
    this.answer = answer;
    this.failure = failure;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  OpenedChannel client() {
    return client;
  }

  List<X509Certificate> chain() {
    return chain;
  }

  Optional<Negotiated> negotiated() {
    return Optional.ofNullable(negotiated);
  }

  Optional<String> answer() {
    return Optional.ofNullable(answer);
  }

  Optional<String> failure() {
    return Optional.ofNullable(failure);
  }
}
