package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.shim.Shim;
import io.eckermann.chaos.shim.Shim.Slot;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Faults of the preloaded library: N10 fsync is slow or hangs, N12 a write is torn and the process dies, N13 the clock is
 * wrong. Each has a count that shows that the node met it.
 */
record ShimFault(String id, String name, Testbed.Whom whom, Map<Slot, Long> settings, Slot count) implements Nemesis {
    /** So long, and no longer, a disk may take before it is taken for a dead one. */
    private static final Duration HUNG = Duration.ofSeconds(10);

    static ShimFault fsyncSlow(long ms, Testbed.Whom whom) {
        return new ShimFault(
                "N10",
                "slow-disk-" + ms + "ms-" + whom.word(),
                whom,
                Map.of(Slot.FSYNC_DELAY_MS, ms),
                Slot.FSYNCS_DELAYED);
    }

    /** Whoever has something fsynced waits until it is healed. */
    static ShimFault fsyncHangs(Testbed.Whom whom) {
        return new ShimFault("N10", "hung-disk-" + whom.word(), whom, Map.of(Slot.FSYNC_HANGS, 1L), Slot.FSYNCS_HUNG);
    }

    static ShimFault tornWrite(Testbed.Whom whom) {
        return new ShimFault("N12", "torn-write", whom, Map.of(Slot.TEAR_NEXT_WRITE, 1L), Slot.WRITES_TORN);
    }

    static ShimFault clock(String name, long offsetSeconds, long ppm, Testbed.Whom whom) {
        return new ShimFault(
                "N13",
                "clock-" + name,
                whom,
                Map.of(
                        Slot.CLOCK_RATE_SINCE_NS,
                        System.nanoTime(),
                        Slot.CLOCK_RATE_PPM,
                        ppm,
                        Slot.CLOCK_OFFSET_NS,
                        offsetSeconds * 1_000_000_000L),
                Slot.CLOCK_READS);
    }

    @Override
    public Optional<String> missing(Testbed bed) {
        return bed.withoutShim();
    }

    @Override
    public Duration hold(Duration usual) {
        return settings.containsKey(Slot.FSYNC_HANGS) ? HUNG : usual;
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        List<Server> victims = bed.targets(whom, choices);
        long[] before = victims.stream()
                .mapToLong(victim -> victim.needShim().value(count))
                .toArray();
        for (Server victim : victims) {
            Shim shim = victim.needShim();
            settings.forEach(
                    (slot, value) -> shim.set(slot, slot == Slot.CLOCK_RATE_SINCE_NS ? System.nanoTime() : value));
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        boolean[] proven = {true};
        return new Strike(
                Testbed.ids(victims),
                () -> {
                    for (int i = 0; i < victims.size(); i++) {
                        proven[0] &= heal(victims.get(i), before[i], facts);
                    }
                },
                () -> new Evidence(proven[0], facts));
    }

    /** Whether the node met the fault. */
    private boolean heal(Server victim, long before, Map<String, Object> facts) throws Exception {
        long met = victim.needShim().value(count) - before;
        facts.put(victim.id(), count.name().toLowerCase(Locale.ROOT) + " " + met);
        victim.exitCode().ifPresent(code -> facts.put(victim.id() + "-exit", code));
        settings.keySet().forEach(slot -> victim.needShim().set(slot, 0));
        if (!victim.isAlive()) {
            victim.needShim().clear();
            victim.start();
        }
        return met > 0;
    }
}
