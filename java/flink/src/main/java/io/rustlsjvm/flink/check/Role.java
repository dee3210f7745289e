package io.rustlsjvm.flink.check;

import io.rustlsjvm.flink.Channel;

/** What the configuration is for: not every machine has every channel. */
enum Role {
  /** All channels. */
  ALL,
  /** JobManagers and TaskManagers: all but REST clients. */
  CLUSTER,
  /** The command line: a REST client and nothing else. */
  CLIENT;

  boolean includes(Channel channel) {
    switch (this) {
      case CLUSTER:
        return channel != Channel.REST_CLIENT;
      case CLIENT:
        return channel == Channel.REST_CLIENT;
      default:
        return true;
    }
  }

  boolean includes(ChannelPair pair) {
    return includes(pair.server()) || includes(pair.client());
  }
}
