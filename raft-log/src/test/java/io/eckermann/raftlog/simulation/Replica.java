package io.eckermann.raftlog.simulation;

import io.eckermann.raftlog.Batcher;
import io.eckermann.statemachine.Snapshot;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.UnreadableCommandException;
import io.eckermann.statemachine.storage.StorageSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A node: the product's state machine and batcher, of which every part moves when it is told to. It may be down. */
final class Replica implements AutoCloseable {
    private static final StorageSettings SMALL = new StorageSettings(1 << 20, 4 << 20, 1 << 20);

    /** After so many entries replicas must hold the same; to look reads everything. */
    private static final int COMPARED_EVERY = 8;

    private final String name;
    private final Consensus consensus;
    private final Witness witness;
    private final LongSupplier clockNs;
    private final Batcher.Bounds bounds;
    private final Path home;
    private int lives;

    // Of this life; a crash leaves the old ones to nobody.
    private @Nullable StateMachine machine;
    private Batcher batcher;
    private Deque<Runnable> completions = new ArrayDeque<>();
    private final Map<Long, CompletableFuture<List<Result>>> awaited = new HashMap<>();
    private final List<Call> calls = new ArrayList<>();

    /**
     * @param home a new directory
     * @param templates where the empty state is that it begins with
     */
    Replica(
            String name,
            Consensus consensus,
            Witness witness,
            LongSupplier clockNs,
            Batcher.Bounds bounds,
            Path home,
            Path templates) {
        this.name = name;
        this.consensus = consensus;
        this.witness = witness;
        this.clockNs = clockNs;
        this.bounds = bounds;
        this.home = home;
        try {
            Files.createDirectories(home);
            EmptyState.layOut(templates, directory());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        batcher = start();
    }

    private Path directory() {
        return home.resolve("life" + lives);
    }

    private Batcher start() {
        try {
            machine = StateMachine.open(directory(), SMALL);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        machine.attach(consensus);
        Deque<Runnable> tasks = new ArrayDeque<>();
        completions = tasks;
        return new Batcher(entry -> consensus.propose(this, entry), clockNs, tasks::add, bounds);
    }

    boolean isUp() {
        return machine != null;
    }

    StateMachine machine() {
        return Objects.requireNonNull(machine);
    }

    @Override
    public String toString() {
        return name;
    }

    // The way of an operation.

    /** As a door does that has heard of a client. */
    Call submit(Operation operation, Consumer<Answer> then) {
        Call call = new Call(then);
        if (machine == null || consensus.leader() != this) {
            call.end(new Answer.NotDone());
            return call;
        }
        calls.add(call);
        CompletableFuture<?> unused = batcher.submit(operation).whenComplete((result, failure) -> {
            calls.remove(call);
            // A future would keep to itself what a client finds wrong.
            witness.watch(() -> call.end(failure == null ? new Answer.Applied(result) : Answer.of(failure)));
        });
        return call;
    }

    /** Runs one task of the completions; false when there is none. */
    boolean completeOne() {
        Runnable task = completions.poll();
        if (task != null) {
            task.run();
        }
        return task != null;
    }

    /** The entry is committed; who proposed it waits until it is applied here. */
    void awaits(long index, CompletableFuture<List<Result>> future) {
        awaited.put(index, future);
    }

    /** Applies the next committed entry; false when it has applied all of them. */
    boolean applyNext() {
        long index = machine().applied().index() + 1;
        if (index >= consensus.committed()) {
            return false;
        }
        apply(consensus.entry(index));
        return true;
    }

    private void apply(Entry entry) {
        try {
            applyOrSkip(entry);
        } catch (UnreadableCommandException e) {
            throw new AssertionError(e);
        }
        if (entry.at().index() % COMPARED_EVERY == 0) {
            compare();
        }
    }

    private void applyOrSkip(Entry entry) throws UnreadableCommandException {
        if (entry.bytes().isEmpty()) {
            machine().skip(entry.at());
            witness.applied(this, entry, new Command(0, List.of()), List.of());
            return;
        }
        Command command = CommandCodec.decode(entry.bytes());
        List<Result> results = machine().apply(entry.at(), command);
        witness.applied(this, entry, command, results);
        CompletableFuture<List<Result>> own = awaited.remove(entry.at().index());
        if (own != null) {
            own.complete(results);
        }
    }

    /** Shows all that it holds now; before what makes it durable, so that a life that begins with that is compared with it. */
    void compare() {
        witness.holds(this, machine().applied().index(), machine().digest());
    }

    /** Is shown an entry again that it has applied, as after a restart: nothing may come of it. */
    void applyAgain(long index) {
        Entry entry = consensus.entry(index);
        try {
            List<Result> results = entry.bytes().isEmpty()
                    ? List.of()
                    : machine().apply(entry.at(), CommandCodec.decode(entry.bytes()));
            if (!results.isEmpty()) {
                throw new AssertionError(name + " applied entry " + index + " twice");
            }
        } catch (UnreadableCommandException e) {
            throw new AssertionError(e);
        }
    }

    // Its life.

    /** Dies: what it has not made durable is gone, and so is whatever it would have said. */
    void crash() {
        try {
            Path next = home.resolve("life" + (lives + 1));
            CrashCopy.make(directory(), next);
            machine().close();
            DirectoryTree.delete(directory());
            lives++;
            end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops in good order. */
    void stop() {
        compare();
        batcher.close();
        machine().close();
        end();
    }

    private void end() {
        machine = null;
        awaited.clear();
        List<Call> cut = List.copyOf(calls);
        calls.clear();
        cut.forEach(call -> call.end(new Answer.Unknown()));
    }

    void restart() {
        batcher = start();
        compare();
    }

    /** Copies the other's newest snapshot and puts it in place of the state; false when that is no news. */
    boolean installFrom(Replica other) {
        Snapshot snapshot = other.machine().latestSnapshot();
        if (snapshot == null || snapshot.at().index() <= machine().applied().index()) {
            return false;
        }
        try {
            Path incoming = machine().incoming();
            try (var files = Files.list(snapshot.directory())) {
                for (Path file : files.toList()) {
                    Files.copy(file, incoming.resolve(file.getFileName()));
                }
            }
            machine().accept(incoming);
            machine().install();
            compare();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // It never applies these, so it can't say what came of them.
        List<Long> passed = awaited.keySet().stream()
                .filter(index -> index <= snapshot.at().index())
                .sorted()
                .toList();
        passed.forEach(index ->
                Objects.requireNonNull(awaited.remove(index)).completeExceptionally(Consensus.leaderChanged()));
        return true;
    }

    /** Whether nobody waits for anything here. */
    boolean isQuiet() {
        return completions.isEmpty() && calls.isEmpty();
    }

    @Override
    public void close() {
        if (machine != null) {
            machine.close();
        }
    }
}
