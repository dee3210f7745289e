/** The demo: one command, a real cluster, a real job, and a look at what its TLS did. */
package io.rustlsjvm.demo;
