package io.eckermann.bench.system;

import java.util.List;

/** A started system: its processes, topics and connections. Closing it ends its processes. Used by one thread. */
public interface RunningSystem extends AutoCloseable {
    /** Process ids of its nodes, in their order; empty when they are not ours. */
    List<Long> pids();

    /** Where each node tells its figures over HTTP (host:port), in their order; empty when a system has no such place. */
    default List<String> figures() {
        return List.of();
    }

    /** Creates topics (of one partition, where a system has such), all new. */
    void createTopics(List<String> topics) throws Exception;

    /** A client with a connection of its own. */
    Connection connect(Tuning tuning) throws Exception;

    /** How many events are recorded in a topic. */
    long count(String topic) throws Exception;

    /** How many events are recorded in some topics together. */
    default long count(List<String> topics) throws Exception {
        long events = 0;
        for (String topic : topics) {
            events += count(topic);
        }
        return events;
    }

    /** The node, by its place in {@link #pids}, that leads this topic. */
    int leaderOf(String topic) throws Exception;

    /** Kills a node with SIGKILL and waits until it is gone. */
    void kill(int node) throws Exception;

    /** How often leadership has changed since the start, as far as the system tells; -1 when it does not. */
    default long elections() throws Exception {
        return -1;
    }

    @Override
    void close();
}
