package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.net.Link;
import io.eckermann.chaos.net.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
        CLIENTS
    }

    @Override
    public String id() {
        return "N1";
    }

    @Override
    public String name() {
        return "partition-" + shape.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
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
        }
        return links(bed.network(), Testbed.ids(hit), before, true);
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
