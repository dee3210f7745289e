package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What keeps the library from being loaded, and what the operator then reads. */
@Timeout(120)
class LibraryFaultsTest {
  private static final String RESOURCE =
      "io/rustlsjvm/native/" + Platform.name() + "/librustls_jvm.so";

  @TempDir Path folder;
  private Path temporary;

  @BeforeEach
  void makeTemporaryFolder() throws Exception {
    temporary = Files.createDirectory(folder.resolve("tmp"));
  }

  private ChildJvm load(List<String> launcher, String before, Path tmpdir) throws Exception {
    ChildJvm child =
        ChildJvm.run(
            launcher,
            before,
            RustlsLibraryTest.Report.class,
            Map.of(),
            "-XX:-UsePerfData",
            "-Xshare:auto",
            "-Djava.io.tmpdir=" + tmpdir);
    assertThat(child.exit).as(child.output).isZero();
    assertThat(child.output)
        .contains("available=false")
        .contains("cause=UnsatisfiedLinkError")
        .contains(Platform.name())
        .doesNotContain("context made");
    return child;
  }

  private void assertNothingIsLeft() throws Exception {
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).isEmpty();
    }
  }

  /** A limit on the size of files stands for a disk that is full: writing fails half way. */
  @Test
  void diskIsFull() throws Exception {
    List<String> limited = List.of("sh", "-c", "ulimit -f 1000 && exec \"$@\"", "sh");
    assertThat(load(limited, "", temporary).output)
        .contains("could not be unpacked", temporary.toString(), "has some megabytes free")
        .contains("-Djava.io.tmpdir=FOLDER");
    assertNothingIsLeft();
  }

  /** Nobody, not even root, can make anything in this one. */
  @Test
  void temporaryFolderIsReadOnly() throws Exception {
    assertThat(load(List.of(), "", Path.of("/proc")).output)
        .contains("could not be unpacked into java.io.tmpdir (/proc)", "is writable")
        .contains("-Djava.io.tmpdir=FOLDER");
  }

  /** Where the system lets nobody mount, what would be said is all that can be looked at. */
  @Test
  void temporaryFolderIsMountedNoexec() throws Exception {
    String mount = "mount -t tmpfs -o noexec none \"$0\"";
    List<String> mounted =
        List.of("unshare", "-rm", "sh", "-c", mount + " && exec \"$@\"", temporary.toString());
    boolean allowed =
        new ProcessBuilder("unshare", "-rm", "sh", "-c", mount, temporary.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor()
            == 0;
    String said =
        allowed ? load(mounted, "", temporary).output : LibraryLoader.advice(Platform.libc());
    assertThat(said).contains("mounted noexec", "-Djava.io.tmpdir=FOLDER");
  }

  @Test
  void jarHoldsGarbage() throws Exception {
    Path classes = folder.resolve("classes");
    Path file = classes.resolve(RESOURCE);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[1000]);
    String before = classes + File.pathSeparator;
    assertThat(load(List.of(), before, temporary).output)
        .contains(file.toString(), "is damaged", "copy the jar anew");

    // The system's loader would not refuse this one, but let the process die.
    byte[] library = library();
    Files.write(file, Arrays.copyOf(library, library.length / 2));
    assertThat(load(List.of(), before, temporary).output)
        .contains("is damaged (it is cut short", "copy the jar anew");
    assertNothingIsLeft();
  }

  @Test
  void overrideIsCutShort() throws Exception {
    byte[] library = library();
    Path half = Files.write(folder.resolve("half.so"), Arrays.copyOf(library, library.length / 2));
    ChildJvm child =
        ChildJvm.run(
            RustlsLibraryTest.Report.class, "-D" + RustlsLibrary.PATH_PROPERTY + "=" + half);
    assertThat(child.exit).as(child.output).isZero();
    assertThat(child.output)
        .contains("available=false", half.toString(), RustlsLibrary.PATH_PROPERTY, "cut short");
  }

  @Test
  void jarIsDamaged() throws Exception {
    Path jar = folder.resolve("damaged.jar");
    byte[] library = library();
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      out.setMethod(ZipOutputStream.STORED);
      ZipEntry entry = new ZipEntry(RESOURCE);
      CRC32 checksum = new CRC32();
      checksum.update(library);
      entry.setCrc(checksum.getValue());
      entry.setSize(library.length);
      out.putNextEntry(entry);
      out.write(library);
    }
    byte[] bytes = Files.readAllBytes(jar);
    bytes[bytes.length / 2] ^= 1;
    Files.write(jar, bytes);
    assertThat(load(List.of(), jar + File.pathSeparator, temporary).output)
        .contains(jar.toString(), "is damaged (its checksum is wrong)", "copy the jar anew");
    assertNothingIsLeft();
  }

  @Test
  void twoVersionsOnTheClassPath() throws Exception {
    Path other = folder.resolve("rustls-jvm-9.9.9.jar");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(other))) {
      out.putNextEntry(new ZipEntry("io/rustlsjvm/jsse/build.properties"));
      out.write("version=9.9.9\n".getBytes(StandardCharsets.UTF_8));
    }
    // What comes first cannot be seen, or it would be that one that is asked.
    assertThat(JarVersions.own()).isNotEqualTo("9.9.9");
    assertThat(load(List.of(), other + File.pathSeparator, temporary).output)
        .contains("there is version 9.9.9 in ")
        .contains(other.toString())
        .contains("version " + JarVersions.own())
        .contains("keep one of them on the class path");
  }

  @Test
  void whatAHeaderTells() throws Exception {
    Path file = folder.resolve("library.so");
    byte[] library = library();
    String here = Platform.architecture();
    assertThat(LibraryFile.fault(Files.write(file, library), here)).isNull();
    String other = here.equals("x86_64") ? "aarch64" : "x86_64";
    assertThat(LibraryFile.fault(file, other)).isEqualTo("it is a library for " + here);
    assertThat(LibraryFile.fault(file, "riscv64")).isNull();
    for (int length : new int[] {0, 1, 63}) {
      Files.write(file, Arrays.copyOf(library, length));
      assertThat(LibraryFile.fault(file, here)).as("%s bytes", length).contains("damaged");
    }
    Files.write(file, Arrays.copyOf(library, library.length - 1));
    assertThat(LibraryFile.fault(file, here)).contains("cut short");
    library[4] = 1;
    assertThat(LibraryFile.fault(Files.write(file, library), here)).contains("another kind");
  }

  private static byte[] library() throws Exception {
    try (InputStream in = RustlsLibrary.class.getResourceAsStream("/" + RESOURCE)) {
      return in.readAllBytes();
    }
  }
}
