package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The native library's way into the process, and what is said when there is none. */
@Timeout(120)
class RustlsLibraryTest {
  @TempDir Path folder;

  /** Says what it finds; with an argument-less main, so that a child JVM can run it. */
  static final class Report {
    private Report() {}

    public static void main(String[] arguments) throws Exception {
      System.out.println("available=" + RustlsLibrary.isAvailable());
      Throwable cause = RustlsLibrary.unavailabilityCause();
      System.out.println("cause=" + (cause == null ? "none" : cause.getClass().getSimpleName()));
      try {
        SSLContext.getInstance("TLS", new RustlsProvider());
        System.out.println("context made");
      } catch (UnsatisfiedLinkError e) {
        System.out.println("error=" + e.getMessage());
      }
    }
  }

  @Test
  void loadsFromTheJarAndLeavesNothingBehind() throws Exception {
    ChildJvm child = ChildJvm.run(Report.class, "-Djava.io.tmpdir=" + folder);
    assertThat(child.output)
        .contains("available=true")
        .contains("cause=none")
        .contains("context made");
    assertThat(child.exit).isZero();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.filter(file -> file.getFileName().toString().startsWith("rustls"))).isEmpty();
    }
  }

  @Test
  void missingOverride() throws Exception {
    ChildJvm child =
        ChildJvm.run(Report.class, "-Drustlsjvm.library.path=" + folder.resolve("none.so"));
    assertThat(child.output)
        .contains("available=false")
        .contains("cause=UnsatisfiedLinkError")
        .contains("error=")
        .contains(folder.resolve("none.so").toString())
        .contains("rustlsjvm.library.path")
        .contains(Platform.name())
        .contains(Platform.libc())
        .doesNotContain("context made");
  }

  @Test
  void garbageAsOverride() throws Exception {
    Path garbage = Files.write(folder.resolve("garbage.so"), new byte[100]);
    ChildJvm child = ChildJvm.run(Report.class, "-Drustlsjvm.library.path=" + garbage);
    assertThat(child.output)
        .contains("available=false")
        .contains("could not be loaded")
        .contains(garbage.toString());
  }

  @Test
  void anotherLibraryAsOverride() throws Exception {
    Path other = Path.of(System.getProperty("java.home"), "lib", "libverify.so");
    ChildJvm child = ChildJvm.run(Report.class, "-Drustlsjvm.library.path=" + other);
    assertThat(child.output).contains("available=false").contains("another library");
  }

  @Test
  void temporaryFolderThatIsNotThere() throws Exception {
    Path gone = folder.resolve("gone");
    ChildJvm child = ChildJvm.run(Report.class, "-Djava.io.tmpdir=" + gone);
    assertThat(child.output)
        .contains("available=false")
        .contains(gone.toString())
        .contains("-Djava.io.tmpdir");
  }

  @Test
  void platformWithoutLibrary() throws Exception {
    ChildJvm child = ChildJvm.run(Report.class, "-Dos.arch=riscv64");
    assertThat(child.output).contains("available=false").contains("linux-riscv64");
  }

  @Test
  void adviceDependsOnTheLibc() {
    assertThat(LibraryLoader.advice("musl")).contains("musl", "glibc").doesNotContain("noexec");
    assertThat(LibraryLoader.advice("glibc")).contains("noexec", "-Djava.io.tmpdir", "2.17");
  }

  @Test
  void versionsMustBeTheSame() {
    RustlsLibrary.checkVersion("1.2.3", "1.2.3");
    assertThatThrownBy(() -> RustlsLibrary.checkVersion("1.2.3", "1.2.4"))
        .isInstanceOf(UnsatisfiedLinkError.class)
        .hasMessageContaining("1.2.3")
        .hasMessageContaining("1.2.4");
    assertThat(RustlsLibrary.jarVersion()).isEqualTo(LibraryNatives.version());
  }

  @Test
  void description() {
    assertThat(RustlsLibrary.description())
        .startsWith("rustls-jvm " + RustlsLibrary.jarVersion())
        .contains("aws-lc-rs");
    assertThat(RustlsLibrary.unavailabilityCause()).isNull();
  }

  @Test
  void namesOfPlatforms() throws Exception {
    assertThat(Platform.name("Linux", "amd64")).isEqualTo("linux-x86_64");
    assertThat(Platform.name("Linux", "aarch64")).isEqualTo("linux-aarch64");
    assertThat(Platform.name("Mac OS X", "aarch64")).isEqualTo("mac-os-x-aarch64");
    Path maps = Files.writeString(folder.resolve("maps"), "7f /lib/ld-musl-x86_64.so.1\n");
    assertThat(Platform.libc(maps)).isEqualTo("musl");
    Files.writeString(maps, "7f /usr/lib/x86_64-linux-gnu/libc.so.6\n");
    assertThat(Platform.libc(maps)).isEqualTo("glibc");
    assertThat(Platform.libc(folder.resolve("none"))).isEqualTo("unknown libc");
  }
}
