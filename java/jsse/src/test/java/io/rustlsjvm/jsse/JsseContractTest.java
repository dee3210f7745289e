package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each method of JSSE is ours, and docs/jsse.md says what it does. */
class JsseContractTest {
  private static final Path DOCUMENT = Path.of("..", "..", "docs", "jsse.md");

  /** What the classes of JSSE do by themselves, out of methods that are ours. */
  private static final Set<String> INHERITED =
      Set.of(
          "SSLEngine.getPeerHost",
          "SSLEngine.getPeerPort",
          // All records and the first of them, by the methods with an offset.
          "SSLEngine.wrap(ByteBuffer[],ByteBuffer)",
          "SSLEngine.unwrap(ByteBuffer,ByteBuffer[])",
          // Throw UnsupportedOperationException.
          "ExtendedSSLSession.exportKeyingMaterialKey",
          "ExtendedSSLSession.exportKeyingMaterialData");

  static Stream<Arguments> classes() {
    return Stream.of(
        Arguments.of(SSLContextSpi.class, RustlsSslContextSpi.class),
        Arguments.of(SSLEngine.class, RustlsEngine.class),
        Arguments.of(SSLSocket.class, RustlsSslSocket.class),
        Arguments.of(SSLServerSocket.class, RustlsSslServerSocket.class),
        Arguments.of(SSLSession.class, RustlsSession.class),
        Arguments.of(ExtendedSSLSession.class, RustlsSession.class),
        Arguments.of(SSLSessionContext.class, RustlsSessionContext.class));
  }

  @ParameterizedTest
  @MethodSource("classes")
  void eachMethodIsOurs(Class<?> contract, Class<?> ours) throws Exception {
    for (Method method : methods(contract)) {
      String name = contract.getSimpleName() + "." + method.getName();
      String parameters =
          Stream.of(method.getParameterTypes())
              .map(Class::getSimpleName)
              .collect(Collectors.joining(",", "(", ")"));
      boolean inherited = INHERITED.contains(name) || INHERITED.contains(name + parameters);
      assertThat(isOurs(ours, method)).as(name + parameters).isNotEqualTo(inherited);
    }
  }

  /** A socket of ours carries nothing itself: what it inherited would be of nothing. */
  @Test
  void eachMethodOfSocketsIsOurs() {
    for (Method method : methods(Socket.class)) {
      assertThat(isOurs(RustlsSslSocket.class, method)).as(method.toString()).isTrue();
    }
  }

  private static boolean isOurs(Class<?> ours, Method method) {
    for (Class<?> type = ours;
        type.getPackageName().equals(ours.getPackageName());
        type = type.getSuperclass()) {
      for (Method own : type.getDeclaredMethods()) {
        if (own.getName().equals(method.getName())
            && List.of(own.getParameterTypes()).equals(List.of(method.getParameterTypes()))) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<Method> methods(Class<?> contract) {
    return Stream.of(contract.getDeclaredMethods())
        .filter(method -> !method.isSynthetic() && !Modifier.isStatic(method.getModifiers()))
        .filter(method -> (method.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0)
        .collect(Collectors.toList());
  }

  @ParameterizedTest
  @MethodSource("classes")
  void eachMethodIsDocumented(Class<?> contract, Class<?> ours) throws IOException {
    assertDocumented(contract);
  }

  @Test
  void eachParameterIsDocumented() throws IOException {
    assertDocumented(SSLParameters.class);
  }

  private static void assertDocumented(Class<?> contract) throws IOException {
    Set<String> there = methods(contract).stream().map(Method::getName).collect(Collectors.toSet());
    Set<String> documented = new TreeSet<>();
    for (String row : rows(contract.getSimpleName())) {
      String[] cells = row.split("\\|", 3);
      Matcher name = Pattern.compile("`(\\w+)`").matcher(cells[1]);
      Matcher since = Pattern.compile("Java (\\d+)").matcher(cells[2]);
      boolean later =
          since.find() && Integer.parseInt(since.group(1)) > Runtime.version().feature();
      while (name.find()) {
        assertThat(documented.add(name.group(1))).as("%s twice", name.group(1)).isTrue();
        assertThat(there.contains(name.group(1))).as(name.group(1)).isNotEqualTo(later);
      }
    }
    assertThat(documented).containsAll(there);
  }

  /** The first table under the heading. */
  private static List<String> rows(String heading) throws IOException {
    List<String> lines = Files.readAllLines(DOCUMENT);
    List<String> rows = new ArrayList<>();
    for (int at = lines.indexOf("## " + heading) + 4;
        at < lines.size() && lines.get(at).startsWith("|");
        at++) {
      rows.add(lines.get(at));
    }
    assertThat(rows).as(heading).isNotEmpty();
    return rows;
  }
}
