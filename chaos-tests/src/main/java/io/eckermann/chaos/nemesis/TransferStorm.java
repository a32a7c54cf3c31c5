package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Servers;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import io.eckermann.client.EventStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;

/** N17: leadership is handed from node to node by the operator's command, as fast as it goes, with a short rest between. */
record TransferStorm() implements Nemesis {
    private static final Duration EVERY = Duration.ofMillis(300);
    private static final Duration REQUEST = Duration.ofSeconds(3);
    private static final int ENOUGH = 3;

    /** What came of the commands. */
    private record Seen(AtomicInteger done, AtomicInteger refused, Set<String> leaders, Set<String> refusals) {
        Seen() {
            this(
                    new AtomicInteger(),
                    new AtomicInteger(),
                    new ConcurrentSkipListSet<>(),
                    new ConcurrentSkipListSet<>());
        }
    }

    @Override
    public String id() {
        return "N17";
    }

    @Override
    public String name() {
        return "transfer-storm";
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        Servers servers = bed.servers();
        long term = servers.term(servers.leaderOrAny());
        List<String> members = servers.memberIds(servers.leaderOrAny());
        EventStore store = servers.client(1, REQUEST);
        Seen seen = new Seen();
        AtomicInteger turn = new AtomicInteger(choices.below(members.size()));
        Meanwhile storm = Meanwhile.repeat("transfers", () -> {
            transfer(store, members.get(turn.getAndIncrement() % members.size()), seen);
            Patience.rest(EVERY);
        });
        return new Strike(
                Testbed.ids(servers.all()),
                () -> {
                    storm.end();
                    store.close();
                },
                () -> {
                    long after = servers.term(servers.leaderOrAny());
                    boolean moved = seen.leaders().size() > 1 && seen.done().get() >= ENOUGH && after > term;
                    return new Evidence(
                            moved && storm.failure().isEmpty(),
                            Map.of(
                                    "transfers", seen.done().get(),
                                    "refused", seen.refused().get(),
                                    "refusals", List.copyOf(seen.refusals()),
                                    "leaders", List.copyOf(seen.leaders()),
                                    "term", term,
                                    "term-after", after));
                });
    }

    private static void transfer(EventStore store, String member, Seen seen) {
        try {
            seen.leaders().add(store.nodes().transferLeadership(member).join());
            seen.done().incrementAndGet();
        } catch (CompletionException e) {
            // One in the middle of an election is refused; the next one may not be.
            seen.refused().incrementAndGet();
            seen.refusals().add(String.valueOf(e.getCause()));
        }
    }
}
