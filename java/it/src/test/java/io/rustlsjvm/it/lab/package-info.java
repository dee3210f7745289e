/**
 * One channel of Flink at a time, between two configurations. It runs in a JVM of its own, with the
 * jar under test before Flink on the class path, because that is where the jar works.
 */
package io.rustlsjvm.it.lab;
