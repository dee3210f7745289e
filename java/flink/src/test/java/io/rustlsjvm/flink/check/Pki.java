package io.rustlsjvm.flink.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Authorities and certificates by openssl, in folders as Kubernetes mounts them. */
final class Pki {
  private final Path folder;

  Pki(Path folder) {
    this.folder = folder;
  }

  /** An authority: {@code NAME.crt} and {@code NAME.key}. */
  Path authority(String name) throws Exception {
    Path certificate = folder.resolve(name + ".crt");
    List<String> command = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes"));
    command.addAll(List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"));
    command.addAll(List.of("-subj", "/CN=" + name, "-days", "3650"));
    command.addAll(List.of("-keyout", folder.resolve(name + ".key").toString()));
    command.addAll(List.of("-out", certificate.toString()));
    run(command);
    return certificate;
  }

  /**
   * A certificate of an authority: {@code tls.crt}, {@code tls.key} and {@code ca.crt}.
   *
   * @param key as openssl's {@code -newkey} takes it
   * @param names as openssl's {@code subjectAltName}, or empty
   */
  Path signed(Path authority, String name, String key, String names) throws Exception {
    Path signed = Files.createDirectory(folder.resolve(name));
    Path request = signed.resolve("request");
    Path secret = signed.resolve("tls.key");
    List<String> command = new ArrayList<>(List.of("openssl", "req", "-new", "-nodes"));
    command.addAll(List.of("-newkey", key));
    if (key.equals("ec")) {
      command.addAll(List.of("-pkeyopt", "ec_paramgen_curve:P-256"));
    }
    command.addAll(List.of("-subj", "/CN=" + name, "-keyout", secret.toString()));
    command.addAll(List.of("-out", request.toString()));
    run(command);
    Path extensions = signed.resolve("extensions");
    Files.writeString(
        extensions,
        "basicConstraints=CA:FALSE\n" + (names.isEmpty() ? "" : "subjectAltName=" + names + "\n"));
    String issuerKey = authority.toString().replace(".crt", ".key");
    command = new ArrayList<>(List.of("openssl", "x509", "-req", "-days", "365"));
    command.addAll(List.of("-in", request.toString(), "-CA", authority.toString()));
    command.addAll(List.of("-CAkey", issuerKey, "-CAcreateserial"));
    command.addAll(List.of("-extfile", extensions.toString()));
    command.addAll(List.of("-out", signed.resolve("tls.crt").toString()));
    run(command);
    Files.copy(authority, signed.resolve("ca.crt"));
    secret(secret);
    return signed;
  }

  /** The digest of a certificate as openssl prints it. */
  static String fingerprint(Path certificate, String algorithm) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl", "x509", "-noout", "-fingerprint"));
    command.addAll(List.of("-" + algorithm, "-in", certificate.toString()));
    String output = run(command).trim();
    return output.substring(output.indexOf('=') + 1);
  }

  /** Takes away what others may do with a file. */
  static Path secret(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  static String run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(command + ": " + output);
    }
    return output;
  }
}
