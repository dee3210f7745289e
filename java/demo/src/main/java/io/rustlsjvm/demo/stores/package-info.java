/** Keystores, truststores and PEM files, made by keytool and openssl as operators make them. */
package io.rustlsjvm.demo.stores;
