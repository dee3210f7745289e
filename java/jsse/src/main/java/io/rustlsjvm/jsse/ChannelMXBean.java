package io.rustlsjvm.jsse;

import java.util.Map;

/**
 * What all connections of one channel have done since the JVM started, for JMX; registered as
 * {@code io.rustlsjvm:type=Channel,name=LABEL} soon after the first context of that label is made.
 */
public interface ChannelMXBean {
  /** The label of the contexts, for example {@code data-server}. */
  String getChannel();

  /** Handshakes that finished, resumed ones included. */
  long getHandshakes();

  /** Handshakes that resumed an earlier session. */
  long getResumedHandshakes();

  /** Connections that failed, in the handshake or later. */
  long getFailures();

  /**
   * The failures by the alert that ended the connection, and by who sent it: {@code sent
   * unknown_ca}, {@code received bad_certificate}; {@code none} where there was none.
   */
  Map<String, Long> getFailuresByAlert();

  /** Bytes of application data received. */
  long getBytesIn();

  /** Bytes of application data sent. */
  long getBytesOut();

  /** How often changed files were taken over. */
  long getReloads();

  /** How often changed files were found that could not be used. */
  long getRefusedReloads();

  /**
   * Whole days until the own certificate expires, negative when it has; null where there is none.
   */
  Long getDaysToExpiry();

  /**
   * Whole days until the first of the trusted certificates expires, negative when it has; null
   * where there is none.
   */
  Long getDaysToTrustExpiry();
}
