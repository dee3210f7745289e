package io.rustlsjvm.flink.check;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code host:port}; an IPv6 address in brackets. */
final class Endpoint {
  private static final Pattern FORM = Pattern.compile("(?:\\[([^\\]]+)]|([^:]+)):(\\d{1,5})");
  private static final int MAX_PORT = 65_535;

  private final String host;
  private final int port;

  private Endpoint(String host, int port) {
    this.host = host;
    this.port = port;
  }

  static Endpoint parse(String text) throws UsageException {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      int port = Integer.parseInt(matcher.group(3));
      if (port > 0 && port <= MAX_PORT) {
        return new Endpoint(matcher.group(1) != null ? matcher.group(1) : matcher.group(2), port);
      }
    }
    throw new UsageException("'" + text + "' is no HOST:PORT, or [IPV6]:PORT.");
  }

  String host() {
    return host;
  }

  int port() {
    return port;
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
