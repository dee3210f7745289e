package io.rustlsjvm.it.lab;

import java.util.Map;
import java.util.TreeMap;

/** What came of an experiment. */
public final class Observation {
  /** The experiment's name. */
  public String name;

  /** Whether bytes went there and back. */
  public boolean passed;

  /** The protocol that was negotiated, where that can be seen. */
  public String protocol;

  /** The suite that was negotiated, where that can be seen. */
  public String cipherSuite;

  /** The class of the server's engine or socket, where that can be seen. */
  public String server;

  /** The class of the client's engine or socket, where that can be seen. */
  public String client;

  /** All exceptions of the server's end, each with its causes. */
  public String serverError = "";

  /** All exceptions of the client's end, each with its causes. */
  public String clientError = "";

  /** Handshakes of our engines, by label. */
  public Map<String, Long> handshakes = new TreeMap<>();

  /** Connections of our engines that failed, by label. */
  public Map<String, Long> failures = new TreeMap<>();

  /** The exceptions of both ends. */
  public String errors() {
    return serverError + clientError;
  }

  @Override
  public String toString() {
    return name
        + (passed ? " passed " : " failed ")
        + protocol
        + " "
        + cipherSuite
        + " server="
        + server
        + " client="
        + client
        + " handshakes="
        + handshakes
        + " failures="
        + failures
        + "\nat the server: "
        + serverError
        + "\nat the client: "
        + clientError;
  }
}
