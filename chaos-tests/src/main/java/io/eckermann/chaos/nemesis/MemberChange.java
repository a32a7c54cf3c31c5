package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.cluster.Servers;
import io.eckermann.chaos.host.Patience;
import io.eckermann.client.EckermannException;
import io.eckermann.client.EventStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * Members come and go by the commands of operators, and what was seen of it.
 *
 * @param members lists of them, one behind each change
 * @param exits codes with which nodes ended that were removed
 * @param more what else was seen
 */
record MemberChange(Servers servers, List<List<String>> members, List<Integer> exits, Map<String, Object> more) {
    static final Duration REQUEST = Duration.ofSeconds(10);
    /** How much longer than that a change may take. */
    static final Duration WAIT = Duration.ofSeconds(30);

    /** The name of what says whether a change was under way when something else broke. */
    static final String UNDER_WAY = "under-way";

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    // What nodes say in their logs.
    private static final String WAITS = "This node waits to be added";
    private static final String BEGUN = "Members are to change";
    private static final String DONE = "The members are [";

    /** Nothing has changed yet. */
    static MemberChange begin(Servers servers) throws Exception {
        MemberChange change = new MemberChange(servers, new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>());
        change.members.add(servers.memberIds(servers.leaderOrAny()));
        return change;
    }

    Evidence evidence() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("members", members);
        facts.put("exit-codes", exits);
        facts.putAll(more);
        // Nothing but what was begun and not done can be broken off.
        boolean meanwhile = !Boolean.FALSE.equals(more.get(UNDER_WAY));
        boolean changed = members.stream().distinct().count() > 1;
        return new Evidence(changed && meanwhile && exits.stream().allMatch(code -> code == 0), facts);
    }

    /** A spare node is started and added. */
    void add(Server spare) throws Exception {
        servers.startSpare(spare);
        String address = servers.grpc(spare.number());
        try (EventStore store = servers.client(1, REQUEST)) {
            done(store, each -> each.nodes().add(address, WAIT));
        }
        joined(spare);
    }

    /**
     * A spare node is started, and the members asked to take it in. Returns when the leader has begun with that; what it
     * returns says whether the leader is not done yet.
     */
    Callable<Boolean> beginAdding(Server spare, Server leader, EventStore store) throws Exception {
        long waited = spare.linesWith(WAITS);
        servers.startSpare(spare);
        Patience.until(PATIENCE, () -> spare.linesWith(WAITS) > waited);
        long begun = leader.linesWith(BEGUN);
        long done = leader.linesWith(DONE);
        CompletableFuture<?> unused = store.nodes().add(servers.grpc(spare.number()), WAIT);
        Patience.until(WAIT, () -> leader.linesWith(BEGUN) > begun);
        return () -> leader.linesWith(BEGUN) > begun && leader.linesWith(DONE) == done;
    }

    /** A node is removed and ends. */
    void remove(Server server) throws Exception {
        strikeOff(server);
        ended(server);
    }

    /** A node, which need not run, is taken from the members. */
    void strikeOff(Server server) throws Exception {
        String id = id(server);
        try (EventStore store = servers.client(1, REQUEST)) {
            done(store, each -> each.nodes().remove(id, "", WAIT));
        }
    }

    /** The id under which a node is a member. */
    String id(Server server) throws Exception {
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
    void done(EventStore store, Function<EventStore, CompletableFuture<List<String>>> command) throws Exception {
        List<String> now = new ArrayList<>();
        String[] refusal = {"nothing"};
        Patience.until(PATIENCE, () -> {
            try {
                now.addAll(command.apply(store).join());
            } catch (CompletionException e) {
                refusal[0] = String.valueOf(e.getCause());
                // It was taken out already, and the answer was lost.
                boolean gone = e.getCause() instanceof EckermannException known
                        && known.code().equals("NODE_NOT_FOUND");
                if (gone) {
                    now.add("without it");
                }
            }
            return !now.isEmpty();
        });
        if (now.isEmpty()) {
            throw new IOException("The members did not change: " + refusal[0]);
        }
        members.add(now.stream().sorted().toList());
    }

    /** A removed node hears of it and ends by itself. */
    void ended(Server server) throws Exception {
        Patience.until(PATIENCE, () -> !server.isAlive());
        exits.add(server.exitCode().orElse(-1));
        server.kill();
        servers.left(server);
    }

    /** A node is a member, and gets ready. */
    void joined(Server server) throws Exception {
        servers.joined(server);
        awaitReady(server);
    }

    void awaitReady(Server server) throws Exception {
        if (!Patience.until(PATIENCE, () -> servers.isReady(server))) {
            throw new IOException(server.id() + " became a member and is not ready.");
        }
    }
}
