package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.gen.Choices;
import java.util.Optional;

/** N15: nodes join and leave. Its place: the test bed lays out no spare nodes yet; {@code MembersTest} has some. */
record Membership() implements Nemesis {
    @Override
    public String id() {
        return "N15";
    }

    @Override
    public String name() {
        return "membership";
    }

    @Override
    public Optional<String> missing(Testbed bed) {
        return Optional.of("the test bed lays out no spare nodes yet");
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) {
        throw new UnsupportedOperationException("never struck, because it is missing");
    }
}
