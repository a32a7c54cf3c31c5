package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** N4: SIGSTOP for a fifth of a second, of one node after the other: too short for an election, and again and again. */
record Pauses() implements Nemesis {
    private static final Duration STOPPED = Duration.ofMillis(200);
    private static final int RUNNING_MS_MIN = 100;
    private static final int RUNNING_MS_MAX = 400;
    private static final int ENOUGH = 3;

    @Override
    public String id() {
        return "N4";
    }

    @Override
    public String name() {
        return "pauses-short";
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) {
        AtomicInteger seen = new AtomicInteger();
        Meanwhile pauses = Meanwhile.repeat("short pauses", () -> pause(bed, choices, seen));
        return new Strike(
                Testbed.ids(bed.servers().all()),
                pauses::end,
                () -> new Evidence(
                        seen.get() >= ENOUGH && pauses.failure().isEmpty(),
                        Map.of("seen-stopped", seen.get(), "ms", STOPPED.toMillis(), "failure", pauses.failure())));
    }

    private static void pause(Testbed bed, Choices choices, AtomicInteger seen) throws Exception {
        Server victim = choices.one(bed.servers().all());
        victim.signal("STOP");
        try {
            Patience.rest(STOPPED);
            if (victim.processState().equals("T")) {
                seen.incrementAndGet();
            }
        } finally {
            victim.signal("CONT");
        }
        Patience.rest(Duration.ofMillis(choices.between(RUNNING_MS_MIN, RUNNING_MS_MAX)));
    }
}
