package org.apache.flink.rustlsjvm;

import java.util.concurrent.CompletableFuture;
import org.apache.flink.runtime.rpc.RpcGateway;

/** What can be asked over RPC. */
public interface EchoGateway extends RpcGateway {
  /**
   * Gives back what it gets.
   *
   * @param text anything
   */
  CompletableFuture<String> echo(String text);
}
