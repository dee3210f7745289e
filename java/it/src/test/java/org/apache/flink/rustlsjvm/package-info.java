/**
 * What is called over RPC. The loader of Flink's RPC sees classes of {@code org.apache.flink} only,
 * so it has to be below that.
 */
package org.apache.flink.rustlsjvm;
