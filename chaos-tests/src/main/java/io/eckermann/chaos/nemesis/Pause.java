package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * N4: SIGSTOP, for longer than a lease and an election; who led goes on as if nothing had been.
 *
 * @param time how long; zero: as long as other faults
 */
record Pause(Testbed.Whom whom, Duration time) implements Nemesis {
    private static final Duration STOPPED = Duration.ofSeconds(2);

    Pause(Testbed.Whom whom) {
        this(whom, Duration.ZERO);
    }

    @Override
    public String id() {
        return "N4";
    }

    @Override
    public String name() {
        return "pause-" + whom.word() + (time.isZero() ? "" : "-" + time.toSeconds() + "s");
    }

    @Override
    public Duration hold(Duration usual) {
        return time.isZero() ? usual : time;
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
        return new Strike(
                Testbed.ids(victims),
                () -> {
                    for (Server victim : victims) {
                        victim.signal("CONT");
                    }
                },
                () -> new Evidence(states.stream().allMatch("T"::equals), Map.of("process-states", states)));
    }
}
