package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** N4: SIGSTOP, for longer than a lease and an election; who led goes on as if nothing had been. */
record Pause(Testbed.Whom whom) implements Nemesis {
    private static final Duration STOPPED = Duration.ofSeconds(2);

    @Override
    public String id() {
        return "N4";
    }

    @Override
    public String name() {
        return "pause-" + whom.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public Optional<String> missing(Testbed bed) {
        return Optional.empty();
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        List<Server> victims = bed.targets(whom, choices);
        for (Server victim : victims) {
            victim.signal("STOP");
        }
        // The kernel stops every thread of it, which takes a moment on a busy machine.
        Patience.until(STOPPED, () -> victims.stream().map(Server::processState).allMatch("T"::equals));
        List<String> states = victims.stream().map(Server::processState).toList();
        return new Strike() {
            @Override
            public String what() {
                return name();
            }

            @Override
            public List<String> targets() {
                return Testbed.ids(victims);
            }

            @Override
            public void heal() throws Exception {
                for (Server victim : victims) {
                    victim.signal("CONT");
                }
            }

            @Override
            public Evidence evidence() {
                return new Evidence(states.stream().allMatch("T"::equals), Map.of("process-states", states));
            }
        };
    }
}
