package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.Fingerprints;
import io.rustlsjvm.jsse.NativeStore;
import io.rustlsjvm.jsse.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code fingerprint}: the pins of the certificates in a file. */
final class FingerprintCommand {
  private String file;
  private String variable;
  private boolean stdin;
  private boolean json;

  private FingerprintCommand() {}

  static FingerprintCommand parse(CommandLine line) throws UsageException {
    FingerprintCommand command = new FingerprintCommand();
    while (line.hasNext()) {
      command.take(line);
    }
    if (command.file == null) {
      throw new UsageException("Which file?");
    }
    if (command.stdin && command.variable != null) {
      throw new UsageException("--password-env and --password-stdin exclude each other.");
    }
    return command;
  }

  private void take(CommandLine line) throws UsageException {
    String argument = line.next();
    switch (argument) {
      case "--password-env":
        variable = line.value(argument);
        break;
      case "--password-stdin":
        stdin = true;
        break;
      case "--json":
        json = true;
        break;
      default:
        if (argument.startsWith("-") || file != null) {
          throw line.unexpected();
        }
        file = argument;
    }
  }

  /** Prints them; false where the file cannot be read. */
  boolean run(Map<String, String> environment, InputStream in, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    char[] password = password(environment, in);
    Set<X509Certificate> certificates;
    try {
      certificates = read(password);
    } catch (StoreException e) {
      err.println(advice(e, password != null));
      return false;
    }
    out.print(json ? JsonWriter.write(json(certificates)) : text(certificates));
    return true;
  }

  private char[] password(Map<String, String> environment, InputStream in)
      throws UsageException, IOException {
    if (variable != null) {
      String value = environment.get(variable);
      if (value == null) {
        throw new UsageException(
            "The environment has no " + variable + ", which --password-env names.");
      }
      return value.toCharArray();
    }
    if (stdin) {
      String line =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
      if (line == null) {
        throw new UsageException("There is no password on the standard input.");
      }
      return line.toCharArray();
    }
    return null;
  }

  private Set<X509Certificate> read(char[] password) throws StoreException {
    List<X509Certificate> single = certificate();
    if (!single.isEmpty()) {
      return new LinkedHashSet<>(single);
    }
    // The key's own certificate first: it is the one to pin.
    Set<X509Certificate> certificates = new LinkedHashSet<>();
    StoreException noKey = null;
    try (NativeStore store = NativeStore.readKeystore(file, null, password, null)) {
      certificates.addAll(store.certificateChain());
    } catch (StoreException e) {
      noKey = e;
    }
    try (NativeStore store = NativeStore.readTruststore(file, null, password)) {
      certificates.addAll(store.trustedCertificates());
    } catch (StoreException e) {
      if (noKey != null) {
        throw e;
      }
    }
    return certificates;
  }

  /** A certificate that is in no store (DER); empty where the file is none. */
  private List<X509Certificate> certificate() {
    Path path = Path.of(file);
    if (!Files.isRegularFile(path)) {
      return List.of();
    }
    try (InputStream in = Files.newInputStream(path)) {
      Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
      return in.read() < 0 && certificate instanceof X509Certificate
          ? List.of((X509Certificate) certificate)
          : List.of();
    } catch (IOException | CertificateException e) {
      return List.of(); // a store, then; or whoever reads it as one says what is wrong
    }
  }

  private static String advice(StoreException e, boolean hadPassword) {
    return e.getMessage()
        + (e.kind() == StoreException.Kind.STORE_PASSWORD
            ? hadPassword
                ? ". Check the password."
                : ". It needs a password: --password-env VARIABLE or --password-stdin."
            : "");
  }

  private static String text(Collection<X509Certificate> certificates) {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      text.append(CertificateFacts.subject(certificate)).append('\n');
      text.append("  SHA-1    ").append(Fingerprints.sha1(certificate)).append('\n');
      text.append("  SHA-256  ").append(Fingerprints.sha256(certificate)).append('\n');
      text.append("  SHA-512  ").append(Fingerprints.sha512(certificate)).append('\n');
    }
    return text.toString();
  }

  private static Map<String, Object> json(Collection<X509Certificate> certificates) {
    List<Object> list = new ArrayList<>();
    for (X509Certificate certificate : certificates) {
      Map<String, Object> one = CertificateFacts.json(certificate);
      one.put("sha512", Fingerprints.sha512(certificate));
      list.add(one);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("certificates", list);
    return document;
  }
}
