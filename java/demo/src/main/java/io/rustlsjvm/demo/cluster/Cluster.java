package io.rustlsjvm.demo.cluster;

import com.google.gson.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One Flink session cluster on this machine, made of processes.
 *
 * <p>Its folder holds everything about it: a configuration for each process, logs, checkpoints, and
 * what the processes leave behind. Nothing is started before one of the {@code start} methods is
 * called.
 */
public final class Cluster implements AutoCloseable {
  static final String HOST = "localhost";
  private static final List<String> SCRIPT_LOGGING =
      List.of("log4j-console.properties", "log4j-cli.properties", "log4j.properties");
  private static final Pattern JOB_ID = Pattern.compile("JobID ([0-9a-f]{32})");

  private final Path folder;
  private final FlinkLibraries flink;
  private final BiFunction<FlinkLibraries, Role, List<Path>> classPath;
  private final BiFunction<Cluster, Role, List<String>> jvmOptions;
  private final Map<String, String> options;
  private final Map<Role, Map<String, String>> roleOptions;
  private final int taskManagers;
  private final Path scripts;
  private final Path javaHome;
  private final Path workingFolder;
  private final Map<Role, JvmProcess> processes = new LinkedHashMap<>();
  private final Set<Role> stopped = new HashSet<>();
  private final Map<Role, Map<String, Integer>> ports = new LinkedHashMap<>();
  private final RestClient rest;

  Cluster(ClusterBuilder builder) throws IOException {
    folder = builder.folder.toAbsolutePath();
    flink = builder.flink;
    classPath = builder.classPath;
    jvmOptions = builder.jvmOptions;
    taskManagers = builder.taskManagers;
    scripts = builder.scripts;
    javaHome = builder.javaHome;
    workingFolder = builder.workingFolder;
    for (String name : List.of("log", "checkpoints", "archive", "tmp")) {
      Files.createDirectories(folder.resolve(name));
    }
    options = new TreeMap<>(DefaultOptions.in(folder));
    options.putAll(builder.options);
    roleOptions = builder.roleOptions;

    choosePorts(
        Role.JOB_MANAGER,
        "jobmanager.rpc.port",
        "rest.port",
        "blob.server.port",
        "metrics.internal.query-service.port");
    choosePorts(Role.HISTORY_SERVER, "historyserver.web.port");
    for (int number = 1; number <= taskManagers; number++) {
      choosePorts(
          Role.taskManager(number),
          "taskmanager.rpc.port",
          "taskmanager.data.port",
          "metrics.internal.query-service.port");
    }
    // Everyone has to know where the JobManager is.
    options.put("jobmanager.rpc.address", HOST);
    options.put("rest.address", HOST);
    for (String port : List.of("jobmanager.rpc.port", "rest.port")) {
      options.put(port, String.valueOf(port(Role.JOB_MANAGER, port)));
    }
    boolean tls =
        "true".equals(options.get("security.ssl.rest.enabled")) || builder.restTls != null;
    rest =
        new RestClient(
            URI.create(
                (tls ? "https://" : "http://") + HOST + ":" + port(Role.JOB_MANAGER, "rest.port")),
            builder.restTls);
  }

  /**
   * Starts to describe a cluster.
   *
   * @param folder where its files go; made when missing
   * @param flink the Flink to run
   */
  public static ClusterBuilder builder(Path folder, FlinkLibraries flink) {
    return new ClusterBuilder(folder, flink);
  }

  private void choosePorts(Role role, String... keys) throws IOException {
    Map<String, Integer> chosen = new LinkedHashMap<>();
    for (String key : keys) {
      chosen.put(key, FreePorts.next());
    }
    ports.put(role, chosen);
  }

  /** The folder with everything about it. */
  public Path folder() {
    return folder;
  }

  /** The Flink that it runs. */
  public FlinkLibraries flink() {
    return flink;
  }

  /**
   * A port that was chosen for a process.
   *
   * @param role the process
   * @param option the key of the port's option
   */
  public int port(Role role, String option) {
    Integer port = ports.getOrDefault(role, Map.of()).get(option);
    if (port == null) {
      throw new IllegalArgumentException(option + " of " + role + " has not been chosen");
    }
    return port;
  }

  /** All ports that were chosen, by process and by the option's key. */
  public Map<Role, Map<String, Integer>> ports() {
    return Collections.unmodifiableMap(ports);
  }

  /** The processes that were started, by role; clients that have ended are among them. */
  public Map<Role, JvmProcess> processes() {
    return Collections.unmodifiableMap(processes);
  }

  /** The REST endpoint, as the harness reaches it. */
  public RestClient rest() {
    return rest;
  }

  /**
   * Starts all processes and waits until the TaskManagers have registered.
   *
   * @return this
   * @throws IOException when a process ends or does not get ready; what it logged last is in the
   *     message
   */
  public Cluster start() throws IOException {
    startJobManager();
    for (int number = 1; number <= taskManagers; number++) {
      startTaskManager(number);
    }
    awaitTaskManagers(taskManagers, Duration.ofSeconds(90));
    return this;
  }

  /**
   * Starts the JobManager and does not wait for it.
   *
   * @throws IOException when the process cannot be started
   */
  public JvmProcess startJobManager() throws IOException {
    if (scripts != null) {
      return launchScript(Role.JOB_MANAGER, "jobmanager.sh", List.of("start-foreground"));
    }
    return launch(
        Role.JOB_MANAGER,
        List.of("-Xmx384m", "-XX:MaxMetaspaceSize=192m"),
        List.of(
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
            "--configDir",
            configuration(Role.JOB_MANAGER).toString(),
            "--executionMode",
            "cluster"));
  }

  /**
   * Starts a TaskManager and does not wait for it.
   *
   * @param number counted from 1
   * @throws IOException when the process cannot be started
   */
  public JvmProcess startTaskManager(int number) throws IOException {
    Role role = Role.taskManager(number);
    if (scripts != null) {
      return launchScript(role, "taskmanager.sh", List.of("start-foreground"));
    }
    return launch(
        role,
        List.of("-Xmx448m", "-XX:MaxDirectMemorySize=256m", "-XX:MaxMetaspaceSize=160m"),
        List.of(
            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
            "--configDir",
            configuration(role).toString()));
  }

  /**
   * Starts the HistoryServer and does not wait for it. It shows no jobs.
   *
   * @throws IOException when the process cannot be started
   */
  public JvmProcess startHistoryServer() throws IOException {
    Role role = Role.HISTORY_SERVER;
    if (scripts != null) {
      return launchScript(role, "historyserver.sh", List.of("start-foreground"));
    }
    return launch(
        role,
        List.of("-Xmx256m"),
        List.of(
            "org.apache.flink.runtime.webmonitor.history.HistoryServer",
            "--configDir",
            configuration(role).toString()));
  }

  /**
   * Starts the command line client, as {@code bin/flink} would.
   *
   * @param arguments such as {@code run}, {@code -d}, a jar, and the job's arguments
   * @throws IOException when the process cannot be started
   */
  public JvmProcess startClient(String... arguments) throws IOException {
    if (scripts != null) {
      return launchScript(Role.CLIENT, "flink", Arrays.asList(arguments));
    }
    List<String> main = new ArrayList<>();
    main.add("org.apache.flink.client.cli.CliFrontend");
    main.addAll(Arrays.asList(arguments));
    return launch(Role.CLIENT, List.of("-Xmx256m"), main);
  }

  /**
   * Starts one of the distribution's scripts.
   *
   * @param role what to call the process
   * @param script its name in {@code bin}
   * @param arguments its arguments
   * @throws IOException when the process cannot be started
   */
  public JvmProcess startScript(Role role, String script, String... arguments) throws IOException {
    return launchScript(role, script, Arrays.asList(arguments));
  }

  /**
   * Ends a process as an operator would. It may be started again.
   *
   * @param role the process
   */
  public void stop(Role role) {
    stopped.add(role);
    processes.get(role).close();
  }

  /**
   * Ends a process as a machine that fails would: nothing of it runs any more. It may be started
   * again.
   *
   * @param role the process
   * @throws IOException when it does not end
   */
  public void kill(Role role) throws IOException {
    stopped.add(role);
    processes.get(role).kill();
  }

  /**
   * Sets options of Flink for a process that is started later.
   *
   * @param role the process
   * @param more by key
   */
  public void reconfigure(Role role, Map<String, String> more) {
    roleOptions.computeIfAbsent(role, key -> new TreeMap<>()).putAll(more);
  }

  /**
   * Starts the command line client with options of its own.
   *
   * @param more options of Flink, for this and later clients
   * @param arguments such as {@code list}
   * @throws IOException when the process cannot be started
   */
  public JvmProcess startClient(Map<String, String> more, String... arguments) throws IOException {
    reconfigure(Role.CLIENT, more);
    return startClient(arguments);
  }

  /**
   * Submits a job by the command line client, and waits for the client's end only.
   *
   * @param jar the job
   * @param arguments the job's arguments
   * @return the job's id
   * @throws IOException when the client fails
   */
  public String submit(Path jar, String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of("run", "-d", jar.toString()));
    line.addAll(Arrays.asList(arguments));
    JvmProcess client = startClient(line.toArray(new String[0]));
    int exitCode = client.awaitExit(Duration.ofSeconds(90));
    Matcher matcher = JOB_ID.matcher(client.log());
    if (exitCode != 0 || !matcher.find()) {
      throw new IOException("The client failed with " + exitCode + "\n" + client.lastLines());
    }
    return matcher.group(1);
  }

  private JvmProcess launch(Role role, List<String> memory, List<String> mainAndArguments)
      throws IOException {
    Path conf = writeConfiguration(role);
    Path log = folder.resolve("log").resolve(role.name() + ".log");
    Path output = folder.resolve("log").resolve(role.name() + ".out");
    Files.deleteIfExists(log);
    List<String> line = new ArrayList<>();
    line.add(javaHome.resolve("bin").resolve("java").toString());
    line.addAll(memory);
    line.add("-XX:+UseG1GC");
    line.add("-XX:ParallelGCThreads=2");
    line.add("-Dlog.file=" + log);
    line.add("-Dlog4j.configurationFile=" + conf.resolve("log4j.properties").toUri());
    line.addAll(JavaModules.OPTIONS);
    line.addAll(jvmOptions.apply(this, role));
    line.add("-cp");
    line.add(
        classPath.apply(flink, role).stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator)));
    line.addAll(mainAndArguments);
    JvmProcess process =
        JvmProcess.start(
            role.name(),
            output,
            log,
            line,
            Map.of("FLINK_CONF_DIR", conf.toString()),
            workingFolder);
    processes.put(role, process);
    stopped.remove(role);
    return process;
  }

  private JvmProcess launchScript(Role role, String script, List<String> arguments)
      throws IOException {
    List<String> line = new ArrayList<>();
    line.add(scripts.resolve("bin").resolve(script).toString());
    line.addAll(arguments);
    return startCommand(role, line, Map.of());
  }

  /**
   * Starts any command, with a configuration of its own in {@code FLINK_CONF_DIR}.
   *
   * @param role what to call the process
   * @param line the program and its arguments
   * @param more variables of its environment
   * @throws IOException when it cannot be started
   */
  public JvmProcess startCommand(Role role, List<String> line, Map<String, String> more)
      throws IOException {
    Path log = folder.resolve("log");
    Map<String, String> environment = new TreeMap<>(more);
    environment.put("FLINK_CONF_DIR", writeConfiguration(role).toString());
    environment.put("FLINK_LOG_DIR", log.toString());
    environment.put("FLINK_PID_DIR", log.toString());
    environment.put("JAVA_HOME", javaHome.toString());
    JvmProcess process =
        JvmProcess.start(
            role.name(),
            log.resolve(role.name() + ".out"),
            log.resolve(role.name() + ".log"),
            line,
            environment,
            workingFolder);
    processes.put(role, process);
    stopped.remove(role);
    return process;
  }

  /**
   * The folder with the configuration of one process.
   *
   * @param role the process
   */
  public Path configuration(Role role) {
    return folder.resolve("conf-" + role.name());
  }

  private Path writeConfiguration(Role role) throws IOException {
    Map<String, String> values = new TreeMap<>(options);
    ports.getOrDefault(role, Map.of()).forEach((key, port) -> values.put(key, port.toString()));
    values.putAll(roleOptions.getOrDefault(role, Map.of()));
    if (scripts != null) {
      List<String> java = new ArrayList<>(JavaModules.OPTIONS);
      java.addAll(jvmOptions.apply(this, role));
      values.put("env.java.opts.all", String.join(" ", java));
    }
    StringBuilder yaml = new StringBuilder();
    values.forEach(
        (key, value) ->
            yaml.append(key).append(": '").append(value.replace("'", "''")).append("'\n"));
    Path conf = Files.createDirectories(configuration(role));
    Files.write(conf.resolve("config.yaml"), yaml.toString().getBytes(StandardCharsets.UTF_8));
    for (String name : scripts == null ? List.of("log4j.properties") : SCRIPT_LOGGING) {
      Files.write(
          conf.resolve(name),
          scripts == null
              ? Cluster.class.getResourceAsStream(name).readAllBytes()
              : Files.readAllBytes(scripts.resolve("conf").resolve(name)));
    }
    return conf;
  }

  /**
   * Waits until a number of TaskManagers have registered.
   *
   * @param count how many
   * @param limit how long
   * @throws IOException when a process ends or the time is over
   */
  public void awaitTaskManagers(int count, Duration limit) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    IOException last = null;
    while (System.nanoTime() < end) {
      requireAlive();
      try {
        JsonObject overview = rest.get("/overview");
        if (overview.get("taskmanagers").getAsInt() >= count) {
          return;
        }
      } catch (IOException e) {
        last = e;
      }
      pause(200);
    }
    StringBuilder text = new StringBuilder("The cluster did not get ready: " + last + "\n");
    for (JvmProcess process : processes.values()) {
      text.append(process.lastLines());
    }
    throw new IOException(text.toString(), last);
  }

  /**
   * Fails when a process has ended that nobody stopped, other than a client.
   *
   * @throws IOException with what it logged last
   */
  public void requireAlive() throws IOException {
    for (Map.Entry<Role, JvmProcess> entry : processes.entrySet()) {
      JvmProcess process = entry.getValue();
      Role role = entry.getKey();
      if (!role.isClient() && !stopped.contains(role) && !process.isAlive()) {
        throw new IOException(
            process.name() + " ended with " + process.exitCode() + "\n" + process.lastLines());
      }
    }
  }

  /**
   * Waits until a job has finished.
   *
   * @param job its id
   * @param limit how long
   * @return the job's details
   * @throws IOException when it fails, a process ends, or the time is over
   */
  public JsonObject awaitJob(String job, Duration limit) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < end) {
      requireAlive();
      JsonObject details = rest.get("/jobs/" + job);
      if (isFinished(job, details)) {
        return details;
      }
      pause(250);
    }
    throw new IOException("The job still runs after " + limit.toSeconds() + " s");
  }

  /**
   * Whether a job has finished.
   *
   * @param job its id
   * @param details what the REST endpoint says about it
   * @throws IOException when it has ended in another way; the message names the cause
   */
  public boolean isFinished(String job, JsonObject details) throws IOException {
    String state = details.get("state").getAsString();
    if (state.equals("FAILED") || state.equals("CANCELED")) {
      throw new IOException(
          "The job is " + state + ": " + rest.get("/jobs/" + job + "/exceptions"));
    }
    return state.equals("FINISHED");
  }

  /**
   * A job's accumulators.
   *
   * @param job its id
   * @return values by name
   * @throws IOException when they cannot be read
   */
  public Map<String, Long> accumulators(String job) throws IOException {
    Map<String, Long> values = new TreeMap<>();
    rest.get("/jobs/" + job + "/accumulators")
        .getAsJsonArray("user-task-accumulators")
        .forEach(
            element -> {
              JsonObject accumulator = element.getAsJsonObject();
              values.put(
                  accumulator.get("name").getAsString(), accumulator.get("value").getAsLong());
            });
    return values;
  }

  private static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    stop();
  }

  /** Stops everything: TaskManagers first, each with its shutdown hooks, then the JobManager. */
  public void stop() {
    List<JvmProcess> all = new ArrayList<>(processes.values());
    Collections.reverse(all);
    for (JvmProcess process : all) {
      if (!process.name().equals(Role.JOB_MANAGER.name())) {
        process.terminate();
      }
    }
    all.forEach(JvmProcess::close);
  }
}
