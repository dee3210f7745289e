package org.apache.flink.rustlsjvm;

import java.util.concurrent.CompletableFuture;
import org.apache.flink.runtime.rpc.RpcEndpoint;
import org.apache.flink.runtime.rpc.RpcService;

/** Answers over RPC. */
@SuppressWarnings("try") // Flink's close() declares Exception.
public final class EchoEndpoint extends RpcEndpoint implements EchoGateway {
  /**
   * Makes one that has not been started.
   *
   * @param service where it can be reached
   */
  public EchoEndpoint(RpcService service) {
    super(service);
  }

  @Override
  public CompletableFuture<String> echo(String text) {
    return CompletableFuture.completedFuture(text);
  }
}
