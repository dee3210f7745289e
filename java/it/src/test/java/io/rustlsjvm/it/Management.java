package io.rustlsjvm.it;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.rustlsjvm.demo.cluster.JvmProcess;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What a running JVM of this machine shows by JMX. */
final class Management implements AutoCloseable {
  private static final String CHANNELS = "io.rustlsjvm:type=Channel,name=";

  private final JMXConnector connector;
  private final MBeanServerConnection beans;

  private Management(JMXConnector connector) throws IOException {
    this.connector = connector;
    this.beans = connector.getMBeanServerConnection();
  }

  /**
   * Attaches to a process, which needs no options for that.
   *
   * @throws IOException when it cannot be reached
   */
  static Management of(JvmProcess process) throws IOException {
    VirtualMachine machine;
    try {
      machine = VirtualMachine.attach(String.valueOf(process.pid()));
    } catch (AttachNotSupportedException e) {
      throw new IOException(process.name() + " cannot be attached to", e);
    }
    try {
      return new Management(
          JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent())));
    } finally {
      machine.detach();
    }
  }

  /** The names of the channels that have a bean. */
  Set<String> channels() throws IOException, JMException {
    return beans.queryNames(new ObjectName(CHANNELS + "*"), null).stream()
        .map(name -> name.getKeyProperty("name"))
        .collect(Collectors.toSet());
  }

  /** An attribute that is a number. */
  long count(String channel, String attribute) throws IOException, JMException {
    return (Long) attribute(channel, attribute);
  }

  /** An attribute that has numbers by names. */
  Map<String, Long> table(String channel, String attribute) throws IOException, JMException {
    Map<String, Long> table = new TreeMap<>();
    for (Object row : ((TabularData) attribute(channel, attribute)).values()) {
      CompositeData entry = (CompositeData) row;
      table.put((String) entry.get("key"), (Long) entry.get("value"));
    }
    return table;
  }

  private Object attribute(String channel, String attribute) throws IOException, JMException {
    return beans.getAttribute(new ObjectName(CHANNELS + channel), attribute);
  }

  @Override
  public void close() throws IOException {
    connector.close();
  }
}
