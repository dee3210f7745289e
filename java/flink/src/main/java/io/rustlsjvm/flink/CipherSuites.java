package io.rustlsjvm.flink;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** {@code security.ssl.algorithms}: which suites are used, and which had to be left out. */
public final class CipherSuites {
  /** What rustls has, in its order of preference; JSSE names. */
  static final List<String> SUPPORTED =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_AES_128_GCM_SHA256",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private final List<String> names;
  private final List<String> leftOut;

  private CipherSuites(Collection<String> names, Collection<String> leftOut) {
    this.names = List.copyOf(names);
    this.leftOut = List.copyOf(leftOut);
  }

  /**
   * The suites that the operator asked for.
   *
   * @param list comma-separated
   * @throws OptionException when none can be used with {@code protocols}
   */
  static CipherSuites configured(String list, List<String> protocols) {
    CipherSuites suites = of(list, protocols);
    if (suites.names.isEmpty()) {
      throw new OptionException(
          SslOptions.ALGORITHMS
              + " names no cipher suite that security.ssl.provider: RUSTLS can use with "
              + SslOptions.PROTOCOL
              + ": "
              + String.join(",", protocols)
              + " (it is set to "
              + list
              + "). Add at least one of "
              + String.join(",", usable(protocols))
              + ", or remove the option.");
    }
    return suites;
  }

  /**
   * The suites for an operator who has not asked for any: Flink's default, and where that has none
   * for a protocol, all that there are for it.
   */
  static CipherSuites unset(String flinksDefault, List<String> protocols) {
    Set<String> names = new LinkedHashSet<>(of(flinksDefault, protocols).names);
    for (String protocol : protocols) {
      List<String> all = usable(List.of(protocol));
      if (all.stream().noneMatch(names::contains)) {
        names.addAll(all);
      }
    }
    return new CipherSuites(names, List.of());
  }

  /** JSSE names, in order of preference. */
  public List<String> names() {
    return names;
  }

  /** What was asked for and cannot be had. */
  public List<String> leftOut() {
    return leftOut;
  }

  /** Protocols that have no suite here, and so cannot come about. */
  public List<String> withoutSuite(List<String> protocols) {
    List<String> without = new ArrayList<>(protocols);
    without.removeIf(protocol -> names.stream().anyMatch(name -> fits(name, protocol)));
    return without;
  }

  private static CipherSuites of(String list, List<String> protocols) {
    Set<String> names = new LinkedHashSet<>();
    Set<String> leftOut = new LinkedHashSet<>();
    List<String> usable = usable(protocols);
    for (String entry : list.split(",")) {
      String name = entry.trim();
      if (usable.contains(name)) {
        names.add(name);
      } else if (!name.isEmpty() && !SUPPORTED.contains(name)) {
        leftOut.add(name);
      }
    }
    return new CipherSuites(names, leftOut);
  }

  private static List<String> usable(List<String> protocols) {
    List<String> usable = new ArrayList<>(SUPPORTED);
    usable.removeIf(name -> protocols.stream().noneMatch(protocol -> fits(name, protocol)));
    return usable;
  }

  /** TLS 1.3 names its suites without a key exchange (RFC 8446 §B.4). */
  private static boolean fits(String name, String protocol) {
    return name.contains("_WITH_") != protocol.equals(Protocols.TLS_1_3);
  }
}
