package io.rustlsjvm.jsse;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** IP addresses written out, told from names without asking DNS. */
final class IpLiteral {
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  private IpLiteral() {}

  /** The text, without the zone of an IPv6 address (RFC 6874 §1), which is this machine's alone. */
  static String withoutZone(String text) {
    int zone = text.indexOf('%');
    return zone > 0 && text.indexOf(':') >= 0 ? text.substring(0, zone) : text;
  }

  /** The address's 4 or 16 bytes, or null when the text is no address. */
  static byte[] parse(String text) {
    String bare = text;
    if (bare.startsWith("[") && bare.endsWith("]")) {
      bare = bare.substring(1, bare.length() - 1);
    }
    bare = withoutZone(bare);
    if (bare.indexOf(':') < 0 && !IPV4.matcher(bare).matches()) {
      return null;
    }
    try {
      // Text of this shape is parsed, never looked up.
      return InetAddress.getByName(bare.indexOf(':') >= 0 ? "[" + bare + "]" : bare).getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
