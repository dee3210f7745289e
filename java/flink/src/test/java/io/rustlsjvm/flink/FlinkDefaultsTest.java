package io.rustlsjvm.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class FlinkDefaultsTest {
  @Test
  void areThoseOfTheFlinkAtHand() throws Exception {
    FlinkDefaults flink1 = of("flink-core-1.20.5.jar");
    assertThat(flink1.algorithms()).isEqualTo(FlinkDefaults.flink1().algorithms());
    assertThat(flink1.hasCommonSwitch()).isTrue();
    assertThat(flink1.verifiesHostname()).isTrue();

    FlinkDefaults flink22 = of("flink-core-2.2.0.jar");
    assertThat(flink22.algorithms()).isEqualTo("TLS_RSA_WITH_AES_128_CBC_SHA");
    assertThat(flink22.hasCommonSwitch()).isFalse();
    assertThat(flink22.verifiesHostname()).isTrue();

    FlinkDefaults here = new FlinkOptions(new Configuration()).defaults();
    assertThat(here.algorithms()).isEqualTo(FlinkDefaults.newest().algorithms());
    assertThat(here.hasCommonSwitch()).isEqualTo(FlinkDefaults.newest().hasCommonSwitch());
    assertThat(here.verifiesHostname()).isEqualTo(FlinkDefaults.newest().verifiesHostname());
  }

  @Test
  void areNotThereWithoutAFlink() {
    assertThatThrownBy(() -> FlinkDefaults.of(ClassLoader.getPlatformClassLoader()))
        .isInstanceOf(ClassNotFoundException.class);
  }

  private static FlinkDefaults of(String jar) throws Exception {
    URL url = Path.of(System.getProperty("other.flinks"), jar).toUri().toURL();
    try (URLClassLoader flink =
        new URLClassLoader(new URL[] {url}, ClassLoader.getPlatformClassLoader())) {
      return FlinkDefaults.of(flink);
    }
  }
}
