package io.eckermann.statemachine;

import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The replicated state of one shard on this node: what committed commands did, in RocksDB, with readers beside it.
 *
 * <p>Deterministic: the same commands at the same indexes give the same {@link #digest}. Applied entries become
 * durable with the next flush or snapshot; after a crash the Raft log replays what came later.
 *
 * <p>Threads: {@link #apply}, {@link #skip}, {@link #takeSnapshot} and {@link #replaceWith} belong to one thread at a
 * time; everything else is safe from any.
 */
public final class StateMachine implements AutoCloseable {
    private StateMachine() {}

    /**
     * Opens the state kept below a directory, or starts an empty one.
     *
     * @param directory gets {@code db/}, {@code snapshots/} and {@code incoming/}
     * @throws IOException with a message for the operator when it cannot be opened
     */
    public static StateMachine open(Path directory) throws IOException {
        throw new AssertionError(directory);
    }

    /** The last entry applied and visible to readers. After {@link #open}, the last one that is durable. */
    public RaftIndex applied() {
        throw new AssertionError();
    }

    /**
     * Applies a command and makes it visible; entries at or below {@link #applied} change nothing and give no results.
     *
     * @return a result for each operation (of a run: for each part) in the command's order
     * @throws StorageFailure the node must stop
     */
    public List<Result> apply(RaftIndex at, Command command) {
        throw new AssertionError(at + " " + command);
    }

    /** Notes an entry that holds no command. */
    public void skip(RaftIndex at) {
        throw new AssertionError(at);
    }

    /** Makes everything applied durable and checkpoints it (hard links); older snapshots are deleted. */
    public Snapshot takeSnapshot() {
        throw new AssertionError();
    }

    /** The newest finished snapshot; a cached value. */
    public @Nullable Snapshot latestSnapshot() {
        throw new AssertionError();
    }

    /** An empty directory, made anew, for a snapshot to be downloaded into; on the same filesystem as the state. */
    public Path incoming() throws IOException {
        throw new AssertionError();
    }

    /**
     * Replaces the whole state by a snapshot and keeps that snapshot as the latest one. Readers wait meanwhile. A crash
     * in the middle leaves the old state or the new one.
     *
     * @param snapshotDirectory what {@link #incoming} was filled with; moved away
     */
    public void replaceWith(Path snapshotDirectory) throws IOException {
        throw new AssertionError(snapshotDirectory);
    }

    public ReadView view() {
        throw new AssertionError();
    }

    public HeadSignal headSignal() {
        throw new AssertionError();
    }

    /** SHA-256 over the logical content, as hex: equal on all replicas at the same applied index. Reads everything. */
    public String digest() {
        throw new AssertionError();
    }

    @Override
    public void close() {
        throw new AssertionError();
    }
}
