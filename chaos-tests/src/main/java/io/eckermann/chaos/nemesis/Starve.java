package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
        return "cpu-tenth-" + whom.word();
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        Server victim = bed.targets(whom, choices).get(0);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger stops = new AtomicInteger();
        Thread thread = new Thread(() -> stopAndGo(victim, over, stops), "starve " + victim.id());
        thread.setDaemon(true);
        thread.start();
        return new Strike(
                List.of(victim.id()),
                () -> {
                    over.set(true);
                    thread.join();
                    victim.signal("CONT");
                },
                () -> new Evidence(stops.get() > 5, Map.of("stops", stops.get())));
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
