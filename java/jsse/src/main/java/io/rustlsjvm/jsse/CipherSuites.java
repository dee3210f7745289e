package io.rustlsjvm.jsse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Names of cipher suites: those that rustls has, and those that JSSE knows besides.
 *
 * <p>Names and code points: IANA's TLS Cipher Suites registry; the JDK uses the same names.
 */
final class CipherSuites {
  /** What a session has before its handshake ({@code SSLSession.getCipherSuite}). */
  static final String NONE = "SSL_NULL_WITH_NULL_NULL";

  private static final Map<Integer, String> NAMES =
      Map.of(
          0x1301, "TLS_AES_128_GCM_SHA256",
          0x1302, "TLS_AES_256_GCM_SHA384",
          0x1303, "TLS_CHACHA20_POLY1305_SHA256",
          0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");

  /** Asked for once: the native list, in its order of preference. */
  private static final class Supported {
    static final List<String> SUITES = List.of(ContextNatives.cipherSuites());
  }

  /**
   * What the JDK's {@code SSLSocketFactory} has known at some time and rustls does not: CBC, RC4,
   * export, DHE and RSA key exchange. Read only when someone names such a suite.
   */
  private static final class Obsolete {
    static final Set<String> SUITES = read();

    private static Set<String> read() {
      try (InputStream in = CipherSuites.class.getResourceAsStream("obsolete-cipher-suites.txt");
          BufferedReader lines =
              new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
        return lines.lines().collect(Collectors.toCollection(HashSet::new));
      } catch (IOException e) {
        throw new IllegalStateException("The jar is damaged: no list of cipher suites", e);
      }
    }
  }

  private CipherSuites() {}

  /** The suites that can be used, in order of preference. */
  static List<String> supported() {
    return Supported.SUITES;
  }

  /** Those of the supported ones that can be used with one of the protocols. */
  static List<String> of(List<String> protocols) {
    return supported().stream()
        .filter(suite -> protocols.contains(protocol(suite)))
        .collect(Collectors.toUnmodifiableList());
  }

  /** TLS 1.3's names say nothing of key exchange and authentication (RFC 8446 §B.4). */
  private static String protocol(String suite) {
    return suite.contains("_WITH_") ? Protocols.TLS_1_2 : Protocols.TLS_1_3;
  }

  /** The name of a code point; {@link #NONE} for 0. */
  static String name(int code) {
    if (code == 0) {
      return NONE;
    }
    String name = NAMES.get(code);
    return name != null ? name : String.format("TLS_UNKNOWN_%04X", code);
  }

  /**
   * The usable ones of the given names, in their order. Obsolete ones are left out.
   *
   * @throws IllegalArgumentException for null and for a name that JSSE does not know
   */
  static List<String> usable(String[] names) {
    if (names == null) {
      throw new IllegalArgumentException("The cipher suites are null");
    }
    List<String> usable = new ArrayList<>(names.length);
    for (String name : names) {
      if (name == null || name.isEmpty()) {
        throw new IllegalArgumentException("A cipher suite's name is null or empty");
      }
      if (supported().contains(name)) {
        if (!usable.contains(name)) {
          usable.add(name);
        }
      } else if (!Obsolete.SUITES.contains(name)) {
        throw new IllegalArgumentException(
            "Unsupported cipher suite: " + name + "; supported are " + supported());
      }
    }
    return usable;
  }

  /** For messages: what of the given names cannot be used. */
  static List<String> unusable(String[] names) {
    return Arrays.stream(names)
        .filter(name -> !supported().contains(name))
        .collect(Collectors.toList());
  }
}
