package io.rustlsjvm.flink;

import java.util.ArrayList;
import java.util.List;

/** {@code security.ssl.protocol}. */
final class Protocols {
  static final String TLS_1_2 = "TLSv1.2";
  static final String TLS_1_3 = "TLSv1.3";
  private static final List<String> SUPPORTED = List.of(TLS_1_2, TLS_1_3);

  private Protocols() {}

  /**
   * Reads a comma-separated list.
   *
   * @throws OptionException for an unknown name, or when there is none
   */
  static List<String> parse(String list) {
    List<String> protocols = new ArrayList<>();
    for (String name : list.split(",")) {
      if (name.isBlank()) {
        continue;
      }
      String protocol = supported(name.trim());
      if (!protocols.contains(protocol)) {
        protocols.add(protocol);
      }
    }
    if (protocols.isEmpty()) {
      throw new OptionException(SslOptions.PROTOCOL + " names no protocol. " + advice());
    }
    return List.copyOf(protocols);
  }

  private static String supported(String name) {
    for (String protocol : SUPPORTED) {
      if (protocol.equalsIgnoreCase(name)) {
        return protocol;
      }
    }
    throw new OptionException(
        SslOptions.PROTOCOL
            + " names the protocol '"
            + name
            + "', which security.ssl.provider: RUSTLS does not support. "
            + advice());
  }

  private static String advice() {
    return "Set it to TLSv1.2, TLSv1.3, or TLSv1.2,TLSv1.3 for both.";
  }
}
