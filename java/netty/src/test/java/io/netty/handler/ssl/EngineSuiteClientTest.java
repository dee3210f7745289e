package io.netty.handler.ssl;

import io.rustlsjvm.jsse.RustlsProvider;

/** Our client, the JDK's server. */
class EngineSuiteClientTest extends EngineSuite {
  EngineSuiteClientTest() {
    super(new RustlsProvider(), null, BufferType.Heap, CannotPass.ANYWHERE);
  }
}
