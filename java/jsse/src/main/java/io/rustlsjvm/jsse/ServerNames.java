package io.rustlsjvm.jsse;

import java.net.IDN;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;

/** The SNI that a client sends on its own account. */
final class ServerNames {
  private ServerNames() {}

  /**
   * The host as certificates and DNS have it: an internationalised name in Punycode, an IPv6
   * address without its zone.
   */
  static String ascii(String host) {
    if (host == null) {
      return null;
    }
    String bare = IpLiteral.withoutZone(host);
    if (bare.chars().allMatch(c -> c < 0x80)) {
      return bare;
    }
    try {
      return IDN.toASCII(bare);
    } catch (IllegalArgumentException e) {
      return bare;
    }
  }

  /**
   * The host as a server name, or none where it is an address or no DNS name (RFC 6066 §3). Other
   * than in the JDK, a name without a dot counts: clusters' hosts have such. The root's dot at the
   * end is no part of a server name.
   */
  static List<SNIServerName> ofHost(String host) {
    if (host == null || host.isEmpty() || IpLiteral.parse(host) != null) {
      return List.of();
    }
    try {
      return List.of(
          new SNIHostName(host.endsWith(".") ? host.substring(0, host.length() - 1) : host));
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }
}
