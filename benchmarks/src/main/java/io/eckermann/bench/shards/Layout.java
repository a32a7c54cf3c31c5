package io.eckermann.bench.shards;

/**
 * Nodes, and what they run on.
 *
 * @param cores of each machine
 * @param shared all nodes and the load have one machine with one disk; else each has its own, and the load is elsewhere
 * @param producers spread over the shards
 * @param windowBytes that each has under way
 */
record Layout(int nodes, int shards, int cores, boolean shared, int producers, int windowBytes) {
    /** As it was measured: three nodes and 16 producers on one machine. */
    static Layout measured(int shards, int cores, int windowKib) {
        return new Layout(3, shards, cores, true, 16, windowKib << 10);
    }

    /** Machines of their own, and as much load for each shard. */
    static Layout apart(int nodes, int shards, int cores) {
        return new Layout(nodes, shards, cores, false, 16 * shards, 2 << 20);
    }
}
