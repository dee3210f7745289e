package io.netty.handler.ssl;

import io.rustlsjvm.jsse.RustlsProvider;

/** Our server, the JDK's client. */
class EngineSuiteServerTest extends EngineSuite {
  EngineSuiteServerTest() {
    super(null, new RustlsProvider(), BufferType.Mixed, CannotPass.AS_SERVER);
  }
}
