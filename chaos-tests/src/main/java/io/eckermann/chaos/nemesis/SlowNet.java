package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.net.Link;
import io.eckermann.chaos.net.Network;
import java.util.List;
import java.util.Optional;

/** N2: packets are late, lost, doubled, out of order or few, between all or on the way to one. */
record SlowNet(Kind kind) implements Nemesis {
    /** What is wrong with the links. */
    enum Kind {
        LATE,
        LOSSY,
        NARROW
    }

    private Link link() {
        return switch (kind) {
            case LATE -> new Link(0, 60, 40, 0, 0, 0);
            case LOSSY -> new Link(8, 5, 4, 5, 1, 0);
            case NARROW -> new Link(0, 1, 0, 0, 0, 200);
        };
    }

    @Override
    public String id() {
        return "N2";
    }

    @Override
    public String name() {
        return "net-" + kind.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public Optional<String> missing(Testbed bed) {
        return kind == Kind.LOSSY && !bed.network().knowsPackets()
                ? Optional.of("a proxy of streams can't lose packets")
                : Optional.empty();
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        Network.Counts before = bed.network().counts();
        boolean everywhere = choices.percent(50);
        int to = everywhere ? Network.ALL : choices.one(bed.servers().all()).number();
        bed.network().link(Network.ALL, to, link());
        List<String> targets = everywhere ? Testbed.ids(bed.servers().all()) : List.of("n" + to);
        return Partition.links(bed.network(), targets, before, false);
    }
}
