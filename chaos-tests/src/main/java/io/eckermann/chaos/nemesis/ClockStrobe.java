package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import io.eckermann.chaos.shim.Shim;
import io.eckermann.chaos.shim.Shim.Slot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * N13: a node's clock is ahead and behind in turn, several times a second.
 *
 * @param offset by how much; one that is below what nodes allow ({@code clock.max-offset}) goes unnoticed by them
 */
record ClockStrobe(Duration offset, Testbed.Whom whom) implements Nemesis {
    private static final Duration EVERY = Duration.ofMillis(200);
    private static final int ENOUGH = 4;

    @Override
    public String id() {
        return "N13";
    }

    @Override
    public String name() {
        return "clock-strobe-" + offset.toSeconds() + "s";
    }

    @Override
    public Optional<String> missing(Testbed bed) {
        return bed.withoutShim();
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        Server victim = bed.targets(whom, choices).get(0);
        Shim shim = victim.needShim();
        long before = shim.value(Slot.CLOCK_READS);
        AtomicInteger flips = new AtomicInteger();
        Meanwhile strobe = Meanwhile.repeat("clock of " + victim.id(), () -> {
            long sign = flips.getAndIncrement() % 2 == 0 ? 1 : -1;
            shim.set(Slot.CLOCK_OFFSET_NS, sign * offset.toNanos());
            Patience.rest(EVERY);
        });
        long[] reads = {0};
        return new Strike(
                List.of(victim.id()),
                () -> {
                    strobe.end();
                    shim.set(Slot.CLOCK_OFFSET_NS, 0);
                    reads[0] = shim.value(Slot.CLOCK_READS) - before;
                },
                () -> new Evidence(
                        flips.get() >= ENOUGH && reads[0] > flips.get(),
                        Map.of("flips", flips.get(), "clock_reads", reads[0])));
    }
}
