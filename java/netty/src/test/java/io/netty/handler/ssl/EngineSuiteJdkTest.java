package io.netty.handler.ssl;

import java.util.Map;

/** The JDK at both ends: what the others are to be compared with. */
class EngineSuiteJdkTest extends EngineSuite {
  EngineSuiteJdkTest() {
    super(null, null, BufferType.Heap, Map.of());
  }
}
