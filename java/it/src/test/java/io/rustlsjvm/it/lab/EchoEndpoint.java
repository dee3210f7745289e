package io.rustlsjvm.it.lab;

import java.util.concurrent.CompletableFuture;
import org.apache.flink.runtime.rpc.RpcEndpoint;
import org.apache.flink.runtime.rpc.RpcService;

/** Answers over RPC. */
@SuppressWarnings("try") // Flink's close() declares Exception.
public final class EchoEndpoint extends RpcEndpoint implements EchoGateway {
  EchoEndpoint(RpcService service) {
    super(service);
  }

  @Override
  public CompletableFuture<String> echo(String text) {
    return CompletableFuture.completedFuture(text);
  }
}
