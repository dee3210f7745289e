package io.rustlsjvm.jsse;

import java.lang.reflect.Method;
import javax.net.ssl.SSLParameters;

/** Parameters that {@code SSLParameters} has only since Java 19 and 20. */
final class NewerParameters {
  private NewerParameters() {}

  /**
   * @throws UnsupportedOperationException when named groups or signature schemes are set
   */
  static void refuse(SSLParameters parameters) {
    refuse(parameters, "getNamedGroups", "Named groups");
    refuse(parameters, "getSignatureSchemes", "Signature schemes");
  }

  private static void refuse(SSLParameters parameters, String getter, String what) {
    Object value;
    try {
      Method method = SSLParameters.class.getMethod(getter);
      value = method.invoke(parameters);
    } catch (NoSuchMethodException e) {
      return; // an older Java
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    if (value != null) {
      throw new UnsupportedOperationException(what + " cannot be set: rustls has its own list");
    }
  }
}
