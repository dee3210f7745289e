package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rustlsjvm.jsse.ClientAuthentication;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ChannelSettingsTest {
  private static final Path FILE = Path.of("store.p12");

  @ParameterizedTest
  @EnumSource(
      value = Channel.class,
      names = {"REST_SERVER", "REST_CLIENT"},
      mode = EnumSource.Mode.EXCLUDE)
  void makesInternalChannelsMutualAndNameless(Channel channel) {
    Configuration config = TestStores.internal(FILE);
    config.setString("security.ssl.verify-hostname", "true");
    ChannelSettings settings = ChannelSettings.internal(new FlinkOptions(config), channel);
    assertThat(settings.authentication()).isEqualTo(ClientAuthentication.NEED);
    assertThat(settings.keystore()).isPresent();
    assertThat(settings.truststore()).isPresent();
    assertThat(settings.verifyHostname()).isFalse();
  }

  @Test
  void checksInternalHostNamesWhereTheHostIsKnown() {
    Configuration config = TestStores.internal(FILE);
    config.setString("security.ssl.rustls.internal.verify-hostname", "true");
    assertThat(
            Arrays.stream(Channel.values())
                .filter(channel -> channel.scope() == Scope.INTERNAL)
                .filter(
                    channel ->
                        ChannelSettings.internal(new FlinkOptions(config), channel)
                            .verifyHostname()))
        .containsExactly(Channel.DATA_CLIENT, Channel.BLOB_CLIENT);
  }

  @Test
  void fallsBackToTheCommonOptions() {
    Configuration config = TestStores.stores(TestStores.rustls(), "security.ssl.", FILE);
    StoreSettings keystore =
        ChannelSettings.internal(new FlinkOptions(config), Channel.DATA_SERVER)
            .keystore()
            .orElseThrow();
    assertThat(keystore.option()).isEqualTo("security.ssl.keystore");
    assertThat(keystore.passwordOption()).isEqualTo("security.ssl.keystore-password");
    assertThat(keystore.keyPasswordOption()).isEqualTo("security.ssl.key-password");
    assertThat(keystore.password()).isEqualTo(TestStores.PASSWORD.toCharArray());

    config.setString("security.ssl.internal.keystore", "own.p12");
    config.setString("security.ssl.internal.keystore-password", "own");
    keystore =
        ChannelSettings.internal(new FlinkOptions(config), Channel.DATA_SERVER)
            .keystore()
            .orElseThrow();
    assertThat(keystore.option()).isEqualTo("security.ssl.internal.keystore");
    assertThat(keystore.file()).isEqualTo("own.p12");
    assertThat(keystore.password()).isEqualTo("own".toCharArray());
    assertThat(keystore.keyPassword()).isEqualTo(TestStores.PASSWORD.toCharArray());
  }

  @ParameterizedTest
  @CsvSource({"keystore", "truststore"})
  void namesBothKeysOfAMissingStore(String store) {
    Configuration config = TestStores.internal(FILE);
    config.removeKey("security.ssl.internal." + store);
    assertThatThrownBy(
            () -> ChannelSettings.internal(new FlinkOptions(config), Channel.BLOB_CLIENT))
        .isInstanceOf(OptionException.class)
        .hasMessage(
            "The config option security.ssl.internal.%s or security.ssl.%s is missing.",
            store, store);
  }

  @Test
  void readsTypeAndPinsByTheirOwnKeyOnly() {
    Configuration config = TestStores.internal(FILE);
    ChannelSettings unset = ChannelSettings.internal(new FlinkOptions(config), Channel.RPC_SERVER);
    assertThat(unset.keystore().orElseThrow().type()).isNull();
    assertThat(unset.fingerprints()).isEmpty();

    config.setString("security.ssl.internal.keystore-type", " JKS ");
    config.setString("security.ssl.internal.truststore-type", "PEM");
    config.setString("security.ssl.internal.cert.fingerprint", "00:11");
    ChannelSettings set = ChannelSettings.internal(new FlinkOptions(config), Channel.RPC_SERVER);
    assertThat(set.keystore().orElseThrow().type()).isEqualTo("JKS");
    assertThat(set.truststore().orElseThrow().type()).isEqualTo("PEM");
    assertThat(set.fingerprints().orElseThrow().value()).isEqualTo("00:11");
    assertThat(set.fingerprints().orElseThrow().key())
        .isEqualTo("security.ssl.internal.cert.fingerprint");
  }

  @Test
  void needsNoStoreForAPlainRestClient() {
    Configuration config = TestStores.rustls();
    ChannelSettings settings =
        ChannelSettings.rest(new FlinkOptions(config), true, ClientAuthentication.NONE);
    assertThat(settings.keystore()).isEmpty();
    assertThat(settings.truststore()).isEmpty();
    assertThat(settings.trustsDefaultAuthorities()).isTrue();
  }

  @Test
  void needsAKeyForARestServerAndAMutualClient() {
    Configuration config = TestStores.rustls();
    assertThatThrownBy(
            () -> ChannelSettings.rest(new FlinkOptions(config), false, ClientAuthentication.NONE))
        .hasMessageContaining("security.ssl.rest.keystore or security.ssl.keystore is missing");
    assertThatThrownBy(
            () -> ChannelSettings.rest(new FlinkOptions(config), true, ClientAuthentication.NEED))
        .hasMessageContaining("security.ssl.rest.keystore or security.ssl.keystore is missing");
  }

  @Test
  void judgesNobodyOnAPlainRestServer() {
    ChannelSettings settings =
        ChannelSettings.rest(
            new FlinkOptions(TestStores.rest(FILE)), false, ClientAuthentication.NONE);
    assertThat(settings.truststore()).isEmpty();
    assertThat(settings.trustsDefaultAuthorities()).isFalse();
  }

  @Test
  void letsPinsStandAloneOnRest() {
    Configuration config = TestStores.rustls();
    config.setString("security.ssl.rest.cert.fingerprint", "00:11");
    ChannelSettings settings =
        ChannelSettings.rest(new FlinkOptions(config), true, ClientAuthentication.NONE);
    assertThat(settings.fingerprints()).isPresent();
    assertThat(settings.trustsDefaultAuthorities()).isFalse();
  }

  /** As Flink does: a password alone is a mistake, not a wish for the JVM's CAs. */
  @Test
  void wantsTheFileForATruststorePassword() {
    Configuration config = TestStores.rustls();
    config.setString("security.ssl.rest.truststore-password", "secret");
    assertThatThrownBy(
            () -> ChannelSettings.rest(new FlinkOptions(config), true, ClientAuthentication.NONE))
        .isInstanceOf(OptionException.class)
        .hasMessageContaining("security.ssl.rest.truststore")
        .hasMessageNotContaining("secret");
  }

  @Test
  void areEqualWhenNothingDiffers() {
    ChannelSettings one =
        ChannelSettings.internal(new FlinkOptions(TestStores.internal(FILE)), Channel.BLOB_CLIENT);
    Configuration config = TestStores.internal(FILE);
    ChannelSettings same = ChannelSettings.internal(new FlinkOptions(config), Channel.BLOB_CLIENT);
    assertThat(same).isEqualTo(one).hasSameHashCodeAs(one);
    config.setString("security.ssl.internal.keystore-password", "another");
    assertThat(ChannelSettings.internal(new FlinkOptions(config), Channel.BLOB_CLIENT))
        .isNotEqualTo(one);
    assertThat(
            ChannelSettings.internal(
                new FlinkOptions(TestStores.internal(FILE)), Channel.BLOB_SERVER))
        .isNotEqualTo(one);
  }

  /** The option's, or Netty's as the data plane has it; a client may wait for its turn. */
  @ParameterizedTest
  @CsvSource({",10000", "-1,10000", "0,0", "1234,1234"})
  void limitsHandshakesOfTheBlobServerAlone(String option, int millis) {
    Configuration config = TestStores.internal(FILE);
    if (option != null) {
      config.setString("security.ssl.internal.handshake-timeout", option);
    }
    for (Channel channel : Channel.values()) {
      if (channel.scope() == Scope.INTERNAL) {
        assertThat(
                ChannelSettings.internal(new FlinkOptions(config), channel)
                    .handshakeTimeoutMillis())
            .as(channel.label())
            .isEqualTo(channel == Channel.BLOB_SERVER ? millis : 0);
      }
    }
  }

  @Test
  void differInTheTimeForHandshakes() {
    Configuration config = TestStores.internal(FILE);
    ChannelSettings one = ChannelSettings.internal(new FlinkOptions(config), Channel.BLOB_SERVER);
    config.setString("security.ssl.internal.handshake-timeout", "1234");
    assertThat(ChannelSettings.internal(new FlinkOptions(config), Channel.BLOB_SERVER))
        .isNotEqualTo(one);
  }

  @Test
  void neverPrintsAPassword() {
    StoreSettings keystore =
        StoreSettings.keystore(new FlinkOptions(TestStores.internal(FILE)), Scope.INTERNAL);
    assertThat(keystore.toString())
        .isEqualTo("security.ssl.internal.keystore: store.p12")
        .doesNotContain(TestStores.PASSWORD);
    assertThat(new Setting("some.key", "secret").toString()).isEqualTo("some.key");
  }
}
