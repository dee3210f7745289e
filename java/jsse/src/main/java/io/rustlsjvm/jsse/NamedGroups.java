package io.rustlsjvm.jsse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Names of key exchange groups, as the JDK's standard names document and {@code
 * jdk.tls.namedGroups} have them. In any case, as there.
 */
final class NamedGroups {
  /**
   * The JDK's list of groups to offer, in order of preference, with commas (JSSE Reference Guide,
   * "Customizing Size of Ephemeral Diffie-Hellman Keys").
   */
  static final String PROPERTY = "jdk.tls.namedGroups";

  /** What the JDK knows or has known (RFC 4492, RFC 7919, RFC 8422, RFC 8446), by lower case. */
  private static final Map<String, String> KNOWN =
      Stream.of(
              "x25519 x448 secp256r1 secp384r1 secp521r1",
              "X25519MLKEM768 SecP256r1MLKEM768 SecP384r1MLKEM1024",
              "ffdhe2048 ffdhe3072 ffdhe4096 ffdhe6144 ffdhe8192",
              "sect163k1 sect163r1 sect163r2 sect193r1 sect193r2 sect233k1 sect233r1 sect239k1",
              "sect283k1 sect283r1 sect409k1 sect409r1 sect571k1 sect571r1 secp160k1 secp160r1",
              "secp160r2 secp192k1 secp192r1 secp224k1 secp224r1 secp256k1")
          .flatMap(line -> Stream.of(line.split(" ")))
          .collect(Collectors.toMap(NamedGroups::lowerCase, Function.identity()));

  /** Asked for once: the native list, in its order of preference. */
  private static final class Supported {
    static final List<String> GROUPS = List.of(ContextNatives.namedGroups());
  }

  private static final class Initial {
    static final List<String> GROUPS = List.of(ContextNatives.defaultNamedGroups());
  }

  private NamedGroups() {}

  /** The groups that can be used, in order of preference. */
  static List<String> supported() {
    return Supported.GROUPS;
  }

  /** The groups that are offered unless others are asked for. */
  static List<String> initial() {
    return Initial.GROUPS;
  }

  /**
   * The usable ones of the given names, in their order. Those that rustls lacks are left out.
   *
   * @throws IllegalArgumentException for null and for a name that the JDK does not know
   */
  static List<String> usable(String[] names) {
    if (names == null) {
      throw new IllegalArgumentException("The named groups are null");
    }
    List<String> usable = new ArrayList<>(names.length);
    for (String name : names) {
      String known = name == null ? null : KNOWN.get(lowerCase(name));
      if (known == null) {
        throw new IllegalArgumentException(
            "Unknown named group: " + name + "; supported are " + supported());
      }
      if (supported().contains(known) && !usable.contains(known)) {
        usable.add(known);
      }
    }
    return usable;
  }

  /**
   * What {@link #PROPERTY} says; null when it is not set. Names that are unknown are left out, as
   * the JDK leaves them out: the property is for all providers of the JVM.
   *
   * @throws IllegalArgumentException when it names no group that can be used
   */
  static List<String> ofSystemProperty() {
    String property = System.getProperty(PROPERTY, "").replace("\"", "").trim();
    if (property.isEmpty()) {
      return null;
    }
    String[] known =
        Stream.of(property.split(","))
            .map(String::trim)
            .filter(name -> KNOWN.containsKey(lowerCase(name)))
            .toArray(String[]::new);
    List<String> usable = usable(known);
    if (usable.isEmpty()) {
      throw new IllegalArgumentException(
          "The system property "
              + PROPERTY
              + " ("
              + property
              + ") names no group that can be used; supported are "
              + supported());
    }
    return usable;
  }

  private static String lowerCase(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
