package io.netty.handler.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/**
 * Tests that cannot pass, each with its reason: they are run and must fail. One that passes, or is
 * not there any more, has to leave the list.
 */
final class KnownFailures implements InvocationInterceptor, AfterAllCallback {
  private final Map<String, String> reasons;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  /**
   * @param reasons by the test's name; with {@code @TLSv1.2} or {@code @TLSv1.3} behind it for the
   *     one version
   */
  KnownFailures(Map<String, String> reasons) {
    this.reasons = Map.copyOf(reasons);
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    run(invocation, method);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    run(invocation, method);
  }

  private void run(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method)
      throws Throwable {
    String key = key(method);
    if (key == null) {
      invocation.proceed();
      return;
    }
    seen.add(key);
    try {
      invocation.proceed();
    } catch (TestAbortedException e) {
      throw e;
    } catch (Throwable expected) {
      return;
    }
    throw new AssertionError(
        key + " passes, and is listed as one that cannot: " + reasons.get(key));
  }

  private String key(ReflectiveInvocationContext<Method> method) {
    String name = method.getExecutable().getName();
    return Stream.concat(
            Stream.of(name),
            method.getArguments().stream()
                .filter(SSLEngineTest.SSLEngineTestParam.class::isInstance)
                .map(
                    param ->
                        name + "@" + ((SSLEngineTest.SSLEngineTestParam) param).protocols().get(0)))
        .filter(reasons::containsKey)
        .findFirst()
        .orElse(null);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Set<String> gone =
        reasons.keySet().stream().filter(key -> !seen.contains(key)).collect(Collectors.toSet());
    assertThat(gone).as("listed as failing, but not run").isEmpty();
  }
}
