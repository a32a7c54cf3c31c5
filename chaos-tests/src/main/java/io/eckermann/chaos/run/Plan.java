package io.eckermann.chaos.run;

import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.nemesis.Nemeses;
import io.eckermann.chaos.nemesis.Nemesis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a run does, known before it begins: first cuts at raft-meta on disks of their own and flips of bits, then faults of
 * a cluster. Without faults there is no cluster.
 *
 * @param name of the kind of run
 * @param seed from which all choices come
 * @param metaCuts so many cuts of power are aimed at raft-meta, on all filesystems together
 * @param flips so many bits are flipped, one at a time, in what a node holds
 * @param faults names of nemeses, in order; {@code a+b} are two, of which the second begins while the first holds
 * @param hold how long each fault lasts
 * @param gap how long all is well between two
 * @param goals what its figures must come to for the run to be green
 */
public record Plan(
        String name,
        long seed,
        int nodes,
        int metaCuts,
        int flips,
        List<String> faults,
        Duration hold,
        Duration gap,
        List<Goal> goals) {
    /** How long each client thread rests between two calls. */
    static final Duration PAUSE = Duration.ofMillis(8);

    /** In this order, because a run of four minutes should say the same every time. */
    private static final List<String> SMOKE = List.of(
            "partition-leader-and-clients",
            "kill-leader",
            "power-cut-leader",
            "member-added",
            "snapshot-install",
            "fsync-eio-once",
            "rolling-restart",
            "tables-lost-and-rebuilt",
            "power-cut-at-raft-meta",
            "power-cut-all");

    private static final List<String> SHORT = List.of("partition-leader-and-clients", "kill-leader", "power-cut-all");

    private static final String WHOLE_CUT = "power-cut-all";
    /** A full run meets these so often more than others; two may fail to prove themselves. */
    private static final int WHOLE_CUTS = 22;

    private static final String SLOW_FOLLOWER = "slow-disk-80ms-follower";
    /** A 99th percentile needs many calls. */
    private static final int SLOW_FOLLOWERS = 3;

    private static final int META_CUTS = 210;

    private static final int FLIPS = 1_000;

    private static final Goal LEADER_LOST = new Goal("leader-lost-ms", 5_000);
    private static final Goal WHOLE_CUTS_PROVEN = new Goal("whole-cuts", 20);
    private static final Goal META_CUTS_PROVEN = new Goal("raft-meta-cuts", 200);
    private static final Goal FLIPS_HELD = new Goal("flips", FLIPS);
    private static final List<Goal> OF_FAULTS =
            List.of(new Goal("fault-kinds", 18), LEADER_LOST, new Goal("slow-follower-p99-percent", 200));

    /** What starting, draining, and the way back from a fault take on a small machine. */
    private static final Duration BESIDE = Duration.ofSeconds(90);

    private static final Duration BACK = Duration.ofSeconds(9);
    private static final Duration META_CUT = Duration.ofMillis(900);
    private static final Duration FLIP = Duration.ofMillis(200);

    public static Plan smoke(long seed) {
        List<Goal> goals = List.of(new Goal("calls", 25_000), LEADER_LOST);
        return new Plan("smoke", seed, 3, 0, 0, SMOKE, Duration.ofSeconds(5), Duration.ofSeconds(2), goals);
    }

    /** Fits into a build. */
    public static Plan brief(long seed) {
        return new Plan("brief", seed, 3, 0, 0, SHORT, Duration.ofSeconds(2), Duration.ofSeconds(1), List.of());
    }

    /** Everything: cuts at raft-meta, flips of bits, every fault, and twenty cuts of all power among them. */
    public static Plan full(long seed, int nodes) {
        List<Goal> goals = new ArrayList<>(List.of(new Goal("acked-events", 100_000), new Goal("calls", 100_000)));
        goals.add(WHOLE_CUTS_PROVEN);
        goals.addAll(OF_FAULTS);
        goals.add(META_CUTS_PROVEN);
        goals.add(FLIPS_HELD);
        return full("full", seed, nodes, META_CUTS, FLIPS, mixed(everyFault(seed)), goals);
    }

    /** A part of the full run: what of it concerns raft-meta. */
    public static Plan fullRaftMeta(long seed) {
        return full("full-raft-meta", seed, 1, META_CUTS, 0, List.of(), List.of(META_CUTS_PROVEN));
    }

    /** A part of the full run: the flips of bits. */
    public static Plan fullFlips(long seed) {
        return full("full-flips", seed, 1, 0, FLIPS, List.of(), List.of(FLIPS_HELD));
    }

    /** A part of the full run: every fault. */
    public static Plan fullFaults(long seed, int nodes) {
        return full("full-faults", seed, nodes, 0, 0, everyFault(seed), OF_FAULTS);
    }

    /** A part of the full run: the cuts of all power. */
    public static Plan fullCuts(long seed, int nodes) {
        return full("full-cuts", seed, nodes, 0, 0, mixed(List.of()), List.of(WHOLE_CUTS_PROVEN));
    }

    private static Plan full(
            String name, long seed, int nodes, int metaCuts, int flips, List<String> faults, List<Goal> goals) {
        return new Plan(
                name, seed, nodes, metaCuts, flips, faults, Duration.ofSeconds(8), Duration.ofSeconds(3), goals);
    }

    /** Every fault once, in an order of the seed, and that with a figure of its own more often. */
    private static List<String> everyFault(long seed) {
        Choices choices = Choices.of(seed, "plan");
        List<String> left =
                new ArrayList<>(Nemeses.all().stream().map(Nemesis::name).toList());
        for (int i = 1; i < SLOW_FOLLOWERS; i++) {
            left.add(SLOW_FOLLOWER);
        }
        List<String> faults = new ArrayList<>();
        while (!left.isEmpty()) {
            faults.add(left.remove(choices.below(left.size())));
        }
        return faults;
    }

    /** With the cuts of all power spread among them. */
    private static List<String> mixed(List<String> faults) {
        List<String> mixed = new ArrayList<>();
        int done = 0;
        for (int cut = 1; cut <= WHOLE_CUTS; cut++) {
            int until = faults.size() * cut / WHOLE_CUTS;
            mixed.addAll(faults.subList(done, until));
            mixed.add(WHOLE_CUT);
            done = until;
        }
        return mixed;
    }

    /** Some minutes of faults drawn by lot, and with pairs of them in between. */
    static Plan episode(long seed, int nodes, List<String> pairs) {
        Choices choices = Choices.of(seed, "plan");
        List<String> faults = new ArrayList<>();
        for (String pair : pairs) {
            faults.add(choices.one(Nemeses.all()).name());
            faults.add(pair);
        }
        return new Plan("soak", seed, nodes, 0, 0, faults, Duration.ofSeconds(8), Duration.ofSeconds(3), List.of());
    }

    /** The same with other faults, and nothing that it must come to. */
    public Plan withFaults(List<String> names) {
        return new Plan(name, seed, nodes, metaCuts, flips, List.copyOf(names), hold, gap, List.of());
    }

    /** The first of its faults only, as many as fit into the time, more or less. */
    public Plan within(Duration time) {
        Plan plan = this;
        while (plan.faults.size() > 1 && plan.estimate().compareTo(time) > 0) {
            plan = plan.withFaults(plan.faults.subList(0, plan.faults.size() - 1));
        }
        return plan;
    }

    public Plan withHold(Duration time) {
        return new Plan(name, seed, nodes, metaCuts, flips, faults, time, gap, goals);
    }

    /** The same on so many nodes. */
    public Plan withNodes(int count) {
        return new Plan(name, seed, count, metaCuts, flips, faults, hold, gap, goals);
    }

    /** The same with the upgrade of an earlier build before all else, so that all else is tried on the present one. */
    public Plan upgradedFirst() {
        List<String> order = new ArrayList<>(List.of(Nemeses.ROLLING_UPGRADE));
        faults.stream().filter(fault -> !fault.equals(Nemeses.ROLLING_UPGRADE)).forEach(order::add);
        return new Plan(name, seed, nodes, metaCuts, flips, order, hold, gap, goals);
    }

    public boolean hasCluster() {
        return !faults.isEmpty() || metaCuts + flips == 0;
    }

    /** The names of one fault of a plan: of two, which overlap, when it is written {@code a+b}. */
    static List<String> parts(String fault) {
        List<String> parts = List.of(fault.split("\\+", -1));
        if (parts.size() > 2) {
            throw new IllegalArgumentException("Two faults overlap at most, and '" + fault + "' is more: write a+b");
        }
        return parts;
    }

    private Stream<Nemesis> nemeses() {
        return faults.stream().flatMap(fault -> parts(fault).stream()).map(Nemeses::named);
    }

    /** How many nodes are laid out beside those that found the cluster: as many as its faults need. */
    public int spares() {
        return nemeses().anyMatch(Nemesis::needsSpare) ? 1 : 0;
    }

    /** About how long it takes on a small machine that does nothing else. */
    public Duration estimate() {
        Duration estimate =
                META_CUT.multipliedBy(metaCuts).plus(FLIP.multipliedBy(flips)).plus(BESIDE);
        for (Nemesis nemesis : nemeses().toList()) {
            estimate = estimate.plus(lasts(nemesis)).plus(gap).plus(BACK);
        }
        return estimate;
    }

    private Duration lasts(Nemesis nemesis) {
        return nemesis.lasts(hold, nodes);
    }

    /** How long it may take at most; then it is ended by force. */
    public Duration limit() {
        Duration limit = META_CUT.multipliedBy(5L * metaCuts)
                .plus(FLIP.multipliedBy(10L * flips))
                .plusSeconds(180);
        for (Nemesis nemesis : nemeses().toList()) {
            Duration lasts = lasts(nemesis);
            limit = limit.plus(lasts.compareTo(hold) > 0 ? lasts : hold)
                    .plus(gap)
                    .plusSeconds(60);
        }
        return limit;
    }
}
