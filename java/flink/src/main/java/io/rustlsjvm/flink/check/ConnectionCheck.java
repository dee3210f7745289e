package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.Scope;
import io.rustlsjvm.flink.SslOptions;
import io.rustlsjvm.jsse.ClientAuthentication;
import io.rustlsjvm.jsse.RustlsProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A handshake with an endpoint that is running, as a client of this configuration. */
final class ConnectionCheck {
  private static final int TIMEOUT_MILLIS = 10_000;

  /** How long a server may take to refuse a certificate after a handshake of TLS 1.3. */
  private static final int REFUSAL_MILLIS = 500;

  private static final int LONGEST_LINE = 200;

  /** How long a server may take to answer a request. */
  private static final int ANSWER_MILLIS = 5_000;

  private final OpenedChannel client;
  private final Endpoint endpoint;
  private final Instant now;
  private final Findings findings;

  /**
   * @param client its context must be there
   */
  ConnectionCheck(OpenedChannel client, Endpoint endpoint, Instant now, Findings findings) {
    this.client = client;
    this.endpoint = endpoint;
    this.now = now;
    this.findings = findings;
  }

  ConnectionResult check() {
    SSLContext context = client.context().orElseThrow();
    List<X509Certificate> chain = new ArrayList<>();
    Negotiated negotiated = null;
    try (SSLSocket socket = connect(context)) {
      try {
        socket.startHandshake();
        for (Certificate certificate : socket.getSession().getPeerCertificates()) {
          chain.add((X509Certificate) certificate);
        }
        negotiated = new Negotiated(socket.getSession());
        String answer =
            client.channel().scope() == Scope.REST ? request(socket) : line(socket, REFUSAL_MILLIS);
        return new ConnectionResult(endpoint, client, chain, negotiated, answer, null);
      } catch (IOException e) {
        if (negotiated != null || SelfHandshake.isAlert(e)) {
          refused(message(e));
        } else {
          chain.addAll(shown());
          explain(chain, message(e));
        }
        return new ConnectionResult(endpoint, client, chain, null, null, message(e));
      }
    } catch (IOException e) {
      findings.error(
          Rule.CONNECTION_FAILED,
          null,
          "There is no connection to " + endpoint + ": " + message(e) + ".",
          "Check address and port, and that the process is running.");
      return new ConnectionResult(endpoint, client, List.of(), null, null, message(e));
    }
  }

  @SuppressWarnings("resource") // the TLS socket closes the one below
  private SSLSocket connect(SSLContext context) throws IOException {
    Socket plain = new Socket();
    try {
      plain.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), TIMEOUT_MILLIS);
      plain.setSoTimeout(TIMEOUT_MILLIS);
      return (SSLSocket)
          context.getSocketFactory().createSocket(plain, endpoint.host(), endpoint.port(), true);
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /** The first line of the answer; null where the server does not speak HTTP. */
  private String request(SSLSocket socket) throws IOException {
    // First: a server that refuses a certificate may cut off whoever still sends.
    if (line(socket, REFUSAL_MILLIS) != null) {
      return null;
    }
    String request = "GET /config HTTP/1.1\r\nHost: " + endpoint + "\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return line(socket, ANSWER_MILLIS);
  }

  /** What the server says within a time; null for nothing. */
  private static String line(SSLSocket socket, int millis) throws IOException {
    socket.setSoTimeout(millis);
    StringBuilder line = new StringBuilder();
    try {
      InputStream in = socket.getInputStream();
      for (int c = in.read(); c >= 0 && c != '\n' && line.length() < LONGEST_LINE; c = in.read()) {
        line.append((char) c);
      }
      return line.length() == 0 ? null : CertificateFacts.printable(line.toString().trim());
    } catch (SocketTimeoutException e) {
      return null;
    }
  }

  /** The certificates that the server shows to a client that takes any. */
  private List<X509Certificate> shown() {
    List<X509Certificate> shown = new ArrayList<>();
    try {
      SSLContext context = SSLContext.getInstance("TLS", new RustlsProvider());
      context.init(null, new TrustManager[] {new Recorder(shown)}, null);
      try (SSLSocket socket = connect(context)) {
        socket.startHandshake();
      }
    } catch (IOException | GeneralSecurityException e) {
      return shown; // the first failure is the one to tell of
    }
    return shown;
  }

  private void explain(List<X509Certificate> chain, String reason) {
    if (chain.isEmpty()) {
      findings.error(
          Rule.HANDSHAKE_FAILED,
          null,
          "The handshake with " + endpoint + " fails: " + reason + ".",
          "Check that TLS is enabled there, and which protocols and suites it has.");
    } else {
      Optional<String> name =
          client.settings().orElseThrow().verifyHostname() && worksUnderAnyName()
              ? Optional.of(endpoint.host())
              : Optional.empty();
      new Diagnosis(client, chain, "what " + endpoint + " shows", now, findings).add(reason, name);
    }
  }

  private void refused(String reason) {
    boolean rest = client.channel().scope() == Scope.REST;
    boolean anonymous =
        client.settings().orElseThrow().authentication() == ClientAuthentication.NONE;
    findings.error(
        Rule.HANDSHAKE_FAILED,
        rest ? SslOptions.REST_AUTHENTICATION : null,
        endpoint + " refuses this client: " + reason + ".",
        rest && anonymous
            ? "If it asks for certificates, set "
                + SslOptions.REST_AUTHENTICATION
                + ": true and "
                + Scope.REST.key("keystore")
                + "."
            : "Its truststore or fingerprint must have the certificate of "
                + client.chain().stream()
                    .findFirst()
                    .map(CertificateFacts::subject)
                    .orElse("this client")
                + "; protocols and suites must fit, too.");
  }

  private boolean worksUnderAnyName() {
    try (SSLSocket socket = connect(client.context().orElseThrow())) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String message(IOException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  /** Takes every server, and keeps its chain: for showing it, never for talking to it. */
  private static final class Recorder implements X509TrustManager {
    private final List<X509Certificate> shown;

    Recorder(List<X509Certificate> shown) {
      this.shown = shown;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
      throw new UnsupportedOperationException("there are no clients here");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
      shown.addAll(List.of(chain));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
