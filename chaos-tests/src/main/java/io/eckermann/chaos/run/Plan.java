package io.eckermann.chaos.run;

import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.nemesis.Nemeses;
import io.eckermann.chaos.nemesis.Nemesis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run does, known before it begins.
 *
 * @param name of the kind of run
 * @param seed from which all choices come
 * @param faults names of nemeses, in order
 * @param hold how long each fault lasts
 * @param gap how long all is well between two
 * @param pause how long each client thread rests between two calls
 */
public record Plan(
        String name, long seed, int nodes, List<String> faults, Duration hold, Duration gap, Duration pause) {
    /** In this order, because a run of four minutes should say the same every time. */
    private static final List<String> SMOKE = List.of(
            "net-lossy",
            "partition-leader-and-clients",
            "kill-leader",
            "pause-leader",
            "power-cut-leader",
            "clock-forward-30s",
            "slow-disk-200ms-leader",
            "fsync-eio-once",
            "power-cut-at-raft-meta",
            "power-cut-all");

    private static final List<String> SHORT = List.of("partition-leader-and-clients", "kill-leader", "power-cut-all");

    /** What a fault of a full run takes on a small machine, until all is well again. */
    private static final long FAULT_S = 18;

    /** A long run meets these so often more than others. */
    private static final int WHOLE_CUTS = 20;

    public static Plan smoke(long seed) {
        return new Plan("smoke", seed, 3, SMOKE, Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofMillis(8));
    }

    /** Fits into a build. */
    public static Plan brief(long seed) {
        return new Plan("brief", seed, 3, SHORT, Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofMillis(8));
    }

    /** Every fault once, then twenty cuts of all power among others, in an order of the seed. */
    public static Plan full(long seed, int nodes) {
        Choices choices = Choices.of(seed, "plan");
        List<String> faults = new ArrayList<>();
        List<String> left =
                new ArrayList<>(Nemeses.all().stream().map(Nemesis::name).toList());
        while (!left.isEmpty()) {
            faults.add(left.remove(choices.below(left.size())));
        }
        for (int i = 0; i < WHOLE_CUTS; i++) {
            faults.add("power-cut-all");
            faults.add(choices.one(Nemeses.all()).name());
        }
        return new Plan(
                "full", seed, nodes, faults, Duration.ofSeconds(10), Duration.ofSeconds(4), Duration.ofMillis(8));
    }

    /** Some minutes of faults drawn by lot. */
    public static Plan episode(long seed, int nodes) {
        Choices choices = Choices.of(seed, "plan");
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            faults.add(choices.one(Nemeses.all()).name());
        }
        return new Plan(
                "soak", seed, nodes, faults, Duration.ofSeconds(8), Duration.ofSeconds(3), Duration.ofMillis(8));
    }

    /** The same with other faults. */
    public Plan withFaults(List<String> names) {
        return new Plan(name, seed, nodes, List.copyOf(names), hold, gap, pause);
    }

    /** The first of its faults only, as many as fit into the time, more or less. */
    public Plan within(Duration time) {
        long count = time.toSeconds() / FAULT_S;
        return withFaults(faults.subList(0, (int) Math.min(faults.size(), Math.max(1, count))));
    }

    public Plan withHold(Duration time) {
        return new Plan(name, seed, nodes, faults, time, gap, pause);
    }

    /** How many nodes are laid out beside those that found the cluster: as many as its faults need. */
    public int spares() {
        return faults.stream().anyMatch(fault -> Nemeses.named(fault).needsSpare()) ? 1 : 0;
    }

    /** How long it may take at most; then it is ended by force. */
    public Duration limit() {
        return hold.plus(gap).plusSeconds(60).multipliedBy(faults.size()).plusSeconds(180);
    }
}
