package io.rustlsjvm.jsse;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Names of protocol versions, as the JDK's standard names document lists them. */
final class Protocols {
  static final String TLS_1_2 = "TLSv1.2";
  static final String TLS_1_3 = "TLSv1.3";

  /** What a session has before its handshake. */
  static final String NONE = "NONE";

  /** In the JDK's order, newest first. */
  static final List<String> SUPPORTED = List.of(TLS_1_3, TLS_1_2);

  /** RFC 8446 §4.2.1. */
  static final int CODE_TLS_1_2 = 0x0303;

  static final int CODE_TLS_1_3 = 0x0304;

  /** Known to the JDK; rustls has them not (RFC 7568, RFC 8996). */
  private static final Set<String> OBSOLETE = Set.of("TLSv1.1", "TLSv1", "SSLv3", "SSLv2Hello");

  private Protocols() {}

  static String name(int code) {
    switch (code) {
      case CODE_TLS_1_2:
        return TLS_1_2;
      case CODE_TLS_1_3:
        return TLS_1_3;
      default:
        return NONE;
    }
  }

  /**
   * The usable ones of the given names. Obsolete ones are left out.
   *
   * @throws IllegalArgumentException for null and for a name that JSSE does not know
   */
  static List<String> usable(String[] names) {
    if (names == null) {
      throw new IllegalArgumentException("The protocols are null");
    }
    List<String> usable = new ArrayList<>(names.length);
    for (String name : names) {
      if (name == null) {
        throw new IllegalArgumentException("A protocol's name is null");
      }
      if (SUPPORTED.contains(name)) {
        if (!usable.contains(name)) {
          usable.add(name);
        }
      } else if (!OBSOLETE.contains(name)) {
        throw new IllegalArgumentException(
            "Unsupported protocol: " + name + "; supported are " + SUPPORTED);
      }
    }
    return usable;
  }
}
