package io.eckermann.chaos.run;

import io.eckermann.chaos.gen.Choices;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pairs of kinds of faults that overlap in a soak, dealt out so that each comes before any comes twice. For every kind
 * stand faults that leave something for another one: none hits all nodes, or most of them, but N6 and N7, which are of two nodes.
 *
 * <p>Two kinds don't go together when one could not show itself, or not end, because of the other: see {@link #objection}.
 */
final class Pairs {
    /** What a kind needs of the cluster to begin, and to show that it happened. */
    private enum Needs {
        NOTHING,
        /** A majority that takes appends. */
        MAJORITY,
        /** Every node. */
        ALL
    }

    /**
     * A kind of fault.
     *
     * @param away so many nodes take no part while it lasts
     * @param firstAway so many nodes it takes away itself before it needs the others
     * @param faults that stand for it
     */
    private record Kind(String id, int away, int firstAway, Needs needs, List<String> faults) {
        boolean setsLinks() {
            return id.equals("N1") || id.equals("N2");
        }

        boolean isOverAtOnce() {
            return id.equals("N17");
        }
    }

    private static final List<Kind> KINDS = List.of(
            kind("N1", 1, 0, Needs.MAJORITY, "partition-leader", "partition-one-way", "partition-leader-and-clients"),
            kind("N2", 0, 0, Needs.MAJORITY, "net-late", "net-lossy"),
            kind("N3", 1, 0, Needs.NOTHING, "kill-leader", "kill-follower"),
            kind("N4", 1, 0, Needs.NOTHING, "pause-leader", "pause-follower"),
            kind("N5", 1, 0, Needs.NOTHING, "power-cut-leader", "power-cut-follower"),
            kind("N6", 2, 0, Needs.NOTHING, "power-cut-leader-and-pause"),
            kind("N7", 2, 1, Needs.MAJORITY, "power-cut-at-raft-meta"),
            // Who has no room takes no appends.
            kind("N8", 1, 0, Needs.NOTHING, "disk-full-follower"),
            kind("N9", 1, 0, Needs.MAJORITY, "fsync-eio-once", "fsync-eio-always"),
            // Of the leader, as N7 forgets what the library counted on a follower.
            kind("N10", 0, 0, Needs.MAJORITY, "slow-disk-200ms-leader"),
            kind("N11", 1, 0, Needs.NOTHING, "bit-flip-log", "bit-flip-meta", "bit-flip-table", "bit-flip-manifest"),
            kind("N12", 1, 0, Needs.MAJORITY, "torn-write"),
            kind("N13", 0, 0, Needs.NOTHING, "clock-forward-30s", "clock-back-30s", "clock-fast-5-percent"),
            kind("N14", 0, 0, Needs.NOTHING, "cpu-tenth-follower", "memory-half-follower"),
            kind("N15", 0, 0, Needs.MAJORITY, "member-added"),
            kind("N16", 1, 1, Needs.MAJORITY, "snapshot-install"),
            kind("N17", 0, 0, Needs.ALL, "rolling-restart"),
            kind("N18", 0, 0, Needs.ALL, "bad-clients"));

    private static Kind kind(String id, int away, int firstAway, Needs needs, String... faults) {
        return new Kind(id, away, firstAway, needs, List.of(faults));
    }

    private final long seed;
    private final int nodes;
    private final List<String> left = new ArrayList<>();
    private int round;

    Pairs(long seed, int nodes) {
        this.seed = seed;
        this.nodes = nodes;
    }

    /** The next ones, as a plan has them. */
    List<String> next(int count) {
        List<String> dealt = new ArrayList<>();
        while (dealt.size() < count) {
            if (left.isEmpty()) {
                left.addAll(shuffled(Choices.of(seed, "pairs " + round++)));
            }
            dealt.add(left.remove(left.size() - 1));
        }
        return dealt;
    }

    private List<String> shuffled(Choices choices) {
        List<String> ordered = new ArrayList<>();
        for (int one = 0; one < KINDS.size(); one++) {
            for (int other = one + 1; other < KINDS.size(); other++) {
                List<List<Kind>> orders = orders(KINDS.get(one), KINDS.get(other), nodes);
                if (!orders.isEmpty()) {
                    List<Kind> order = choices.one(orders);
                    ordered.add(choices.one(order.get(0).faults()) + "+"
                            + choices.one(order.get(1).faults()));
                }
            }
        }
        List<String> shuffled = new ArrayList<>();
        while (!ordered.isEmpty()) {
            shuffled.add(ordered.remove(choices.below(ordered.size())));
        }
        return shuffled;
    }

    private static List<List<Kind>> orders(Kind one, Kind other, int nodes) {
        List<List<Kind>> orders = new ArrayList<>();
        if (objection(one, other, nodes).isEmpty()) {
            orders.add(List.of(one, other));
        }
        if (objection(other, one, nodes).isEmpty()) {
            orders.add(List.of(other, one));
        }
        return orders;
    }

    /** Why one can't begin while the other one holds; empty when it can. */
    private static Optional<String> objection(Kind first, Kind second, int nodes) {
        if (first.setsLinks() && second.setsLinks()) {
            return Optional.of("a link is in one state at a time");
        }
        if (first.isOverAtOnce()) {
            return Optional.of(first.id() + " is over as soon as it has begun");
        }
        if (second.needs() == Needs.ALL && first.away() > 0) {
            return Optional.of(second.id() + " needs every node");
        }
        int majority = nodes / 2 + 1;
        if (second.needs() == Needs.MAJORITY && nodes - first.away() - second.firstAway() < majority) {
            return Optional.of(second.id() + " needs a majority of " + nodes);
        }
        return Optional.empty();
    }

    /** The pairs that never come on so many nodes, and why, e.g. {@code N1+N2}. */
    static Map<String, String> leftOut(int nodes) {
        Map<String, String> leftOut = new LinkedHashMap<>();
        for (int one = 0; one < KINDS.size(); one++) {
            for (int other = one + 1; other < KINDS.size(); other++) {
                Kind a = KINDS.get(one);
                Kind b = KINDS.get(other);
                if (orders(a, b, nodes).isEmpty()) {
                    leftOut.put(
                            a.id() + "+" + b.id(),
                            objection(a, b, nodes)
                                    .or(() -> objection(b, a, nodes))
                                    .orElse(""));
                }
            }
        }
        return leftOut;
    }
}
