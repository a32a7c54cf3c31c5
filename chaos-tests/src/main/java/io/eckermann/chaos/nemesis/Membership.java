package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.cluster.Servers;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import io.eckermann.client.EventStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * N15: members come and go by the commands of operators, while clients go on. A node that went is emptied, and comes back
 * as another member. All is as before in the end, but for who the members are.
 */
record Membership(Change change) implements Nemesis {
    private static final int BEFORE_THE_KILL_MS_MAX = 200;

    /** Who comes and who goes. */
    enum Change {
        /** One comes, and goes again when the fault ends. */
        ADDED,
        /** The same, and the leader is killed while it is sent the log. */
        ADDED_WHILE_LEADER_DIES,
        /** One comes in the leader's place. */
        REPLACES_LEADER,
        /** One after the other, until none is left that was there before. */
        ALL_REPLACED
    }

    @Override
    public String id() {
        return "N15";
    }

    @Override
    public String name() {
        return "member-" + change.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public boolean needsSpare() {
        return true;
    }

    @Override
    public Optional<String> missing(Testbed bed) {
        return bed.servers().spare().isEmpty() ? Optional.of("no spare node was laid out") : Optional.empty();
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        Servers servers = bed.servers();
        MemberChange seen = MemberChange.begin(servers);
        List<Server> hit = new ArrayList<>();
        switch (change) {
            case ADDED, ADDED_WHILE_LEADER_DIES -> {
                hit.add(change == Change.ADDED ? add(servers, seen) : addWithoutLeader(servers, choices, seen));
                return new Strike(Testbed.ids(hit), () -> seen.remove(hit.get(0)), seen::evidence);
            }
            case REPLACES_LEADER -> hit.add(replace(servers, servers.leaderOrAny(), seen));
            case ALL_REPLACED -> {
                for (Server old : servers.all()) {
                    hit.add(replace(servers, old, seen));
                }
            }
        }
        return new Strike(Testbed.ids(hit), () -> {}, seen::evidence);
    }

    private static Server add(Servers servers, MemberChange seen) throws Exception {
        Server spare = servers.spare().get(0);
        seen.add(spare);
        return spare;
    }

    private static Server addWithoutLeader(Servers servers, Choices choices, MemberChange seen) throws Exception {
        Server spare = servers.spare().get(0);
        Server leader = servers.leaderOrAny();
        try (EventStore store = servers.client(1, MemberChange.REQUEST)) {
            Callable<Boolean> underWay = seen.beginAdding(spare, leader, store);
            Patience.rest(Duration.ofMillis(choices.below(BEFORE_THE_KILL_MS_MAX)));
            seen.more().put(MemberChange.UNDER_WAY, underWay.call());
            leader.kill();
            leader.start();
            seen.done(store, each -> each.nodes().add(servers.grpc(spare.number()), MemberChange.WAIT));
        }
        seen.joined(spare);
        return spare;
    }

    private static Server replace(Servers servers, Server old, MemberChange seen) throws Exception {
        Server spare = servers.spare().get(0);
        String id = seen.id(old);
        servers.startSpare(spare);
        String address = servers.grpc(spare.number());
        try (EventStore store = servers.client(1, MemberChange.REQUEST)) {
            seen.done(store, each -> each.nodes().replace(id, address, "", MemberChange.WAIT));
        }
        servers.joined(spare);
        seen.ended(old);
        seen.awaitReady(spare);
        return spare;
    }
}
