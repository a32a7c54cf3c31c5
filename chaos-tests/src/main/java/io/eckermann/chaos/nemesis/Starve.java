package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** N14: a node gets a tenth of a processor: it is stopped for nine of ten moments. No control group is touched. */
record Starve(Testbed.Whom whom) implements Nemesis {
    private static final Duration STOPPED = Duration.ofMillis(90);
    private static final Duration RUNNING = Duration.ofMillis(10);

    @Override
    public String id() {
        return "N14";
    }

    @Override
    public String name() {
        return "cpu-tenth-" + whom.word();
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        Server victim = bed.targets(whom, choices).get(0);
        AtomicInteger stops = new AtomicInteger();
        Meanwhile starving = Meanwhile.repeat("starve " + victim.id(), () -> stopAndGo(victim, stops));
        return new Strike(
                List.of(victim.id()),
                () -> {
                    starving.end();
                    victim.signal("CONT");
                },
                () -> new Evidence(stops.get() > 5, Map.of("stops", stops.get())));
    }

    private static void stopAndGo(Server victim, AtomicInteger stops) throws Exception {
        victim.signal("STOP");
        stops.incrementAndGet();
        Patience.rest(STOPPED);
        victim.signal("CONT");
        Patience.rest(RUNNING);
    }
}
