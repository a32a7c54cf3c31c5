package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.gen.Choices;
import java.time.Duration;
import java.util.Optional;

/** A kind of fault. */
public interface Nemesis {
    /** Its number, e.g. N3. */
    String id();

    /** Its name, by which plans refer to it, e.g. {@code kill-leader}. */
    String name();

    /** Why it can't be done here; empty when it can. */
    default Optional<String> missing(Testbed bed) {
        return Optional.empty();
    }

    /** Whether it needs a node beside those of the cluster. */
    default boolean needsSpare() {
        return false;
    }

    /** How long it lasts, in a run whose faults last so long. */
    default Duration hold(Duration usual) {
        return usual;
    }

    /** About how long it takes from its beginning until it is healed, on so many nodes: what a run's length is told by. */
    default Duration lasts(Duration usual, int nodes) {
        return hold(usual);
    }

    /** Does it. */
    Strike strike(Testbed bed, Choices choices) throws Exception;
}
