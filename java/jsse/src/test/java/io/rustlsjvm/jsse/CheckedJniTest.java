package io.rustlsjvm.jsse;

import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Tests that call natives of every kind, once more in a JVM that looks at how JNI is used. */
@Timeout(300)
class CheckedJniTest {
  private static final List<Class<?>> TESTS =
      List.of(
          EngineContractTest.class, ManagersTest.class, NativeStoreTest.class, TokenKeysTest.class);

  /** Runs them and says how that went. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      LauncherDiscoveryRequest request =
          LauncherDiscoveryRequestBuilder.request()
              .selectors(TESTS.stream().map(DiscoverySelectors::selectClass).collect(toList()))
              .build();
      Launcher launcher = LauncherFactory.create();
      SummaryGeneratingListener listener = new SummaryGeneratingListener();
      launcher.execute(request, listener);
      TestExecutionSummary summary = listener.getSummary();
      summary.getFailures().forEach(failure -> failure.getException().printStackTrace());
      System.out.println(
          summary.getTestsSucceededCount() + " of " + summary.getTestsFoundCount() + " passed");
      System.exit(summary.getTotalFailureCount() == 0 ? 0 : 1);
    }
  }

  @Test
  void nativesUseJniAsTheyShould() throws Exception {
    ChildJvm child = ChildJvm.run(Program.class, "-Xcheck:jni", "-XX:+UseSerialGC");
    assertThat(child.exit).as(child.output).isZero();
    assertThat(child.output).containsPattern("(\\d+) of \\1 passed");
    assertThat(complaints(child.output)).isEmpty();
  }

  /** What the JVM complains of about our natives; the JDK's own are not our business. */
  private static List<String> complaints(String output) {
    List<String> complaints = new ArrayList<>();
    String[] lines = output.split("\n");
    for (int i = 0; i < lines.length; i++) {
      if (!lines[i].matches("(WARNING|FATAL ERROR) .*(JNI|native).*")
          && !lines[i].startsWith("WARNING: JNI")) {
        continue;
      }
      boolean ours =
          Stream.of(lines).skip(i + 1L).limit(2).anyMatch(line -> line.contains("io.rustlsjvm."));
      if (ours) {
        complaints.add(lines[i]);
      }
    }
    return complaints;
  }

  @Test
  void complaintsAreHeard() {
    assertThat(
            complaints(
                "WARNING in native method: JNI call made without checking exceptions\n"
                    + "\tat io.rustlsjvm.jsse.EngineNatives.wrap(Native Method)\n"
                    + "WARNING in native method: something of the JDK\n"
                    + "\tat java.lang.Thread.run(Native Method)\n"
                    + "\tat java.lang.Object.wait(Native Method)\n"
                    + "WARNING: JNI local refs: 40, exceeds capacity: 32\n"
                    + "\tat io.rustlsjvm.jsse.StoreNatives.trusted(Native Method)\n"))
        .hasSize(2);
  }
}
