package io.eckermann.raftlog.ratis;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.raftlog.Batcher;
import io.eckermann.raftlog.BatcherLoad;
import io.eckermann.raftlog.CommandLog;
import io.eckermann.raftlog.DiskWatch;
import io.eckermann.raftlog.FailStop;
import io.eckermann.raftlog.Leadership;
import io.eckermann.raftlog.LogFigure;
import io.eckermann.raftlog.Member;
import io.eckermann.raftlog.Membership;
import io.eckermann.raftlog.RaftConfig;
import io.eckermann.raftlog.Room;
import io.eckermann.raftlog.SnapshotFetch;
import io.eckermann.raftlog.segment.LiveBodies;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.ratis.protocol.exceptions.AlreadyClosedException;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicated log on Ratis. Opened once: {@link #start}, then {@link #close}; a stopped one is not started again.
 * The state machine belongs to the caller, who opens it before and closes it after.
 */
public final class RatisLog implements CommandLog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RatisLog.class);
    private static final long TICK_MS = 1_000;
    /** Of a shard, however many there are: all its entries in flight, and as much again behind them. */
    private static final long ADMITTED_MIN = 8L << 20;

    private final RaftConfig config;
    private final StateMachine state;
    private final FailStop failStop;
    private final Room room;
    private final ExecutorService completions;
    private final ExecutorService downloads;
    private final ScheduledExecutorService timer;
    private final StateKeeper keeper;
    private final LiveBodies bodies;
    private final ApplyBridge bridge;
    private final Batcher batcher;
    private final Set<Submission> underWay = ConcurrentHashMap.newKeySet();
    private final List<Runnable> leadershipListeners = new CopyOnWriteArrayList<>();

    private final List<Runnable> removalListeners = new CopyOnWriteArrayList<>();

    private volatile @Nullable RatisGroup group;
    private volatile @Nullable LostLeader lostLeader;
    /** Null while it is one of several, or not started. */
    private @Nullable RatisLogs own;
    /** Of the timer's thread. */
    private int ticksStopped;

    private volatile boolean closing;

    /**
     * @param state open; nobody else applies to it
     * @param clockNs nanoseconds since the epoch, for the entries that this node proposes
     */
    public RatisLog(
            RaftConfig config, StateMachine state, SnapshotFetch fetch, FailStop failStop, LongSupplier clockNs) {
        this(config, state, fetch, failStop, clockNs, new DiskWatch(config.directory(), config.diskFreeBytesMin()));
    }

    RatisLog(
            RaftConfig config,
            StateMachine state,
            SnapshotFetch fetch,
            FailStop failStop,
            LongSupplier clockNs,
            DiskWatch disk) {
        this.config = config;
        this.state = state;
        this.failStop = failStop;
        this.room = new Room(disk, config.diskFreeBytesMin());
        this.completions = Threads.single("raft-completions-" + config.memberId());
        this.downloads = Threads.single("raft-snapshot-fetch-" + config.memberId());
        this.timer = Threads.timer("raft-timer-" + config.memberId());
        this.bodies = new LiveBodies(config.logDirectory(), state.kept());
        state.attach(bodies);
        this.bridge = new ApplyBridge(state, fetch, this::bridgeFailed, downloads, this::leadershipChanged);
        this.keeper = new StateKeeper(Threads.single("raft-keeper-" + config.memberId()), state, bodies, bridge);
        long admitted = config.part().share(Batcher.Bounds.DEFAULT.admittedBytes(), ADMITTED_MIN);
        this.batcher = new Batcher(this::propose, clockNs, this::complete, Batcher.Bounds.DEFAULT.admitting(admitted));
    }

    /**
     * Checks the log on disk, then takes part in the group. Returns when this node runs, not when there is a leader.
     *
     * @throws IOException with a message for the operator: the log is damaged, the port is taken, ...
     */
    public void start() throws IOException {
        RatisLogs alone = new RatisLogs(List.of(this));
        own = alone;
        alone.start();
    }

    RaftConfig config() {
        return config;
    }

    ApplyBridge bridge() {
        return bridge;
    }

    /** Checks what is on disk, before Ratis opens it. */
    void prepare() throws IOException {
        keeper.check(config);
    }

    /** The calls of this member broke off. */
    void suspect(String member) {
        LostLeader watch = lostLeader;
        if (watch != null) {
            watch.suspect(member);
        }
    }

    /** The server has the group by now. */
    void started(RaftServer server) throws IOException {
        RatisGroup started = RatisGroup.of(config, state, keeper.mark(), server);
        lostLeader = new LostLeader(config, () -> started.membership().members(), started, timer);
        group = started;
        SnapshotTrigger trigger = new SnapshotTrigger(
                config.snapshots(),
                bridge::bytesSinceSnapshot,
                () -> state.applied().index() > bridge.coveredIndex(),
                () -> keeper.snapshot(started),
                System.nanoTime());
        ScheduledFuture<?> unused = timer.scheduleWithFixedDelay(
                () -> {
                    trigger.tick(System.nanoTime());
                    watch(started);
                    if (!closing) {
                        keeper.keepClosed();
                    }
                },
                TICK_MS,
                TICK_MS,
                TimeUnit.MILLISECONDS);
    }

    /** For tests; null before the start. */
    @Nullable
    RatisGroup group() {
        return group;
    }

    /** A node that stops anyway does so in the orderly way: what the fault left undone is replayed from the log. */
    private void bridgeFailed(String reason, @Nullable Throwable cause) {
        if (closing) {
            LOG.error("{} This node is stopping already.", reason, cause);
        } else {
            failStop.stop(reason, cause);
        }
    }

    /** Ratis closes its group by itself after some faults: then this node would only seem to be there. */
    private void watch(RatisGroup running) {
        // What is doubted of them is decided, before the log lets go of it.
        Membership unused = running.membership();
        if (!closing && bridge.intake().isStuck(System.nanoTime())) {
            failStop.stop("A fetched snapshot waits to be put in place: a restart does that.", null);
        }
        if (closing || running.isAlive()) {
            return;
        }
        if (bridge.isRemoved()) {
            removalListeners.forEach(Runnable::run);
        } else if (ticksStopped++ > 0) { // Ratis says why only after it has stopped.
            failStop.stop("Raft has stopped in this node: look for the fault above in the log, then restart it.", null);
        }
    }

    @Override
    public CompletableFuture<Result> submit(Operation operation) {
        RatisGroup running = group;
        if (running == null || closing) {
            return CompletableFuture.failedFuture(new StoreException(
                    ErrorCode.NOT_READY, "The Raft log is starting or stopping: try again later, or another node."));
        }
        if (!running.isLeader()) {
            return CompletableFuture.failedFuture(notLeading(running));
        }
        StoreException refusal = room.refusal(operation);
        return refusal == null ? batcher.submit(operation) : CompletableFuture.failedFuture(refusal);
    }

    private static StoreException notLeading(RatisGroup running) {
        String leader = running.otherLeader();
        return leader == null ? RatisFailures.noLeader() : RatisFailures.notLeader(leader);
    }

    private CompletableFuture<List<Result>> propose(ByteString entry) {
        RatisGroup running = group;
        if (running == null) {
            return CompletableFuture.failedFuture(RatisFailures.noLeader());
        }
        Submission submission = new Submission(entry);
        underWay.add(submission);
        running.propose(submission);
        return submission
                .future()
                .orTimeout(config.commitTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((results, failure) -> underWay.remove(submission))
                .exceptionallyCompose(failure ->
                        CompletableFuture.failedFuture(RatisFailures.ofWrite(failure, submission.isProposed())));
    }

    @Override
    public Leadership leadership() {
        RatisGroup running = group;
        if (running == null || closing) {
            return new Leadership(
                    closing ? Leadership.Role.CLOSED : Leadership.Role.STARTING,
                    0,
                    null,
                    false,
                    state.applied().index(),
                    -1,
                    bridge.coveredIndex());
        }
        return running.leadership(state.applied().index(), bridge);
    }

    @Override
    public long payloadBytes() {
        return bridge.payload().bytes();
    }

    /** What waits to become entries of this node as leader. */
    public BatcherLoad batcherLoad() {
        return batcher.load();
    }

    /** What Ratis measures of itself in this node. */
    public List<LogFigure> figures() {
        return new RatisFigures(config).now();
    }

    /** Calls {@code wake} whenever the leader, or its readiness, may have changed. Must be quick. */
    public void onLeadershipChange(Runnable wake) {
        leadershipListeners.add(wake);
    }

    /** Which writes there is room for. */
    public Room room() {
        return room;
    }

    /** Calls {@code wake}, now and then, once this node was told that it is no member any more. Must be quick. */
    public void onRemoval(Runnable wake) {
        removalListeners.add(wake);
    }

    /** Who belongs to the group; nobody before the start. */
    public Membership membership() {
        RatisGroup running = group;
        return running == null ? Membership.UNKNOWN : running.membership();
    }

    /**
     * Changes the members, when this node leads. A new one gets the log first and votes once it has caught up, however
     * long that takes; it is given up when it does not answer.
     *
     * @param expected who they are now: else nothing is done
     * @return fails with a StoreException: NOT_LEADER or NO_LEADER; NOT_READY when it did not come about, and may be tried
     *     again
     */
    public CompletableFuture<Void> changeMembers(List<Member> expected, List<Member> wanted) {
        RatisGroup running = group;
        if (running == null || !running.isLeader()) {
            return CompletableFuture.failedFuture(running == null ? RatisFailures.noLeader() : notLeading(running));
        }
        return running.changeMembers(expected, wanted)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        running.isLeader() ? RatisFailures.ofChange(failure) : notLeading(running)));
    }

    private void leadershipChanged() {
        complete(() -> leadershipListeners.forEach(Runnable::run));
    }

    /** Off Ratis's threads; only the last futures, once we have stopped, are completed by whoever has the news. */
    private void complete(Runnable task) {
        try {
            completions.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    @Override
    public CompletableFuture<Void> linearizable() {
        RatisGroup running = group;
        if (running == null || closing) {
            return CompletableFuture.failedFuture(RatisFailures.noLeader());
        }
        CompletableFuture<Void> applied = running.readIndex(config.commitTimeout());
        CompletableFuture<Void> caughtUp = applied.thenCompose(
                nothing -> inTime(state.whenVisible(state.applied().index())));
        if (caughtUp.isDone() && !caughtUp.isCompletedExceptionally()) {
            return caughtUp;
        }
        CompletableFuture<Void> result = new CompletableFuture<>();
        CompletableFuture<?> unused = caughtUp.whenCompleteAsync(
                (nothing, failure) -> {
                    if (failure == null) {
                        result.complete(null);
                    } else {
                        result.completeExceptionally(RatisFailures.noLeader());
                    }
                },
                this::complete);
        return result;
    }

    /** What is waited for is itself given up: a log that does not get on would else collect what nobody waits for. */
    private CompletableFuture<Void> inTime(CompletableFuture<Void> seen) {
        return seen.isDone() ? seen : seen.orTimeout(config.commitTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Hands leadership to another member that has caught up. New writes are refused meanwhile.
     *
     * @return fails with a StoreException: NOT_LEADER, or NO_LEADER when it did not work out in time; this node may
     *     still lead then
     */
    public CompletableFuture<Void> transferLeadership(String nodeId) {
        RatisGroup running = group;
        if (running == null || !running.isLeader()) {
            return CompletableFuture.failedFuture(running == null ? RatisFailures.noLeader() : notLeading(running));
        }
        return running.transferLeadership(nodeId, Duration.ofSeconds(3));
    }

    /** Whether this node leads, and its disk keeps the others from getting on. */
    public boolean isHeldUpByDisk() {
        RatisGroup running = group;
        return running != null && !closing && running.isHeldUpByDisk();
    }

    /** Makes the state durable and purges the log now; completes with the index it reaches to. */
    public CompletableFuture<Long> takeSnapshot() {
        RatisGroup running = group;
        return running == null ? CompletableFuture.failedFuture(RatisFailures.noLeader()) : keeper.prepared(running);
    }

    /** Stops. What was not proposed fails with NOT_READY; what was, and is not known to be done, with LEADER_CHANGED. */
    @Override
    public void close() {
        RatisLogs alone = own;
        if (alone != null) {
            alone.close();
        } else {
            closing();
            closed();
        }
    }

    /** Takes no more. */
    void closing() {
        closing = true;
        batcher.close();
        timer.shutdownNow();
    }

    /** The server has stopped. */
    void closed() {
        for (Submission submission : underWay) {
            submission.future().completeExceptionally(new AlreadyClosedException("the node stopped"));
        }
        keeper.finish();
        bodies.close();
        Threads.stop(downloads);
        Threads.stop(completions);
        Threads.stop(timer);
    }
}
