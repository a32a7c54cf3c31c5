package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.cluster.Servers;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import io.eckermann.chaos.net.Link;
import io.eckermann.chaos.net.Network;
import io.eckermann.client.EventStore;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

/** N15: members come and go while something else is broken. All is as before in the end, but for who the members are. */
record MembershipFault(Kind kind) implements Nemesis {
    private static final int BEFORE_THE_CUT_MS_MAX = 200;

    /** What changes, and what is broken. */
    enum Kind {
        /** One is added; while it is sent the log, the leader is cut off from everybody. The operator asks again. */
        ADDED_WHILE_LEADER_IS_CUT_OFF,
        /** A follower is removed while it is down; when it is back it must end, and comes in anew, empty. */
        REMOVED_WHILE_DOWN
    }

    @Override
    public String id() {
        return "N15";
    }

    @Override
    public String name() {
        return "member-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public boolean needsSpare() {
        return kind == Kind.ADDED_WHILE_LEADER_IS_CUT_OFF;
    }

    @Override
    public Optional<String> missing(Testbed bed) {
        return needsSpare() && bed.servers().spare().isEmpty()
                ? Optional.of("no spare node was laid out")
                : Optional.empty();
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        return kind == Kind.REMOVED_WHILE_DOWN ? removed(bed, choices) : added(bed, choices);
    }

    private static Strike removed(Testbed bed, Choices choices) throws Exception {
        MemberChange change = MemberChange.begin(bed.servers());
        Server victim = bed.targets(Testbed.Whom.FOLLOWER, choices).get(0);
        victim.kill();
        change.strikeOff(victim);
        return new Strike(
                List.of(victim.id()),
                () -> {
                    victim.start();
                    change.ended(victim);
                    change.add(victim);
                },
                change::evidence);
    }

    private static Strike added(Testbed bed, Choices choices) throws Exception {
        Servers servers = bed.servers();
        MemberChange change = MemberChange.begin(servers);
        Server spare = servers.spare().get(0);
        Server leader = servers.leaderOrAny();
        Network.Counts before = bed.network().counts();
        // Through a follower: who reaches the leader alone would only wait.
        int door = servers.all().indexOf(leader) == 0 ? 2 : 1;
        try (EventStore store = servers.client(door, MemberChange.REQUEST)) {
            Callable<Boolean> underWay = change.beginAdding(spare, leader, store);
            Patience.rest(Duration.ofMillis(choices.below(BEFORE_THE_CUT_MS_MAX)));
            bed.network().link(leader.number(), Network.ALL, Link.CUT);
            bed.network().link(Network.ALL, leader.number(), Link.CUT);
            change.more().put(MemberChange.UNDER_WAY, underWay.call());
            change.done(store, each -> each.nodes().add(servers.grpc(spare.number()), MemberChange.WAIT));
        }
        change.joined(spare);
        return new Strike(
                List.of(leader.id(), spare.id()),
                () -> {
                    bed.network().heal();
                    change.remove(spare);
                },
                () -> {
                    long lost = bed.network().counts().since(before).lost();
                    change.more().put("lost", lost);
                    Evidence changed = change.evidence();
                    return new Evidence(changed.proven() && lost > 0, changed.facts());
                });
    }
}
