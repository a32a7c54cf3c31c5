package io.eckermann.chaos.host;

import io.eckermann.chaos.net.Network;
import java.util.List;

/** Machines, or what stands in for them: 1 to {@link #size} for nodes, and 0 for the clients. */
public interface Hosts {
    /** What they are made of, for people. */
    String name();

    int size();

    /** Where others reach a node. */
    String address(int node);

    /** Where a node listens; empty when that is its address. */
    String bindAddress(int node);

    /** What to put before a command so that it runs on a node's host. */
    List<String> on(int node);

    /** What is between them. */
    Network network();

    /** Tells which process is a node's; the network may need to know who speaks. */
    void runs(int node, long pid);
}
