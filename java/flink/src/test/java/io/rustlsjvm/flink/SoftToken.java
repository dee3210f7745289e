package io.rustlsjvm.flink;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A PKCS#11 token by SoftHSM, whose private keys cannot leave it, for the JDK's provider. */
public final class SoftToken {
  /** What its user has to know. */
  public static final String PIN = "pin-of-the-token";

  private static final List<String> LIBRARIES =
      List.of(
          "/usr/lib/softhsm/libsofthsm2.so",
          "/usr/lib64/softhsm/libsofthsm2.so",
          "/usr/lib64/pkcs11/libsofthsm2.so",
          "/usr/local/lib/softhsm/libsofthsm2.so");

  private final Path folder;
  private final Path settings;
  private final Path provider;

  private SoftToken(Path folder, Path settings) {
    this.folder = folder;
    this.settings = settings;
    this.provider = folder.resolve("token.cfg");
  }

  /**
   * An empty token.
   *
   * @param settings SoftHSM's file, which {@code SOFTHSM2_CONF} has to name in processes that use
   *     the token
   */
  public static SoftToken create(Path folder, Path settings) throws Exception {
    SoftToken token = new SoftToken(folder, settings);
    Path objects = Files.createDirectory(folder.resolve("token"));
    Files.createDirectories(settings.getParent());
    Files.writeString(settings, "directories.tokendir = " + objects + "\nlog.level = ERROR\n");
    Files.writeString(
        token.provider, "name = Soft\nlibrary = " + library() + "\nslotListIndex = 0\n");
    token.run(
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        "t",
        "--so-pin",
        "so-of-the-token",
        "--pin",
        PIN);
    return token;
  }

  private static String library() {
    return LIBRARIES.stream()
        .filter(file -> Files.exists(Path.of(file)))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("SoftHSM is in none of " + LIBRARIES));
  }

  /** A key that is made inside, with a certificate of its own; gives the certificate as a file. */
  public Path pair(String alias, String... algorithm) throws Exception {
    List<String> command = keytool("-genkeypair", alias);
    command.addAll(List.of(algorithm));
    command.addAll(List.of("-dname", "CN=" + alias, "-ext", "san=dns:localhost"));
    run(command.toArray(new String[0]));
    Path certificate = folder.resolve(alias + ".pem");
    command = keytool("-exportcert", alias);
    command.addAll(List.of("-rfc", "-file", certificate.toString()));
    run(command.toArray(new String[0]));
    return certificate;
  }

  private List<String> keytool(String what, String alias) {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            what,
            "-alias",
            alias,
            "-keystore",
            "NONE",
            "-storetype",
            "PKCS11",
            "-storepass",
            PIN,
            "-addprovider",
            "SunPKCS11",
            "-providerarg",
            provider.toString()));
  }

  private void run(String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SOFTHSM2_CONF", settings.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(List.of(command) + ": " + output);
    }
  }

  /** The JDK's provider for it, to be put among those of this JVM. */
  Provider provider() {
    return Security.getProvider("SunPKCS11").configure(provider.toString());
  }

  /** A file for {@code -Djava.security.properties} that sets the JDK's provider up for it. */
  public Path securityProperties() throws IOException {
    Provider[] providers = Security.getProviders();
    long before =
        Stream.of(providers).takeWhile(one -> !one.getName().startsWith("SunPKCS11")).count();
    return Files.writeString(
        folder.resolve("token.security"),
        "security.provider." + (before + 1) + "=SunPKCS11 " + provider + "\n");
  }
}
