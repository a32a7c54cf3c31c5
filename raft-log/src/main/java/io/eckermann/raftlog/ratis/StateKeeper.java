package io.eckermann.raftlog.ratis;

import io.eckermann.raftlog.RaftConfig;
import io.eckermann.raftlog.segment.FlushMark;
import io.eckermann.raftlog.segment.LiveBodies;
import io.eckermann.raftlog.segment.LogCheck;
import io.eckermann.raftlog.segment.VoteFile;
import io.eckermann.statemachine.StateMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks a log's state, makes it durable, and keeps its segments, on a thread that may wait for the disk. Safe from any thread. */
final class StateKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(StateKeeper.class);

    private final ExecutorService thread;
    private final StateMachine state;
    private final LiveBodies bodies;
    private final ApplyBridge bridge;
    /** Open from the check on until the end. */
    private volatile @Nullable FlushMark mark;

    private final AtomicBoolean keeping = new AtomicBoolean();
    private final AtomicBoolean snapshotUnderWay = new AtomicBoolean();

    StateKeeper(ExecutorService thread, StateMachine state, LiveBodies bodies, ApplyBridge bridge) {
        this.thread = thread;
        this.state = state;
        this.bodies = bodies;
        this.bridge = bridge;
    }

    /** Checks log and state against each other, before either goes on. */
    void check(RaftConfig config) throws IOException {
        try {
            checkAll(config);
        } catch (IOException | RuntimeException e) {
            closeMark();
            throw e;
        }
    }

    private void closeMark() throws IOException {
        FlushMark opened = mark;
        mark = null;
        if (opened != null) {
            opened.close();
        }
    }

    private void checkAll(RaftConfig config) throws IOException {
        Files.createDirectories(config.directory());
        bodies.checkKept();
        FlushMark opened = FlushMark.open(config.logDirectory());
        mark = opened;
        VoteFile.check(config.logDirectory(), opened.index() >= 0);
        long end = new LogCheck(
                        config.logDirectory(),
                        state.applied().index(),
                        state.installedAt().index(),
                        state.kept().end(),
                        opened.index())
                .run();
        opened.begin(end);
        bodies.check(state.applied().index(), end);
        bridge.payload().replaysTo(end);
    }

    /** Of the log; only after {@link #check}. */
    FlushMark mark() {
        return Objects.requireNonNull(mark, "the log is checked before it is used");
    }

    /** Ahead of the next snapshot, so that it finds little to do. */
    void keepClosed() {
        if (!keeping.compareAndSet(false, true)) {
            return;
        }
        thread.execute(() -> {
            try {
                bodies.keepClosed(state.visible().index());
            } catch (IOException | RuntimeException e) {
                LOG.warn("A segment of the log could not be kept, the next snapshot tries again: {}", e.toString());
            } finally {
                keeping.set(false);
            }
        });
    }

    void snapshot(RatisGroup running) {
        CompletableFuture<?> unused = prepared(running).exceptionally(failure -> {
            LOG.warn("No snapshot was taken: {}", failure.toString());
            return -1L;
        });
    }

    /** The disk's work is done before Ratis asks for the snapshot: it would apply nothing meanwhile. */
    CompletableFuture<Long> prepared(RatisGroup running) {
        if (!snapshotUnderWay.compareAndSet(false, true)) {
            return CompletableFuture.failedFuture(new IllegalStateException("another one is being made"));
        }
        return CompletableFuture.runAsync(bridge::prepareSnapshot, this::make)
                .whenComplete((nothing, failure) -> snapshotUnderWay.set(false))
                .thenCompose(nothing -> running.takeSnapshot());
    }

    private void make(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            snapshotUnderWay.set(false);
            throw e;
        }
    }

    /**
     * Ends, when all is done. Not interrupted: a snapshot that is cut off looks like a broken disk. What waits for entries
     * to become visible that the log has not on disk is let go, and ends with the state.
     */
    void finish() {
        Threads.finish(thread, () -> state.visible().index() < state.applied().index());
        try {
            closeMark();
        } catch (IOException e) {
            throw new UncheckedIOException("The log's mark could not be closed", e);
        }
    }
}
