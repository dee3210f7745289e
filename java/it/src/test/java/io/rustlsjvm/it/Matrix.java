package io.rustlsjvm.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every supported Flink on every Java that it runs on.
 *
 * <p>A cell has one way to set TLS up and one program. They are dealt out so that each Flink has
 * all of both, and so has each Java that runs with all Flinks.
 */
final class Matrix {
  private static final List<String> FLINKS = List.of("1.20.5", "2.0.2", "2.1.3", "2.2.1", "2.3.0");
  private static final List<String> JAVAS = List.of("11", "17", "21", "25");

  private static final List<String> PROCESSES =
      List.of("jobmanager", "taskmanager", "client", "historyserver", "sql-gateway");

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

    Cell(String flink, String java, String scenario, String... programs) {
      this.flink = flink;
      this.java = java;
      this.scenario = scenario;
      this.programs = List.of(programs);
    }

    /** Options of Flink that it does not start without. */
    Map<String, String> options() {
      Map<String, String> options = new TreeMap<>();
      if (java.equals("25")) {
        // Flink's scripts allow a security manager, and this Java refuses to start then. What is set
        // for a kind of process comes later in its command line than what the scripts add.
        for (String process : PROCESSES) {
          options.put("env.java.opts." + process, "-Djava.security.manager=disallow");
        }
      }
      return options;
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
   *     2.3.0/25}; several with commas
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
                  dealt(Scenarios.ALL, flink + java),
                  dealt(Programs.ALL, flink + 3 * java)));
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

  private static String dealt(List<String> all, int number) {
    return all.get(number % all.size());
  }
}
