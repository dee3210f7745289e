/**
 * Benchmarks of TLS on the JVM: the JDK, the JDK with Amazon's crypto provider, Netty's OPENSSL,
 * Conscrypt and ours, all through the same loops with the same keys, suites and buffers.
 */
package io.rustlsjvm.bench;
