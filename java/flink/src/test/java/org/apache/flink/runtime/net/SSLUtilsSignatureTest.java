package org.apache.flink.runtime.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.rustlsjvm.flink.FlinkTls;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever uses Flink's class must find the same members in ours. */
class SSLUtilsSignatureTest {
  @Test
  void hasEveryMemberOfFlinks() {
    assertHasMembersOf(FlinkTls.flinksSslUtils());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.20.5", "2.0.2", "2.1.3", "2.2.1"})
  void hasEveryMemberOfOtherVersions(String version) throws Exception {
    Path jar = Path.of(System.getProperty("other.flinks"), "flink-runtime-" + version + ".jar");
    try (OnlySslUtils loader = new OnlySslUtils(jar)) {
      Class<?> flinks = loader.loadClass(SSLUtils.class.getName());
      assertThat(flinks).isNotSameAs(SSLUtils.class);
      assertHasMembersOf(flinks);
    }
  }

  private static void assertHasMembersOf(Class<?> flinks) {
    List<String> members = members(flinks);
    assertThat(members).contains("static getSSLProvider(Configuration) SslProvider");
    assertThat(members(SSLUtils.class)).containsAll(members);
    assertThat(SSLUtils.class.getModifiers()).isEqualTo(flinks.getModifiers());
    assertThat(SSLUtils.class.getSuperclass()).isEqualTo(flinks.getSuperclass());
  }

  /** A nested class would not be there when the class is defined by itself. */
  @Test
  void standsAlone() {
    assertThat(SSLUtils.class.getDeclaredClasses()).isEmpty();
  }

  private static List<String> members(Class<?> type) {
    List<String> members = new ArrayList<>();
    for (Method method : type.getDeclaredMethods()) {
      add(members, method, method.getName(), method.getReturnType());
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      add(members, constructor, "new", type);
    }
    for (Field field : type.getDeclaredFields()) {
      if (isOpen(field.getModifiers()) && !field.isSynthetic()) {
        members.add(modifiers(field.getModifiers()) + field.getName() + field.getType());
      }
    }
    return members;
  }

  private static void add(
      List<String> members, Executable executable, String name, Class<?> result) {
    if (isOpen(executable.getModifiers()) && !executable.isSynthetic()) {
      StringBuilder member = new StringBuilder(modifiers(executable.getModifiers()));
      member.append(name).append('(');
      member.append(
          String.join(
              ",",
              Arrays.stream(executable.getParameterTypes())
                  .map(Class::getSimpleName)
                  .toArray(String[]::new)));
      members.add(member.append(") ").append(result.getSimpleName()).toString());
    }
  }

  private static boolean isOpen(int modifiers) {
    return !Modifier.isPrivate(modifiers);
  }

  private static String modifiers(int modifiers) {
    String text = Modifier.toString(modifiers);
    return text.isEmpty() ? "" : text + " ";
  }

  /** Takes SSLUtils from another version's jar, and what it refers to from the class path. */
  private static final class OnlySslUtils extends URLClassLoader {
    OnlySslUtils(Path jar) throws IOException {
      super(new URL[] {jar.toUri().toURL()}, SSLUtils.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(SSLUtils.class.getName())) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : findClass(name);
    }
  }
}
