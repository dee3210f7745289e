package io.rustlsjvm.jsse;

import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Constraints that look at nothing but an algorithm's name; equal to themselves alone. */
final class TestConstraints implements AlgorithmConstraints {
  private final Predicate<String> algorithms;
  private final BooleanSupplier keys;

  /**
   * @param algorithms which names are permitted
   * @param keys whether a key alone is
   */
  TestConstraints(Predicate<String> algorithms, BooleanSupplier keys) {
    this.algorithms = algorithms;
    this.keys = keys;
  }

  @Override
  public boolean permits(
      Set<CryptoPrimitive> primitives, String algorithm, AlgorithmParameters parameters) {
    return algorithms.test(algorithm);
  }

  @Override
  public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
    return keys.getAsBoolean();
  }

  @Override
  public boolean permits(
      Set<CryptoPrimitive> primitives, String algorithm, Key key, AlgorithmParameters parameters) {
    return algorithms.test(algorithm);
  }
}
