package io.rustlsjvm.it.lab;

import com.google.gson.Gson;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.net.SSLUtils;

/** Does experiments, one after the other, and writes down what came of them. */
public final class ChannelLab {
  private ChannelLab() {}

  /**
   * The program.
   *
   * @param args the file with the experiments, and the file for the observations, both JSON
   * @throws Exception when a file cannot be read or written
   */
  public static void main(String[] args) throws Exception {
    Gson gson = new Gson();
    Experiment[] experiments =
        gson.fromJson(
            new String(Files.readAllBytes(Path.of(args[0])), StandardCharsets.UTF_8),
            Experiment[].class);
    List<Observation> observations = new ArrayList<>();
    for (Experiment experiment : experiments) {
      observations.add(observe(experiment));
    }
    Files.write(Path.of(args[1]), gson.toJson(observations).getBytes(StandardCharsets.UTF_8));
    // Flink's RPC leaves threads behind when it could not connect.
    System.exit(0);
  }

  private static Observation observe(Experiment experiment) {
    Observation seen = new Observation();
    seen.name = experiment.name;
    Map<String, Long> handshakes = count("handshakes");
    Map<String, Long> failures = count("failures");
    try {
      perform(experiment, seen);
    } catch (Throwable e) {
      // Ours at start-up are errors; Flink's main methods see them too.
      seen.passed = false;
      seen.clientError += describe(e);
    }
    seen.handshakes = more(count("handshakes"), handshakes);
    seen.failures = more(count("failures"), failures);
    return seen;
  }

  private static void perform(Experiment experiment, Observation seen) throws Exception {
    Configuration server = configuration(experiment.server);
    Configuration client = configuration(experiment.client);
    boolean both = server != null && client != null;
    switch (experiment.channel) {
      case "rpc":
        if (both) {
          RpcChannel.talk(server, client, seen);
        } else {
          RpcChannel.start(server != null ? server : client);
        }
        break;
      case "data":
        if (both) {
          NettyChannel.talk(
              SSLUtils.createInternalServerSSLEngineFactory(server),
              SSLUtils.createInternalClientSSLEngineFactory(client),
              seen);
        } else if (server != null) {
          SSLUtils.createInternalServerSSLEngineFactory(server);
        } else {
          SSLUtils.createInternalClientSSLEngineFactory(client);
        }
        break;
      case "blob":
        if (both) {
          BlobChannel.talk(
              SSLUtils.createSSLServerSocketFactory(server),
              SSLUtils.createSSLClientSocketFactory(client),
              seen);
        } else if (server != null) {
          SSLUtils.createSSLServerSocketFactory(server);
        } else {
          SSLUtils.createSSLClientSocketFactory(client);
        }
        break;
      case "rest":
        if (both) {
          NettyChannel.talk(
              SSLUtils.createRestServerSSLEngineFactory(server),
              SSLUtils.createRestClientSSLEngineFactory(client),
              seen);
        } else if (server != null) {
          SSLUtils.createRestServerSSLEngineFactory(server);
        } else {
          SSLUtils.createRestClientSSLEngineFactory(client);
        }
        break;
      default:
        throw new IllegalArgumentException(experiment.channel);
    }
    if (!both) {
      seen.passed = true;
    }
  }

  private static Configuration configuration(Map<String, String> options) {
    return options == null ? null : Configuration.fromMap(options);
  }

  private static Map<String, Long> more(Map<String, Long> now, Map<String, Long> before) {
    Map<String, Long> more = new TreeMap<>();
    now.forEach(
        (label, count) -> {
          long difference = count - before.getOrDefault(label, 0L);
          if (difference > 0) {
            more.put(label, difference);
          }
        });
    return more;
  }

  /** By reflection, because the jar under test is not there when this is compiled. */
  private static Map<String, Long> count(String column) {
    Map<String, Long> counts = new TreeMap<>();
    try {
      Class<?> type = Class.forName("io.rustlsjvm.jsse.ChannelStatistics");
      for (Object row : (List<?>) type.getMethod("snapshot").invoke(null)) {
        Method label = row.getClass().getMethod("label");
        Method value = row.getClass().getMethod(column);
        counts.merge((String) label.invoke(row), (Long) value.invoke(row), Long::sum);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the engines' counters cannot be read", e);
    }
    return counts;
  }

  static String describe(Throwable error) {
    StringBuilder text = new StringBuilder();
    for (Throwable at = error; at != null; at = at.getCause()) {
      text.append(at.getClass().getName()).append(": ").append(at.getMessage()).append('\n');
    }
    return text.toString();
  }
}
