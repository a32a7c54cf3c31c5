package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
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
        return "cpu-tenth-" + whom.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public Optional<String> missing(Testbed bed) {
        return Optional.empty();
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        Server victim = bed.targets(whom, choices).get(0);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger stops = new AtomicInteger();
        Thread thread = new Thread(() -> stopAndGo(victim, over, stops), "starve " + victim.id());
        thread.setDaemon(true);
        thread.start();
        return new Strike() {
            @Override
            public String what() {
                return name();
            }

            @Override
            public List<String> targets() {
                return List.of(victim.id());
            }

            @Override
            public void heal() throws Exception {
                over.set(true);
                thread.join();
                victim.signal("CONT");
            }

            @Override
            public Evidence evidence() {
                return new Evidence(stops.get() > 5, Map.of("stops", stops.get()));
            }
        };
    }

    private static void stopAndGo(Server victim, AtomicBoolean over, AtomicInteger stops) {
        try {
            while (!over.get() && victim.isAlive()) {
                victim.signal("STOP");
                stops.incrementAndGet();
                Patience.rest(STOPPED);
                victim.signal("CONT");
                Patience.rest(RUNNING);
            }
        } catch (Exception e) {
            over.set(true); // the node has gone; the evidence says how often it was stopped
        }
    }
}
