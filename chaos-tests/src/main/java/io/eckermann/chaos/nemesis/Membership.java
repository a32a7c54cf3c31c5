package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.cluster.Servers;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import io.eckermann.client.EckermannException;
import io.eckermann.client.EventStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * N15: members come and go by the commands of operators, while clients go on. A node that went is emptied, and comes back
 * as another member. All is as before in the end, but for who the members are.
 */
record Membership(Change change) implements Nemesis {
    private static final Duration REQUEST = Duration.ofSeconds(10);
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration BEFORE_THE_KILL = Duration.ofMillis(400);

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

    /** What was seen of the changes. */
    private record Seen(List<List<String>> members, List<Integer> exits) {
        Evidence evidence() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("members", members);
            facts.put("exit-codes", exits);
            boolean changed = members.stream().distinct().count() > 1;
            return new Evidence(changed && exits.stream().allMatch(code -> code == 0), facts);
        }
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
        Seen seen = new Seen(new ArrayList<>(), new ArrayList<>());
        seen.members().add(servers.memberIds(servers.leaderOrAny()));
        List<Server> hit = new ArrayList<>();
        switch (change) {
            case ADDED, ADDED_WHILE_LEADER_DIES -> {
                hit.add(add(servers, seen));
                return new Strike(Testbed.ids(hit), () -> remove(servers, hit.get(0), seen), seen::evidence);
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

    private Server add(Servers servers, Seen seen) throws Exception {
        Server spare = servers.spare().get(0);
        Server leader = servers.leaderOrAny();
        servers.startSpare(spare);
        String address = servers.grpc(spare.number());
        try (EventStore store = servers.client(1, REQUEST)) {
            Function<EventStore, CompletableFuture<List<String>>> add =
                    each -> each.nodes().add(address, WAIT);
            if (change == Change.ADDED_WHILE_LEADER_DIES) {
                CompletableFuture<?> unused = add.apply(store);
                Patience.rest(BEFORE_THE_KILL);
                leader.kill();
                leader.start();
            }
            seen.members().add(done(store, add));
        }
        servers.joined(spare);
        awaitReady(servers, spare);
        return spare;
    }

    private static void remove(Servers servers, Server server, Seen seen) throws Exception {
        String id = id(servers, server);
        try (EventStore store = servers.client(1, REQUEST)) {
            seen.members().add(done(store, each -> each.nodes().remove(id, "", WAIT)));
        }
        end(servers, server, seen);
    }

    private static Server replace(Servers servers, Server old, Seen seen) throws Exception {
        Server spare = servers.spare().get(0);
        String id = id(servers, old);
        servers.startSpare(spare);
        String address = servers.grpc(spare.number());
        try (EventStore store = servers.client(1, REQUEST)) {
            seen.members().add(done(store, each -> each.nodes().replace(id, address, "", WAIT)));
        }
        servers.joined(spare);
        end(servers, old, seen);
        awaitReady(servers, spare);
        return spare;
    }

    private static String id(Servers servers, Server server) throws Exception {
        List<String> ids = new ArrayList<>();
        Patience.until(PATIENCE, () -> {
            servers.memberIds(servers.leaderOrAny()).stream()
                    .filter(id -> Servers.host(id).equals(server.id()))
                    .forEach(ids::add);
            return !ids.isEmpty();
        });
        if (ids.isEmpty()) {
            throw new IOException(server.id() + " is no member.");
        }
        return ids.get(0);
    }

    /** Asks until it is done, as an operator does: the same command again goes on where the last one ended. */
    private static List<String> done(EventStore store, Function<EventStore, CompletableFuture<List<String>>> command)
            throws Exception {
        List<String> members = new ArrayList<>();
        String[] refusal = {"nothing"};
        Patience.until(PATIENCE, () -> {
            try {
                members.addAll(command.apply(store).join());
            } catch (CompletionException e) {
                refusal[0] = String.valueOf(e.getCause());
                // It was taken out already, and the answer was lost.
                boolean gone = e.getCause() instanceof EckermannException known
                        && known.code().equals("NODE_NOT_FOUND");
                if (gone) {
                    members.add("without it");
                }
            }
            return !members.isEmpty();
        });
        if (members.isEmpty()) {
            throw new IOException("The members did not change: " + refusal[0]);
        }
        return members.stream().sorted().toList();
    }

    /** The removed node hears of it and ends by itself. */
    private static void end(Servers servers, Server server, Seen seen) throws Exception {
        Patience.until(PATIENCE, () -> !server.isAlive());
        seen.exits().add(server.exitCode().orElse(-1));
        server.kill();
        servers.left(server);
    }

    private static void awaitReady(Servers servers, Server server) throws Exception {
        if (!Patience.until(PATIENCE, () -> servers.isReady(server))) {
            throw new IOException(server.id() + " became a member and is not ready.");
        }
    }
}
