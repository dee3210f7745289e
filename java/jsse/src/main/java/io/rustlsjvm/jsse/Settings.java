package io.rustlsjvm.jsse;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * The settings of one engine, socket or server socket, by the names of JSSE's methods.
 *
 * <p>What they start with is the context's; a change replaces them as a whole, so that a connection
 * holds no settings of its own but those that no other has. May be used by any thread.
 */
final class Settings {
  /** Guarded by this object; what it names never changes. */
  private EngineSettings values;

  Settings(EngineSettings values) {
    this.values = values;
  }

  /** As they are now, and stay for who has them. */
  synchronized EngineSettings values() {
    return values;
  }

  private synchronized void change(Consumer<EngineSettings> change) {
    EngineSettings changed = new EngineSettings(values);
    change.accept(changed);
    if (!changed.equals(values)) {
      values = changed.shared();
    }
  }

  boolean getUseClientMode() {
    return values().client();
  }

  void setUseClientMode(boolean mode) {
    if (mode != values().client()) {
      change(settings -> settings.setClient(mode));
    }
  }

  /** Takes the one for the other, if it is what stands. Tells whether it was. */
  synchronized boolean replace(EngineSettings standing, EngineSettings other) {
    if (values != standing) {
      return false;
    }
    values = other;
    return true;
  }

  String[] getEnabledCipherSuites() {
    return values().cipherSuites();
  }

  void setEnabledCipherSuites(String[] suites) {
    if (!values().hasCipherSuites(suites)) {
      change(settings -> settings.setCipherSuites(suites));
    }
  }

  String[] getEnabledProtocols() {
    return values().protocols();
  }

  void setEnabledProtocols(String[] protocols) {
    if (!values().hasProtocols(protocols)) {
      change(settings -> settings.setProtocols(protocols));
    }
  }

  boolean getNeedClientAuth() {
    return values().clientAuthentication() == ClientAuthentication.NEED;
  }

  /** JSSE: of need, want and neither, what was set last counts. */
  void setNeedClientAuth(boolean need) {
    setClientAuthentication(need ? ClientAuthentication.NEED : ClientAuthentication.NONE);
  }

  boolean getWantClientAuth() {
    return values().clientAuthentication() == ClientAuthentication.WANT;
  }

  void setWantClientAuth(boolean want) {
    setClientAuthentication(want ? ClientAuthentication.WANT : ClientAuthentication.NONE);
  }

  private void setClientAuthentication(ClientAuthentication wanted) {
    if (wanted != values().clientAuthentication()) {
      change(settings -> settings.setClientAuthentication(wanted));
    }
  }

  boolean getEnableSessionCreation() {
    return values().sessionCreation();
  }

  void setEnableSessionCreation(boolean allowed) {
    change(settings -> settings.setSessionCreation(allowed));
  }

  /**
   * @param peerHost whom a client calls, or null when that is not known: where no server names are
   *     set, these are those that it asks for
   */
  SSLParameters getSSLParameters(String peerHost) {
    EngineSettings current = values();
    SSLParameters parameters = current.toParameters();
    if (current.client() && current.serverNames() == null) {
      List<SNIServerName> names = ServerNames.ofHost(peerHost);
      if (!names.isEmpty()) {
        parameters.setServerNames(names);
      }
    }
    return parameters;
  }

  /**
   * Takes over what the parameters say, all of it or nothing.
   *
   * @throws IllegalArgumentException for unknown protocols, suites, groups or identification
   *     algorithms
   */
  void setSSLParameters(SSLParameters parameters) {
    change(settings -> settings.apply(parameters));
  }

  BiFunction<SSLEngine, List<String>, String> getEngineSelector() {
    return values().engineSelector();
  }

  void setEngineSelector(BiFunction<SSLEngine, List<String>, String> selector) {
    change(settings -> settings.setEngineSelector(selector));
  }

  BiFunction<SSLSocket, List<String>, String> getSocketSelector() {
    return values().socketSelector();
  }

  void setSocketSelector(BiFunction<SSLSocket, List<String>, String> selector) {
    change(settings -> settings.setSocketSelector(selector));
  }
}
