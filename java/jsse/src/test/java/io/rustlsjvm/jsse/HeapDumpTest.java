package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a heap dump of a process gives away whose stores are read natively: none of its secrets. */
@Timeout(120)
class HeapDumpTest {
  private static final List<String> STORES = List.of("key.p12", "key.jks", "key.pem");

  /** Shorter than any secret, too long for chance. */
  private static final int PIECE = 12;

  @TempDir Path folder;

  /**
   * Serves and calls itself with each store and then dumps the heap, garbage included; then once
   * more when Java has the key and the password, too. Refers to no class that knows secrets.
   */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws Exception {
      Path folder = Path.of(System.getProperty("folder"));
      for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
        for (String store : STORES) {
          SSLContext context = context(folder.resolve(store).toString(), folder);
          for (int i = 0; i < 2; i++) {
            EnginePair.of(context, context).protocols(protocol).mutual().handshake().exchange();
          }
        }
      }
      dump(folder.resolve("ours.hprof"));
      KeyStore store = KeyStore.getInstance("PKCS12");
      String password = new String(password(folder));
      try (InputStream in = Files.newInputStream(folder.resolve("key.p12"))) {
        store.load(in, password.toCharArray());
      }
      Key key = store.getKey("key", password.toCharArray());
      String log = Files.readString(folder.resolve("keys"));
      dump(folder.resolve("javas.hprof"));
      System.out.println("dumped " + key.getAlgorithm() + " " + password.length() + log.length());
    }

    private static SSLContext context(String file, Path folder) throws Exception {
      char[] password = password(folder);
      try (NativeStore keystore = NativeStore.readKeystore(file, null, password, password);
          NativeStore truststore = NativeStore.readTruststore(file, null, password)) {
        return new RustlsContextBuilder().keystore(keystore).truststore(truststore).build();
      } finally {
        Arrays.fill(password, '\0');
      }
    }

    private static char[] password(Path folder) throws IOException {
      byte[] bytes = Files.readAllBytes(folder.resolve("password"));
      char[] password = new char[bytes.length];
      for (int i = 0; i < bytes.length; i++) {
        password[i] = (char) bytes[i];
      }
      Arrays.fill(bytes, (byte) 0);
      return password;
    }

    private static void dump(Path file) throws IOException {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpHeap(file.toString(), false);
    }
  }

  @Test
  void holdsNeitherKeysNorPasswordsNorSecretsOfConnections() throws Exception {
    Map<String, byte[]> secrets = makeStores();
    ChildJvm child =
        ChildJvm.run(
            Program.class,
            Map.of(KeyLog.VARIABLE, folder.resolve("keys").toString()),
            "-Xmx32m",
            "-Xlog:disable",
            "-Dfolder=" + folder,
            "-D" + KeyLog.PROPERTY + "=true");
    assertThat(child.exit).as(child.output).isZero();
    List<String> log = Files.readAllLines(folder.resolve("keys"));
    for (int i = 0; i < log.size(); i++) {
      String secret = log.get(i).substring(log.get(i).lastIndexOf(' ') + 1);
      String name = "line " + i + " of the key log";
      secrets.put(name, new BigInteger(secret, 16).toByteArray());
      secrets.put(name + ", as text", secret.getBytes(StandardCharsets.US_ASCII));
    }
    assertThat(secrets.size()).isGreaterThan(30);

    assertThat(found(secrets, folder.resolve("ours.hprof"))).isEmpty();
    assertThat(found(secrets, folder.resolve("javas.hprof")))
        .as("the search finds what is there")
        .contains("password", "prime p", "private exponent", "line 0 of the key log, as text");
  }

  /** Stores of each format with one key, and everything in them that is secret. */
  private Map<String, byte[]> makeStores() throws Exception {
    Map<String, byte[]> secrets = new HashMap<>();
    String password = Long.toHexString(new SecureRandom().nextLong()) + "-opens";
    secrets.put("password", password.getBytes(StandardCharsets.UTF_8));
    secrets.put("password as characters", password.getBytes(StandardCharsets.UTF_16BE));
    secrets.put("password as characters, x86", password.getBytes(StandardCharsets.UTF_16LE));
    Files.writeString(folder.resolve("password"), password);

    RSAPrivateCrtKey key = (RSAPrivateCrtKey) TestKeys.SERVER.key();
    secrets.put("private exponent", key.getPrivateExponent().toByteArray());
    secrets.put("prime p", key.getPrimeP().toByteArray());
    secrets.put("prime q", key.getPrimeQ().toByteArray());
    secrets.put("exponent p", key.getPrimeExponentP().toByteArray());
    secrets.put("exponent q", key.getPrimeExponentQ().toByteArray());
    secrets.put("coefficient", key.getCrtCoefficient().toByteArray());
    store("key.p12", "PKCS12", key, password);
    store("key.jks", "JKS", key, password);
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    secrets.put("text of the key", body.split("\n")[4].getBytes(StandardCharsets.US_ASCII));
    String certificate =
        Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(TestKeys.SERVER.certificate().getEncoded());
    Files.writeString(
        folder.resolve("key.pem"), pem("PRIVATE KEY", body) + pem("CERTIFICATE", certificate));
    return secrets;
  }

  private static String pem(String label, String body) {
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  private void store(String file, String type, PrivateKey key, String password) throws Exception {
    KeyStore store = KeyStore.getInstance(type);
    store.load(null, null);
    Certificate[] chain = {TestKeys.SERVER.certificate()};
    store.setKeyEntry("key", key, password.toCharArray(), chain);
    try (OutputStream out = Files.newOutputStream(folder.resolve(file))) {
      store.store(out, password.toCharArray());
    }
  }

  /** The names of the secrets whose beginning, middle or end is in a file, either way round. */
  private static Set<String> found(Map<String, byte[]> secrets, Path file) throws IOException {
    Map<String, String> pieces = new HashMap<>();
    boolean[] beginnings = new boolean[1 << 16];
    secrets.forEach(
        (name, secret) -> {
          for (int start : new int[] {1, (secret.length - PIECE) / 2, secret.length - PIECE}) {
            byte[] piece = Arrays.copyOfRange(secret, start, start + PIECE);
            for (int way = 0; way < 2; way++) {
              pieces.put(new String(piece, StandardCharsets.ISO_8859_1), name);
              beginnings[beginning(piece, 0)] = true;
              piece = reversed(piece);
            }
          }
        });
    byte[] memory = Files.readAllBytes(file);
    Set<String> found = new TreeSet<>();
    for (int i = 0; i + PIECE <= memory.length; i++) {
      if (beginnings[beginning(memory, i)]) {
        String name = pieces.get(new String(memory, i, PIECE, StandardCharsets.ISO_8859_1));
        if (name != null) {
          found.add(name);
        }
      }
    }
    return found;
  }

  private static int beginning(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }
}
