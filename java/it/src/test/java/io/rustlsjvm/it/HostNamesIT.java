package io.rustlsjvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.demo.stores.KeystoreFile;
import io.rustlsjvm.it.lab.Observation;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that is not whom its certificate names (S5), and who minds. */
class HostNamesIT {
  private static Lab lab;

  @BeforeAll
  static void experiment() throws IOException {
    lab = new Lab("host-names");
    Stores stores = Stores.get();
    KeystoreFile elsewhere =
        stores
            .authority()
            .request("some.where")
            .names("dns:some.where.example.org")
            .sign(Stores.RSA_BITS);
    Map<String, String> rest = Stores.restOptions("RUSTLS", elsewhere, stores.trusted(), false);
    lab.talk("rest", "rest", rest, rest);
    for (String option : new String[] {"rest.verify-hostname", "verify-hostname"}) {
      for (String value : new String[] {"true", "false"}) {
        lab.talk(
            option + " " + value, "rest", rest, Stores.with(rest, "security.ssl." + option, value));
      }
    }
    Map<String, String> here =
        Stores.restOptions("RUSTLS", stores.server(), stores.trusted(), false);
    lab.talk(
        "rest here", "rest", here, Stores.with(here, "security.ssl.rest.verify-hostname", "true"));

    Map<String, String> internal = Stores.internalOptions("RUSTLS", elsewhere, stores.trusted());
    for (String channel : new String[] {"data", "blob"}) {
      lab.talk(channel, channel, internal, internal);
      lab.talk(
          channel + " checked",
          channel,
          internal,
          Stores.with(internal, "security.ssl.rustls.internal.verify-hostname", "true"));
    }
    lab.talk("rpc", "rpc", internal, internal);
    lab.run();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rest", "rest.verify-hostname false", "verify-hostname false"})
  void restClientThatDoesNotMind(String name) {
    assertPassed(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rest.verify-hostname true", "verify-hostname true"})
  void restClientThatMinds(String name) {
    assertRefused(name, "rest-client");
  }

  @Test
  void restClientThatMindsAndFindsWhomItAskedFor() {
    assertPassed("rest here");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpc", "data", "blob"})
  void internalChannelsDoNotMind(String channel) {
    assertPassed(channel);
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "blob"})
  void internalChannelsMindWhenAsked(String channel) {
    assertRefused(channel + " checked", channel + "-client");
  }

  private static void assertPassed(String name) {
    Observation seen = lab.seen(name);
    assertThat(seen.passed).as(seen.toString()).isTrue();
  }

  private static void assertRefused(String name, String by) {
    Observation seen = lab.seen(name);
    assertThat(seen.passed).as(seen.toString()).isFalse();
    assertThat(seen.failures).as(seen.toString()).containsKey(by);
    assertThat(seen.clientError).contains("localhost").contains("some.where.example.org");
  }
}
