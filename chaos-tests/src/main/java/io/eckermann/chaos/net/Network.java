package io.eckermann.chaos.net;

import java.io.IOException;

/** The network between hosts; 0 is the clients' host, the others are nodes. */
public interface Network {
    /** Stands for every host. */
    int ALL = -1;

    /**
     * What the network did so far, as evidence.
     *
     * @param carried packets, or pieces of a stream
     * @param lost of them
     */
    record Counts(long carried, long lost, long delayed, long doubled, long corrupted) {
        public Counts since(Counts before) {
            return new Counts(
                    carried - before.carried,
                    lost - before.lost,
                    delayed - before.delayed,
                    doubled - before.doubled,
                    corrupted - before.corrupted);
        }
    }

    /** What it can do, for people. */
    String name();

    /** Changes the link from one host to another, at once. */
    void link(int from, int to, Link link) throws IOException;

    /** All links are good again. */
    default void heal() throws IOException {
        link(ALL, ALL, Link.GOOD);
    }

    Counts counts() throws IOException;

    /** Whether it can lose, double, corrupt and reorder single packets. */
    boolean knowsPackets();
}
