/**
 * {@code java -jar flink-rustls.jar}: reads a Flink's configuration as the plugin does, without a
 * Flink, and says what would come of it.
 */
package io.rustlsjvm.flink.check;
