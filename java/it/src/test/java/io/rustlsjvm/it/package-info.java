/** Tests with real processes, real stores and, for the most part, a real Flink cluster. */
package io.rustlsjvm.it;
