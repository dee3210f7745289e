package io.rustlsjvm.jsse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Who is believed, beside whom the JDK believes: nobody whom the JDK refuses, and where the JDK
 * believes one who is refused here, {@code docs/security.md} says why.
 *
 * <p>The table there is what this test finds. To write it anew: {@code -Dtrust.table.write=true}.
 */
class TrustMatrixTest {
  private static final Path PAGE =
      Path.of(System.getProperty("basedir", "."), "..", "..", "docs", "security.md");
  private static final String BEGIN = "<!-- Written by TrustMatrixTest: begin -->\n";
  private static final String END = "<!-- Written by TrustMatrixTest: end -->\n";

  /** Which JDKs believe these differs: they are in the table by what the older ones do. */
  private static final Set<String> VARY_BY_JDK =
      Set.of("malformed extendedKeyUsage", "host: wildcard in the middle");

  /** RFC 6066 §3 leaves the dot out of SNI; JDKs before 17 compare it with the certificate. */
  private static final Set<String> REFUSED_BY_OLDER_JDKS =
      Set.of("host: host with a dot at its end");

  /** Why those are refused here whom the JDK believes; by the beginning of the case's name. */
  private static final Map<String, String> REASONS = new LinkedHashMap<>();

  static {
    String sha1 = "SHA-1 and SHA-224 sign nothing that is believed; SHA-256 and longer do";
    REASONS.put("SHA-1 signature", sha1);
    REASONS.put("intermediate with a SHA-1 signature", sha1);
    REASONS.put("SHA-224 signature", sha1);
    REASONS.put("RSA-1024", "RSA keys have from 2048 to 8192 bits");
    REASONS.put("DSA CA", "keys are of RSA, EC or Ed25519");
    REASONS.put(
        "intermediate with extendedKeyUsage codeSigning",
        "an issuer's extendedKeyUsage limits what is below it, as browsers have it");
    REASONS.put(
        "leaf with CA:TRUE",
        "a CA's certificate is no leaf (put it into the truststore to trust it as it stands)");
    REASONS.put("7 intermediates", "six are followed at most");
    REASONS.put("trusted root that permits other", "the nameConstraints of a trusted CA bind, too");
    REASONS.put(
        "name constraints: excluded DNS, wildcard around it",
        "a wildcard that may stand for an excluded name is excluded");
    REASONS.put(
        "name constraints: permitted directory name",
        "directory names are not compared: what constrains them lets nothing pass");
    REASONS.put(
        "name constraints: excluded directory name",
        "directory names are not compared: what constrains them lets nothing pass");
    String policies = "certificate policies are not followed: what insists on them is refused";
    REASONS.put("critical certificatePolicies", policies);
    REASONS.put("intermediate with critical inhibitAnyPolicy", policies);
    REASONS.put("policyConstraints, and the policies", policies);
    REASONS.put("malformed", "what cannot be read is not believed");
    String names = "names are compared octet by octet (RFC 5280 §7.1 asks issuers for that)";
    REASONS.put("issuer's name", names);
    REASONS.put(
        "leaf of X.509 version 1 under an intermediate",
        "a certificate without extensions has to be right under a trusted CA");
    REASONS.put("host: wildcard", "a wildcard is the whole leftmost label (RFC 9525)");
    REASONS.put("host: common name", "hosts are in subjectAltName alone (RFC 9525)");
    REASONS.put("host: IPv4 address mapped to IPv6", "an address is written in one way (RFC 9525)");
  }

  private final List<String> believed = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private final Map<String, List<String>> stricter = new LinkedHashMap<>();
  private final Set<String> reasonsUsed = new LinkedHashSet<>();

  @Test
  void nobodyIsBelievedWhomTheJdkRefuses() throws Exception {
    for (TrustCase judged : TrustCases.chains()) {
      Verdict server = compare(judged, true);
      Verdict client = compare(judged, false);
      if (server == client) {
        enter(judged.name, server);
      } else {
        enter(judged.name + " (as a server's)", server);
        enter(judged.name + " (as a client's)", client);
      }
    }
    for (TrustCase judged : TrustCases.hosts()) {
      enter(judged.name, compare(judged, true));
    }
    assertThat(reasonsUsed).isEqualTo(REASONS.keySet());

    String page = Files.readString(PAGE);
    assertThat(page).contains(BEGIN).contains(END);
    String before = page.substring(0, page.indexOf(BEGIN) + BEGIN.length());
    String wanted = before + table() + page.substring(page.indexOf(END));
    if (Boolean.getBoolean("trust.table.write")) {
      Files.write(PAGE, wanted.getBytes(StandardCharsets.UTF_8));
    }
    String there = Files.readString(PAGE);
    if (!TestCertificate.hasEd25519()) {
      there = there.replace("- " + TrustCases.ED25519 + "\n", "");
    }
    assertThat(there).isEqualTo(wanted);
  }

  private enum Verdict {
    BELIEVED,
    REFUSED,
    STRICTER
  }

  private static Verdict compare(TrustCase judged, boolean server) throws Exception {
    boolean older = Runtime.version().feature() < 17 && REFUSED_BY_OLDER_JDKS.contains(judged.name);
    boolean jdkBelieves = older || VARY_BY_JDK.contains(judged.name);
    boolean weBelieve = true;
    boolean shown = false;
    for (String protocol : TestContexts.PROTOCOLS) {
      String jdk = ask(TrustVerdicts.JDK, judged, server, protocol);
      String ours = ask(TrustVerdicts.RUSTLS, judged, server, protocol);
      if (jdk != null && !older) {
        assertThat(ours)
            .as("%s (server: %s, %s), which the JDK refuses: %s", judged, server, protocol, jdk)
            .isNotNull();
      }
      jdkBelieves |= jdk == null;
      weBelieve &= ours == null;
      if (jdk == null || ours == null) {
        shown = true;
      } else {
        String anybody = ask(TrustVerdicts.ANYBODY, judged, server, protocol);
        shown |= anybody == null || anybody.contains("Failed to parse");
      }
    }
    assertThat(shown).as("%s was shown", judged).isTrue();
    return weBelieve ? Verdict.BELIEVED : jdkBelieves ? Verdict.STRICTER : Verdict.REFUSED;
  }

  private static String ask(TrustVerdicts judge, TrustCase judged, boolean server, String protocol)
      throws Exception {
    return server ? judge.ofServer(judged, protocol) : judge.ofClient(judged, protocol);
  }

  private void enter(String name, Verdict verdict) {
    switch (verdict) {
      case BELIEVED:
        believed.add(name);
        break;
      case REFUSED:
        refused.add(name);
        break;
      default:
        stricter.computeIfAbsent(reason(name), any -> new ArrayList<>()).add(name);
    }
  }

  private String reason(String name) {
    for (Map.Entry<String, String> reason : REASONS.entrySet()) {
      if (name.startsWith(reason.getKey())) {
        reasonsUsed.add(reason.getKey());
        return reason.getValue();
      }
    }
    throw new AssertionError("no reason why it is refused, as the JDK believes it: " + name);
  }

  private String table() {
    StringBuilder table = new StringBuilder();
    table.append("| believed by the JDK, refused by RUSTLS | because |\n|---|---|\n");
    stricter.forEach(
        (why, names) ->
            table
                .append("| ")
                .append(String.join("<br>", names))
                .append(" | ")
                .append(why)
                .append(" |\n"));
    list(table, "Both believe:", believed);
    list(table, "Both refuse:", refused);
    return table.append('\n').toString();
  }

  private static void list(StringBuilder page, String title, List<String> names) {
    page.append('\n').append(title).append("\n\n");
    for (String name : names) {
      page.append("- ").append(name).append('\n');
    }
  }
}
