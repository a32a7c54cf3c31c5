package io.eckermann.raftlog.simulation;

import io.eckermann.protocol.v1.GroupSettings;
import io.eckermann.protocol.v1.Ordering;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.raftlog.Batcher;
import io.eckermann.statemachine.ParkedState;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.log.v1.CreateGroup;
import io.eckermann.statemachine.log.v1.GroupChange;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One schedule: a seed decides what happens next, over and over, then everybody is let come to rest, and what is there is
 * compared with what was said. The same seed and the same number of steps give the same schedule.
 */
final class Simulation implements Doorway, AutoCloseable {
    private static final long SKEW_NS_MAX = 3_000_000;
    private static final int REST_ROUNDS_MAX = 5_000;
    /** A few of these are longer than any lease. */
    private static final long REST_STEP_NS = 10_000_000;

    private static final int TRACE_LINES = 40;
    private static final String GROUP = "g";
    private static final String CONSUMER = "c";

    private final Random random;
    private final Consensus consensus = new Consensus();
    private final Witness witness = new Witness();
    private final List<Replica> replicas = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private final List<Write> writes = new ArrayList<>();
    private final List<Call> open = new ArrayList<>();
    private final Deque<String> trace = new ArrayDeque<>();
    private final Tally tally = new Tally();
    private final StepsTaker steps;
    private final long orders;
    private final long jobs;
    private final long group;
    private final boolean byKey;
    private long nowNs = 1_000_000_000L;

    /**
     * Runs one.
     *
     * @param home a directory that is not there yet; is deleted afterwards, but for the templates beside it
     * @return what happened
     * @throws AssertionError with the last acts, when something was not as it must be
     */
    static Tally run(long seed, int steps, Path home) throws java.io.IOException {
        Simulation simulation = null;
        try (Simulation started = new Simulation(seed, home)) {
            simulation = started;
            for (int i = 0; i < steps; i++) {
                started.act();
                started.witness.check();
            }
            started.rest();
            return started.compare();
        } catch (AssertionError | RuntimeException e) {
            String last = simulation == null ? "" : String.join("\n  ", simulation.trace);
            throw new AssertionError("seed " + seed + ", " + steps + " steps: " + e + "\n  " + last, e);
        } finally {
            DirectoryTree.delete(home);
        }
    }

    private Simulation(long seed, Path home) {
        random = new Random(seed);
        Batcher.Bounds bounds = random.nextInt(3) == 0
                ? Batcher.Bounds.DEFAULT
                : new Batcher.Bounds(1 + random.nextInt(3), 1, 600, 1_000 + random.nextInt(3_000));
        // To open one costs more than all that it does in a schedule, and two differ as well as three.
        int count = random.nextInt(4) == 0 ? 3 : 2;
        for (int i = 1; i <= count; i++) {
            long skewNs = random.nextInt((int) SKEW_NS_MAX);
            replicas.add(new Replica(
                    "n" + i,
                    consensus,
                    witness,
                    () -> nowNs + skewNs,
                    bounds,
                    home.resolve("n" + i),
                    home.resolveSibling("templates")));
        }
        consensus.elect(replicas.get(0), random);
        orders = ((Result.TopicCreated) made(new Operation.CreateTopic("orders", settings()))).topicId();
        jobs = ((Result.TopicCreated) made(new Operation.CreateTopic("jobs", settings()))).topicId();
        byKey = random.nextBoolean();
        group = ((Result.GroupChanged) made(new Operation.ChangeGroup(group())))
                .outcome()
                .getCreated()
                .getGroupId();
        // Of those that keep an order the name begins with p.
        clients.add(new Appender("p1", Appender.Manner.SEQUENCED, orders, this, writes));
        clients.add(new Appender("p2", Appender.Manner.COUNTED, orders, this, writes));
        clients.add(new Appender("a1", Appender.Manner.KEYED, orders, this, writes));
        clients.add(new Appender("a2", Appender.Manner.PLAIN, orders, this, writes));
        clients.add(new Appender("p3", Appender.Manner.SEQUENCED, jobs, this, writes));
        steps = new StepsTaker("s", List.of(orders, jobs), this, writes);
        clients.add(steps);
        clients.add(new Committer(CONSUMER, orders, this));
        clients.add(new Committer(CONSUMER, orders, this));
        for (String member : List.of("m1", "m2", "m3")) {
            clients.add(new Member(member, jobs, group, byKey, this));
        }
    }

    private static TopicSettings settings() {
        return TopicSettings.newBuilder().setMaxEventBytes(1 << 20).build();
    }

    private GroupChange group() {
        GroupSettings settings = GroupSettings.newBuilder()
                .setOrdering(byKey ? Ordering.BY_KEY : Ordering.UNORDERED)
                .setExclusive(random.nextInt(4) == 0)
                .setVisibilityMs(30)
                .setAttemptsMax(3)
                .setInFlightMax(10)
                .setWindow(1_000)
                .build();
        return GroupChange.newBuilder()
                .setTopicId(jobs)
                .setCreate(CreateGroup.newBuilder().setName(GROUP).setSettings(settings))
                .build();
    }

    /** Something that all need before they begin. */
    private Result made(Operation operation) {
        List<Result> results = new ArrayList<>();
        call(replicas.get(0), operation, answer -> results.add(((Answer.Applied) answer).result()));
        pump();
        return results.get(0);
    }

    // What clients see.

    @Override
    public void call(Operation operation, Consumer<Answer> then) {
        Replica leader = consensus.leader();
        boolean asksAnother = leader == null || random.nextInt(20) == 0;
        call(asksAnother ? anyReplica() : leader, operation, then);
    }

    private void call(Replica replica, Operation operation, Consumer<Answer> then) {
        Call call = replica.submit(operation, then);
        if (!call.isEnded()) {
            open.add(call);
        }
    }

    @Override
    public @Nullable ReadView read() {
        Replica leader = consensus.leader();
        return leader == null ? null : viewOf(leader);
    }

    private static ReadView viewOf(Replica replica) {
        replica.machine().whenVisible(replica.machine().applied().index()).join();
        return replica.machine().view();
    }

    // What happens.

    private void act() {
        int lot = random.nextInt(1_000);
        if (lot < 400) {
            int client = random.nextInt(clients.size());
            note("client " + client);
            clients.get(client).step(random);
        } else if (lot < 560) {
            note("commit");
            consensus.commitNext();
        } else if (lot < 780) {
            apply(anyReplica());
        } else if (lot < 920) {
            Replica replica = anyReplica();
            note("complete on " + replica);
            replica.completeOne();
        } else if (lot < 970) {
            note("time");
            nowNs += random.nextInt(20_000_000);
        } else {
            rarely(lot);
        }
        if (consensus.leader() == null && random.nextInt(8) == 0) {
            elect();
        }
        if (random.nextInt(30) == 0) {
            restart();
        }
    }

    private void rarely(int lot) {
        if (lot < 978) {
            giveUp();
        } else if (lot < 984) {
            elect();
        } else if (lot < 988) {
            end(anyReplica(), true);
        } else if (lot < 990) {
            end(anyReplica(), false);
        } else if (lot < 995) {
            save(anyReplica());
        } else if (lot < 998) {
            install();
        } else {
            note("truncate");
            call(new Operation.TruncateTopic(orders, 1L + random.nextInt(writes.size() + 1)), answer -> {});
        }
    }

    private void note(String act) {
        trace.add(act);
        tally.acted(act);
        if (trace.size() > TRACE_LINES) {
            trace.remove();
        }
    }

    private Replica anyReplica() {
        return replicas.get(random.nextInt(replicas.size()));
    }

    private void apply(Replica replica) {
        if (!replica.isUp()) {
            return;
        }
        int count = 1 + random.nextInt(3);
        note("apply " + count + " on " + replica);
        while (count > 0 && replica.applyNext()) {
            count--;
        }
    }

    /** A client does not wait any longer, and may ask again while its first call is still on its way. */
    private void giveUp() {
        open.removeIf(Call::isEnded);
        if (!open.isEmpty()) {
            note("give up");
            open.remove(random.nextInt(open.size())).end(new Answer.Unknown());
        }
    }

    private void elect() {
        Replica next = anyReplica();
        if (next.isUp()) {
            note("elect " + next);
            tally.elections++;
            consensus.elect(next, random);
        }
    }

    private void end(Replica replica, boolean crashes) {
        if (!replica.isUp()) {
            return;
        }
        note((crashes ? "crash " : "stop ") + replica);
        if (consensus.leader() == replica) {
            consensus.loseLeader();
        }
        if (crashes) {
            tally.crashes++;
            replica.crash();
        } else {
            replica.stop();
        }
    }

    private void restart() {
        for (Replica replica : replicas) {
            if (!replica.isUp()) {
                restart(replica);
                return;
            }
        }
    }

    private void restart(Replica replica) {
        replica.restart();
        long applied = replica.machine().applied().index();
        note("restart " + replica + " at " + applied);
        // The log may be replayed from before what the state holds.
        for (long index = Math.max(0, applied - 2); index <= applied; index++) {
            replica.applyAgain(index);
        }
    }

    private void save(Replica replica) {
        if (replica.isUp()) {
            boolean whole = random.nextBoolean();
            note((whole ? "snapshot of " : "flush of ") + replica);
            replica.compare();
            if (whole && replica.machine().applied().index() >= 0) {
                replica.machine().takeSnapshot();
            } else {
                replica.machine().flush();
            }
        }
    }

    /** The replica that is furthest behind gets a snapshot of the furthest. */
    private void install() {
        Replica last = null;
        Replica first = null;
        for (Replica replica : replicas) {
            if (replica.isUp()) {
                long applied = replica.machine().applied().index();
                first = first == null || applied > first.machine().applied().index() ? replica : first;
                last = last == null || applied < last.machine().applied().index() ? replica : last;
            }
        }
        if (first != null && last != null && first != last && last != consensus.leader()) {
            note("install " + first + " on " + last);
            first.compare();
            first.machine().takeSnapshot();
            tally.installs += last.installFrom(first) ? 1 : 0;
        }
    }

    // The end.

    private void rest() {
        note("rest");
        replicas.stream().filter(replica -> !replica.isUp()).forEach(this::restart);
        clients.forEach(Client::finish);
        if (consensus.leader() == null) {
            elect();
        }
        for (int round = 0; !isAtRest(); round++) {
            Violation.unless(round < REST_ROUNDS_MAX, "nothing came to rest");
            nowNs += REST_STEP_NS;
            clients.forEach(client -> client.step(random));
            pump();
            witness.check();
        }
    }

    private boolean isAtRest() {
        return clients.stream().allMatch(Client::isDone) && replicas.stream().allMatch(Replica::isQuiet);
    }

    /** Everything that is under way gets where it goes. */
    private void pump() {
        boolean moved = true;
        while (moved) {
            moved = consensus.commitNext();
            for (Replica replica : replicas) {
                moved |= replica.applyNext();
                moved |= replica.completeOne();
            }
        }
    }

    private Tally compare() {
        String digest = replicas.get(0).machine().digest();
        for (Replica replica : replicas) {
            Violation.unless(replica.machine().digest().equals(digest), "%s has another digest", replica);
        }
        ReadView view = viewOf(anyReplica());
        new Contents(view, orders).compare(writes);
        new Contents(view, jobs).compare(writes);
        comparePosition(view, CONSUMER, witness.cursors().position(orders, CONSUMER));
        comparePosition(view, steps.consumer(), steps.done());
        Set<Long> parked = view.groups().parked(jobs, group, 0, Integer.MAX_VALUE).stream()
                .map(ParkedState::position)
                .collect(Collectors.toSet());
        witness.leases().check(parked);
        tally.end(digest, witness, writes);
        return tally;
    }

    private void comparePosition(ReadView view, String consumer, long expected) {
        long position =
                view.cursor(orders, consumer).map(cursor -> cursor.position()).orElse(0L);
        Violation.unless(position == expected, "cursor %s is at %d, not %d", consumer, position, expected);
    }

    @Override
    public void close() {
        replicas.forEach(Replica::close);
    }
}
