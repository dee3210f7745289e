package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.it.lab.Observation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** RUSTLS at one end and the JDK at the other, on each channel, both ways (S12). */
class MixedChannelsIT {
  private static final String[] CHANNELS = {"rpc", "data", "blob", "rest"};
  private static final String[] PROTOCOLS = {"TLSv1.2", "TLSv1.3"};
  private static final String SUITES =
      "TLS_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";

  private static Lab lab;

  static Stream<Arguments> all() {
    List<Arguments> all = new ArrayList<>();
    for (String channel : CHANNELS) {
      for (String protocol : PROTOCOLS) {
        all.add(Arguments.of(channel, protocol, "RUSTLS", "JDK"));
        all.add(Arguments.of(channel, protocol, "JDK", "RUSTLS"));
        all.add(Arguments.of(channel, protocol, "RUSTLS", "RUSTLS"));
      }
    }
    return all.stream();
  }

  @BeforeAll
  static void experiment() throws IOException {
    lab = new Lab("mixed-channels");
    all()
        .forEach(
            arguments -> {
              Object[] of = arguments.get();
              String channel = (String) of[0];
              String protocol = (String) of[1];
              lab.talk(
                  name(of),
                  channel,
                  options(channel, protocol, (String) of[2]),
                  options(channel, protocol, (String) of[3]));
            });
    lab.run();
  }

  private static String name(Object... of) {
    return String.join(" ", List.of(of).toArray(new String[0]));
  }

  private static Map<String, String> options(String channel, String protocol, String provider) {
    try {
      Stores stores = Stores.get();
      Map<String, String> options =
          channel.equals("rest")
              ? Stores.restOptions(provider, stores.server(), stores.trusted(), true)
              : Stores.internalOptions(provider, stores.internalNamed());
      return Stores.with(
          options, "security.ssl.protocol", protocol, "security.ssl.algorithms", SUITES);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void talk(String channel, String protocol, String server, String client) {
    Observation seen = lab.seen(name(channel, protocol, server, client));

    assertThat(seen.passed).as(seen.toString()).isTrue();
    assertThat(seen.handshakes.containsKey(channel + "-server")).isEqualTo(server.equals("RUSTLS"));
    assertThat(seen.handshakes.containsKey(channel + "-client")).isEqualTo(client.equals("RUSTLS"));
    if (!channel.equals("rpc")) {
      assertThat(seen.protocol).isEqualTo(protocol);
      assertThat(seen.cipherSuite)
          .isEqualTo(
              protocol.equals("TLSv1.3")
                  ? "TLS_AES_256_GCM_SHA384"
                  : "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
      assertThat(seen.server).startsWith(implementation(server));
      assertThat(seen.client).startsWith(implementation(client));
    }
  }

  private static String implementation(String provider) {
    return provider.equals("RUSTLS") ? "io.rustlsjvm." : "sun.security.ssl.";
  }
}
