package io.rustlsjvm.it;

import java.util.ArrayList;
import java.util.List;

/**
 * Every supported Flink on every Java that it runs on. (Not on 25: its own {@code bin/flink} ends
 * there before it does anything.)
 *
 * <p>A cell has one way to set TLS up. They are dealt out so that each Java has all of them and
 * each Flink three; each Flink has all programs.
 */
final class Matrix {
  private static final List<String> FLINKS = List.of("1.20.5", "2.0.2", "2.1.3", "2.2.1", "2.3.0");
  private static final List<String> JAVAS = List.of("11", "17", "21");

  private Matrix() {}

  /** A Flink on a Java, and what is tried there. */
  static final class Cell {
    final String flink;

    /** Its feature version, or {@code own} for the one that runs the tests. */
    final String java;

    /** One of {@link Scenarios#ALL}. */
    final String scenario;

    /** Some of {@link Programs#ALL}. */
    final List<String> programs;

    Cell(String flink, String java, String scenario, List<String> programs) {
      this.flink = flink;
      this.java = java;
      this.scenario = scenario;
      this.programs = programs;
    }

    @Override
    public String toString() {
      return "Flink " + flink + ", Java " + java + ", " + scenario + ", " + programs;
    }
  }

  /**
   * The cells that are wanted.
   *
   * @param wanted {@code all}, or how {@code FLINK/JAVA} begins, such as {@code 2.1.3/} or {@code
   *     2.3.0/21}; several with commas
   * @throws IllegalArgumentException when there is none
   */
  static List<Cell> cells(String wanted) {
    List<Cell> cells = new ArrayList<>();
    for (int flink = 0; flink < FLINKS.size(); flink++) {
      for (int java = 0; java < JAVAS.size(); java++) {
        if (isWanted(FLINKS.get(flink) + "/" + JAVAS.get(java), wanted)) {
          cells.add(
              new Cell(
                  FLINKS.get(flink),
                  JAVAS.get(java),
                  Scenarios.ALL.get((flink + java) % Scenarios.ALL.size()),
                  programs(flink, java)));
        }
      }
    }
    if (cells.isEmpty()) {
      throw new IllegalArgumentException("The matrix has no cell " + wanted);
    }
    return cells;
  }

  private static boolean isWanted(String cell, String wanted) {
    for (String prefix : wanted.split(",")) {
      if (prefix.equals("all") || cell.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** One program for each Java, and for Java 17 the one that is left, in their order. */
  private static List<String> programs(int flink, int java) {
    List<String> programs = new ArrayList<>();
    for (int program = 0; program < Programs.ALL.size(); program++) {
      int dealt = Math.floorMod(flink - program, Programs.ALL.size());
      if (dealt == java || (dealt == JAVAS.size() && JAVAS.get(java).equals("17"))) {
        programs.add(Programs.ALL.get(program));
      }
    }
    return programs;
  }
}
