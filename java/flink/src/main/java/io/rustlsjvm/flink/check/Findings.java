package io.rustlsjvm.flink.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What was found; the same thing once, however many channels have it. */
final class Findings {
  private final Set<Finding> found = new LinkedHashSet<>();
  private final Set<String> ignored;

  /**
   * @param ignored ids of rules that are not to be told of
   */
  Findings(Collection<String> ignored) {
    this.ignored = Set.copyOf(ignored);
  }

  void add(Finding finding) {
    if (!ignored.contains(finding.rule().id())) {
      found.add(finding);
    }
  }

  void error(Rule rule, String option, String message, String advice) {
    add(Finding.error(rule, option, message, advice));
  }

  void warning(Rule rule, String option, String message, String advice) {
    add(Finding.warning(rule, option, message, advice));
  }

  /** Errors first. */
  List<Finding> all() {
    List<Finding> all = new ArrayList<>(of(Finding.Severity.ERROR));
    all.addAll(of(Finding.Severity.WARNING));
    return all;
  }

  List<Finding> of(Finding.Severity severity) {
    List<Finding> some = new ArrayList<>(found);
    some.removeIf(finding -> finding.severity() != severity);
    return some;
  }
}
