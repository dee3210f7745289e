package io.rustlsjvm.it.lab;

import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.RpcService;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.rustlsjvm.EchoEndpoint;
import org.apache.flink.rustlsjvm.EchoGateway;

/** RPC: a call between two of Flink's RPC services, each with a loader of its own for Pekko. */
@SuppressWarnings("try") // Flink's close() declares Exception.
final class RpcChannel {
  private static final int SECONDS = 15;

  private RpcChannel() {}

  /** Makes a service and closes it again. */
  static void start(Configuration configuration) throws Exception {
    RpcSystem system = RpcSystem.load(configuration);
    try (RpcService service = service(system, configuration)) {
      service.getAddress();
    }
  }

  static void talk(Configuration server, Configuration client, Observation seen) throws Exception {
    String text = "x".repeat(100_000);
    // The systems stay open until the process ends: their class loaders would be closed under the
    // feet of actors that have not ended yet.
    RpcSystem serverSystem = RpcSystem.load(server);
    RpcSystem clientSystem = RpcSystem.load(client);
    try (RpcService serverService = service(serverSystem, server);
        EchoEndpoint endpoint = new EchoEndpoint(serverService);
        RpcService clientService = service(clientSystem, client)) {
      endpoint.start();
      String answer =
          clientService
              .connect(endpoint.getAddress(), EchoGateway.class)
              .thenCompose(gateway -> gateway.echo(text))
              .get(SECONDS, TimeUnit.SECONDS);
      seen.passed = answer.equals(text);
    }
  }

  private static RpcService service(RpcSystem system, Configuration configuration)
      throws Exception {
    return system
        .remoteServiceBuilder(configuration, "localhost", "0")
        .withBindAddress("localhost")
        .createAndStart();
  }
}
