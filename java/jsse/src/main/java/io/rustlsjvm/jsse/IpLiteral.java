package io.rustlsjvm.jsse;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** IP addresses written out, told from names without asking DNS. */
final class IpLiteral {
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  private IpLiteral() {}

  /** The address's 4 or 16 bytes, or null when the text is no address. */
  static byte[] parse(String text) {
    String bare = text;
    if (bare.startsWith("[") && bare.endsWith("]")) {
      bare = bare.substring(1, bare.length() - 1);
    }
    int zone = bare.indexOf('%');
    if (zone >= 0 && bare.indexOf(':') >= 0) {
      bare = bare.substring(0, zone);
    }
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
