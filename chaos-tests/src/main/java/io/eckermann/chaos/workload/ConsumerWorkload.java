package io.eckermann.chaos.workload;

import io.eckermann.chaos.host.Patience;
import io.eckermann.client.CommitOptions;
import io.eckermann.client.CursorPosition;
import io.eckermann.client.EckermannException;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.GroupSettings;
import io.eckermann.client.GroupStart;
import io.eckermann.client.Lease;
import io.eckermann.client.LeaseOptions;
import io.eckermann.client.LeasedEvent;
import io.eckermann.client.Settled;
import io.eckermann.client.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * W3: a group whose members lease, acknowledge and give back, and a cursor that two consumers commit with what they expect.
 * Some events are refused until they are parked.
 */
public final class ConsumerWorkload implements Workload {
    private static final String TOPIC = "work";
    private static final String GROUP = "workers";
    private static final int MEMBERS = 3;
    private static final Duration VISIBILITY = Duration.ofSeconds(3);
    private static final int ATTEMPTS_MAX = 4;
    /** Numbers that are multiples of it are never acknowledged. */
    private static final long POISON = 97;

    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(25);

    private final AtomicLong numbers = new AtomicLong();

    @Override
    public String name() {
        return "W3 consumers";
    }

    @Override
    public void prepare(EventStore store) {
        store.topics().create(TOPIC).join();
        store.groups()
                .create(
                        TOPIC,
                        GROUP,
                        GroupSettings.DEFAULTS.withVisibility(VISIBILITY).withAttemptsMax(ATTEMPTS_MAX),
                        GroupStart.FIRST)
                .handle((made, failure) -> {
                    if (failure != null && !isNotSeenYet(failure)) {
                        throw new CompletionException(failure);
                    }
                    return made;
                })
                .join();
    }

    /** It is made then; but a node that reads what was, as one with a planted bug does, looks for it in vain. */
    private static boolean isNotSeenYet(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof EckermannException refused && refused.code().equals("GROUP_NOT_FOUND");
    }

    @Override
    public List<Turn> turns() {
        List<Turn> turns = new ArrayList<>();
        turns.add(this::enqueue);
        for (int i = 1; i <= MEMBERS; i++) {
            String member = "m" + i;
            turns.add(caller -> work(member, caller, false));
        }
        turns.add(ConsumerWorkload::commit);
        turns.add(ConsumerWorkload::commit);
        return turns;
    }

    private void enqueue(Caller caller) throws InterruptedException {
        long number = numbers.incrementAndGet();
        Optional<?> unused = caller.act(
                "enqueue",
                List.of(number),
                () -> caller.store()
                        .append(TOPIC, Event.of(Long.toString(number)))
                        .join(),
                done -> List.of(number, done.first()));
    }

    /** Leases some and settles them; returns how many there were. */
    private static int work(String member, Caller caller, boolean draining) throws InterruptedException {
        LeaseOptions options = LeaseOptions.DEFAULTS
                .withMember(member)
                .withMax(draining ? 200 : caller.choices().between(1, 20))
                .withWait(Duration.ofMillis(200));
        Optional<Lease> leased = caller.act(
                "lease",
                Map.of("member", member),
                () -> caller.store().groups().lease(TOPIC, GROUP, options).join(),
                lease -> Map.of("member", member, "token", lease.token(), "events", entries(lease)));
        if (leased.isEmpty() || leased.get().isEmpty()) {
            return leased.isEmpty() ? -1 : 0;
        }
        Lease lease = leased.get();
        if (!draining && caller.choices().percent(5)) {
            return lease.events().size(); // a member that dies: others get them when the lease has ended
        }
        List<Long> refused = new ArrayList<>();
        List<Long> done = new ArrayList<>();
        for (LeasedEvent event : lease.events()) {
            boolean poison = Long.parseLong(event.event().payloadText()) % POISON == 0;
            boolean moody = !draining && caller.choices().percent(3);
            (poison || moody ? refused : done).add(event.position());
        }
        settle("ack", lease, done, Settlement.ack(lease.token(), done), caller);
        settle("nack", lease, refused, Settlement.nack(lease.token(), refused, Duration.ZERO, "no"), caller);
        return lease.events().size();
    }

    private static List<List<Long>> entries(Lease lease) {
        return lease.events().stream()
                .map(event ->
                        List.of(event.position(), Long.parseLong(event.event().payloadText()), (long) event.attempts()))
                .toList();
    }

    private static void settle(
            String operation, Lease lease, List<Long> positions, Settlement settlement, Caller caller)
            throws InterruptedException {
        if (positions.isEmpty()) {
            return;
        }
        Optional<Settled> unused = caller.act(
                operation,
                Map.of("token", lease.token(), "positions", positions),
                () -> caller.store()
                        .groups()
                        .settle(TOPIC, GROUP, List.of(settlement))
                        .join(),
                settled -> Map.of("token", lease.token(), "positions", positions, "lost", lostOf(settled, positions)));
    }

    /** None named are all. */
    private static List<Long> lostOf(Settled settled, List<Long> positions) {
        return settled.lost().stream()
                .flatMap(lost -> (lost.positions().isEmpty() ? positions : lost.positions()).stream())
                .toList();
    }

    /** Moves the cursor a little, if it is where it was seen. */
    private static void commit(Caller caller) throws InterruptedException {
        Optional<Long> seen = caller.look(
                "cursor-read",
                Map.of(),
                () -> caller.store().cursors().position("reader", TOPIC).join(),
                position -> position);
        Optional<Long> head = seen.map(position -> position + caller.choices().between(1, 5));
        if (head.isEmpty()) {
            return;
        }
        long from = seen.get();
        long to = head.get();
        Optional<CursorPosition> unused = caller.act(
                "cursor-commit",
                List.of(from, to),
                () -> caller.store()
                        .cursors()
                        .commit("reader", TOPIC, to, CommitOptions.DEFAULTS.withExpected(from))
                        .join(),
                done -> List.of(from, done.position()));
    }

    /** Works until nothing is left: leases that nobody settled end in a while. */
    @Override
    public void drain(Caller caller) throws Exception {
        long endNs = System.nanoTime() + DRAIN_PATIENCE.toNanos();
        long idleSinceNs = System.nanoTime();
        while (System.nanoTime() < endNs
                && System.nanoTime() - idleSinceNs < VISIBILITY.multipliedBy(2).toNanos()) {
            if (work("drain", caller, true) != 0) {
                idleSinceNs = System.nanoTime();
            }
        }
        Patience.rest(Duration.ofMillis(100));
        Optional<?> unused = caller.look(
                "parked",
                Map.of(),
                () -> caller.store().groups().parked(TOPIC, GROUP, 1, 1000).join(),
                parked -> parked.stream().map(event -> event.position()).toList());
    }

    @Override
    public List<String> topics() {
        return List.of(TOPIC);
    }
}
