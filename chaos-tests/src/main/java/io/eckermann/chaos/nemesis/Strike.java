package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import java.util.List;

/**
 * A fault that has begun.
 *
 * @param targets the nodes it hit
 * @param end ends it: what was broken works again, though a node may still be starting
 * @param proof what shows that it happened; asked when all is well again
 */
public record Strike(List<String> targets, End end, Proof proof) {
    /** Ends a fault. Once. */
    @FunctionalInterface
    public interface End {
        void heal() throws Exception;
    }

    /** Shows that a fault happened. */
    @FunctionalInterface
    public interface Proof {
        Evidence evidence() throws Exception;
    }

    /** A fault of these nodes that is proven already, or is not. */
    static Strike on(List<Server> victims, Evidence evidence, End end) {
        return new Strike(Testbed.ids(victims), end, () -> evidence);
    }
}
