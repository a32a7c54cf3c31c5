package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.net.Link;
import io.eckermann.chaos.net.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** N1: some hosts don't hear each other. */
record Partition(Shape shape) implements Nemesis {
    /** Who is apart from whom. */
    enum Shape {
        /** The leader from the other nodes; clients reach everybody. */
        LEADER,
        /** The leader from everybody. */
        LEADER_AND_CLIENTS,
        /** A follower is heard by all and hears nobody. */
        ONE_WAY,
        /** Two nodes from each other; the third one is the bridge. */
        BRIDGE,
        /** The clients from the leader. */
        CLIENTS,
        /** So many from the others that these are just a majority; the leader is on either side. */
        HALVES,
        /** Each hears its neighbours on a ring: a majority with itself, of others than those of any other. */
        RING
    }

    /** With fewer, neighbours on a ring are all that there are. */
    private static final int RING_MIN = 5;

    @Override
    public String id() {
        return "N1";
    }

    @Override
    public String name() {
        return "partition-" + shape.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    @Override
    public Optional<String> missing(Testbed bed) {
        return shape == Shape.RING && bed.servers().all().size() < RING_MIN
                ? Optional.of("a ring in which every node hears another majority needs " + RING_MIN
                        + " nodes; of three it is partition-bridge")
                : Optional.empty();
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        Server leader = bed.servers().leaderOrAny();
        Network.Counts before = bed.network().counts();
        List<Server> others = new ArrayList<>(bed.servers().all());
        others.remove(leader);
        List<Server> hit = new ArrayList<>(List.of(leader));
        switch (shape) {
            case LEADER -> apart(bed, leader, others);
            case LEADER_AND_CLIENTS -> {
                apart(bed, leader, others);
                both(bed, leader.number(), 0);
            }
            case ONE_WAY -> {
                Server deaf = choices.one(others);
                hit = List.of(deaf);
                for (Server other : bed.servers().all()) {
                    if (other != deaf) {
                        bed.network().link(other.number(), deaf.number(), Link.CUT);
                    }
                }
            }
            case BRIDGE -> {
                Server other = choices.one(others);
                hit.add(other);
                both(bed, leader.number(), other.number());
            }
            case CLIENTS -> both(bed, leader.number(), 0);
            case HALVES -> hit = halves(bed, leader, others, choices);
            case RING -> hit = ring(bed, choices);
        }
        return links(bed.network(), Testbed.ids(hit), before, true);
    }

    /** The smaller side, of an order that is drawn by lot, with the leader or without. */
    private static List<Server> halves(Testbed bed, Server leader, List<Server> others, Choices choices)
            throws Exception {
        List<Server> many = choices.shuffled(others);
        List<Server> few = new ArrayList<>();
        boolean leaderWithFew = choices.percent(50);
        if (leaderWithFew) {
            few.add(leader);
        } else {
            many.add(leader);
        }
        for (int missing = others.size() + 1 - bed.servers().majority() - few.size(); missing > 0; missing--) {
            few.add(many.remove(0));
        }
        for (Server one : few) {
            apart(bed, one, many);
        }
        return few;
    }

    /** Everybody, in an order that is drawn by lot. */
    private static List<Server> ring(Testbed bed, Choices choices) throws Exception {
        List<Server> around = choices.shuffled(bed.servers().all());
        for (List<Server> pair : farApart(around)) {
            both(bed, pair.get(0).number(), pair.get(1).number());
        }
        return around;
    }

    /** The pairs of those on a ring that are too far from each other to be of one's majority. */
    static <T> List<List<T>> farApart(List<T> around) {
        int size = around.size();
        int majority = size / 2 + 1;
        int near = majority / 2;
        List<List<T>> pairs = new ArrayList<>();
        for (int one = 0; one < size; one++) {
            for (int other = one + near + 1; other < size && size - (other - one) > near; other++) {
                pairs.add(List.of(around.get(one), around.get(other)));
            }
        }
        return pairs;
    }

    private static void apart(Testbed bed, Server one, List<Server> others) throws Exception {
        for (Server other : others) {
            both(bed, one.number(), other.number());
        }
    }

    private static void both(Testbed bed, int one, int other) throws Exception {
        bed.network().link(one, other, Link.CUT);
        bed.network().link(other, one, Link.CUT);
    }

    /** Links that are not good, until they are healed. */
    static Strike links(Network network, List<String> targets, Network.Counts before, boolean mustLose) {
        return new Strike(targets, network::heal, () -> {
            Network.Counts counts = network.counts().since(before);
            boolean proven = mustLose ? counts.lost() > 0 : counts.delayed() + counts.lost() + counts.corrupted() > 0;
            return new Evidence(
                    proven,
                    Map.of(
                            "carried", counts.carried(),
                            "lost", counts.lost(),
                            "delayed", counts.delayed(),
                            "doubled", counts.doubled(),
                            "corrupted", counts.corrupted()));
        });
    }
}
