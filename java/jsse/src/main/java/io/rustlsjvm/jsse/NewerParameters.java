package io.rustlsjvm.jsse;

import java.lang.reflect.Method;
import javax.net.ssl.SSLParameters;

/** Parameters that {@code SSLParameters} has only since Java 19 (schemes) and 20 (groups). */
final class NewerParameters {
  /** Each null where this Java is older. */
  private static final Method GET_NAMED_GROUPS = method("getNamedGroups");

  private static final Method SET_NAMED_GROUPS = method("setNamedGroups", String[].class);
  private static final Method GET_SIGNATURE_SCHEMES = method("getSignatureSchemes");
  private static final Method SET_SIGNATURE_SCHEMES = method("setSignatureSchemes", String[].class);

  private NewerParameters() {}

  private static Method method(String name, Class<?>... types) {
    try {
      return SSLParameters.class.getMethod(name, types);
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  /** The groups that are set, or null. */
  static String[] namedGroups(SSLParameters parameters) {
    return (String[]) call(GET_NAMED_GROUPS, parameters);
  }

  /** Sets the groups, where this Java can tell them. */
  static void setNamedGroups(SSLParameters parameters, String[] names) {
    call(SET_NAMED_GROUPS, parameters, (Object) names);
  }

  /** The schemes that are set, or null. */
  static String[] signatureSchemes(SSLParameters parameters) {
    return (String[]) call(GET_SIGNATURE_SCHEMES, parameters);
  }

  /** Sets the schemes, where this Java can tell them. */
  static void setSignatureSchemes(SSLParameters parameters, String[] names) {
    call(SET_SIGNATURE_SCHEMES, parameters, (Object) names);
  }

  private static Object call(Method method, SSLParameters parameters, Object... arguments) {
    if (method == null) {
      return null;
    }
    try {
      return method.invoke(parameters, arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
