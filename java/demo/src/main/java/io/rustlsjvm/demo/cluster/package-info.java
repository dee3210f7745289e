/**
 * Flink clusters of real processes, for the demo and for tests: a JobManager, TaskManagers and
 * clients, each a JVM with a configuration folder of its own.
 */
package io.rustlsjvm.demo.cluster;
