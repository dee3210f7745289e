/** What really happened on each TLS channel, as told by the engines of the processes. */
package io.rustlsjvm.demo.report;
