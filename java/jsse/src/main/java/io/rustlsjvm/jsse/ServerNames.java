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
   * address without its zone, which means something to this machine alone (RFC 6874 §1).
   */
  static String ascii(String host) {
    int zone = host == null ? -1 : host.indexOf('%');
    if (zone > 0 && host.indexOf(':') >= 0) {
      return host.substring(0, zone);
    }
    if (host == null || host.chars().allMatch(c -> c < 0x80)) {
      return host;
    }
    try {
      return IDN.toASCII(host);
    } catch (IllegalArgumentException e) {
      return host;
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
