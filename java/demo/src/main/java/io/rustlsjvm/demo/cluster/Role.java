package io.rustlsjvm.demo.cluster;

import java.util.Objects;

/** What a process of a cluster is for, and which one of its kind it is. */
public final class Role {
  /** The JobManager. */
  public static final Role JOB_MANAGER = new Role("jobmanager");

  /** The command line client. */
  public static final Role CLIENT = new Role("client");

  /** The HistoryServer. */
  public static final Role HISTORY_SERVER = new Role("historyserver");

  private final String name;

  private Role(String name) {
    this.name = name;
  }

  /**
   * A TaskManager.
   *
   * @param number counted from 1
   */
  public static Role taskManager(int number) {
    return new Role("taskmanager-" + number);
  }

  /**
   * Another program.
   *
   * @param name what to call it; ends with {@code client} when the program ends by itself
   */
  public static Role named(String name) {
    return new Role(name);
  }

  /** The name, as in file names: {@code jobmanager}, {@code taskmanager-1}, {@code client}. */
  public String name() {
    return name;
  }

  /** Whether it ends by itself: {@code client} and what ends with that. */
  boolean isClient() {
    return name.endsWith(CLIENT.name);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Role && ((Role) other).name.equals(name);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name);
  }

  @Override
  public String toString() {
    return name;
  }
}
