package io.netty.handler.ssl;

import io.rustlsjvm.jsse.RustlsProvider;

/** Ours at both ends. */
class EngineSuiteBothTest extends EngineSuite {
  EngineSuiteBothTest() {
    super(new RustlsProvider(), new RustlsProvider(), BufferType.Direct, CannotPass.AS_SERVER);
  }
}
