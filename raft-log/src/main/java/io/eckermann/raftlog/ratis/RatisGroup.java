package io.eckermann.raftlog.ratis;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.raftlog.Leadership;
import io.eckermann.raftlog.Member;
import io.eckermann.raftlog.Membership;
import io.eckermann.raftlog.RaftConfig;
import io.eckermann.raftlog.segment.FlushMark;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.command.Result;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.impl.ConfigurationManager;
import org.apache.ratis.server.impl.EarlyElection;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.TimeDuration;
import org.jspecify.annotations.Nullable;

/** This node's part in one group of Ratis's server, which runs. Safe from any thread. */
final class RatisGroup implements LostLeader.Follower {
    private static final long SNAPSHOT_TIMEOUT_MS = 600_000;

    private final StateMachine state;
    private final FlushMark mark;
    private final RaftServer server;
    private final RaftServer.Division division;
    private final RaftClientAsynchronousProtocol protocol;
    private final EarlyElection elections;
    private final HungDisk disk;
    private final RaftPeerId self;
    private final RaftGroupId groupId;
    // A new one for each start: call numbers begin at 1 again, and must not meet those of the last run.
    private final ClientId clientId = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();

    private RatisGroup(
            RaftConfig config, StateMachine state, FlushMark mark, RaftServer server, RaftServer.Division division) {
        // Who says nothing at all is given up after half of that.
        this.disk = new HungDisk(config.elections().timeoutMax().multipliedBy(2));
        this.state = state;
        this.mark = mark;
        this.server = server;
        this.division = division;
        // Straight into the group: by way of the server each request would cost one more change of threads.
        this.protocol = (RaftClientAsynchronousProtocol) division;
        this.elections = EarlyElection.of(division);
        this.self = server.getId();
        this.groupId = division.getMemberId().getGroupId();
    }

    /**
     * This node's part in the group, which the server has by now.
     *
     * @param mark of the group's log
     */
    static RatisGroup of(RaftConfig config, StateMachine state, FlushMark mark, RaftServer server) throws IOException {
        RaftServer.Division division = server.getDivision(RaftGroupId.valueOf(config.groupId()));
        ConfigurationManager.attach(division);
        return new RatisGroup(config, state, mark, server, division);
    }

    /** Completes the submission, then or later, on any thread. */
    void propose(Submission submission) {
        try {
            CompletableFuture<?> unused = protocol.submitClientRequestAsync(
                            request(RaftClientRequest.writeRequestType(), submission))
                    .whenComplete((reply, failure) -> finish(submission, reply, failure));
        } catch (IOException | RuntimeException e) {
            submission.future().completeExceptionally(e);
        }
    }

    private void finish(Submission submission, @Nullable RaftClientReply reply, @Nullable Throwable failure) {
        if (failure != null) {
            submission.future().completeExceptionally(failure);
        } else if (reply == null || !reply.isSuccess()) {
            Throwable cause = reply == null ? null : reply.getException();
            submission.future().completeExceptionally(cause == null ? new IOException("no reply") : cause);
        } else {
            answer(submission);
        }
    }

    /** Who made a topic or moved a cursor looks at it next, on this node: so that is visible when the answer comes. */
    private void answer(Submission submission) {
        List<Result> results = submission.results();
        if (results == null) {
            submission.future().completeExceptionally(new IllegalStateException("applied without results"));
        } else if (results.stream().allMatch(RatisGroup::mayBeSeenLater)) {
            submission.future().complete(results);
        } else {
            CompletableFuture<?> unused = state.whenVisible(submission.index())
                    .whenComplete((nothing, failure) -> submission.future().complete(results));
        }
    }

    private static boolean mayBeSeenLater(Result result) {
        return result instanceof Result.Appended || result instanceof Result.Refused;
    }

    private RaftClientRequest request(RaftClientRequest.Type type, Message message) {
        return RaftClientRequest.newBuilder()
                .setClientId(clientId)
                .setServerId(self)
                .setGroupId(groupId)
                .setCallId(calls.incrementAndGet())
                .setMessage(message)
                .setType(type)
                .build();
    }

    /** Completes once this node has applied what was committed anywhere when it was called. */
    CompletableFuture<Void> readIndex(Duration timeout) {
        DivisionInfo info = division.getInfo();
        boolean alone = division.getRaftConf().getCurrentPeers().size() == 1;
        if (alone && !(info.isLeader() && info.isLeaderReady())) {
            // Ratis would answer at once, before what was acknowledged ahead of a restart is applied again.
            return CompletableFuture.failedFuture(RatisFailures.noLeader());
        }
        try {
            CompletableFuture<Void> done = protocol.submitClientRequestAsync(
                            request(RaftClientRequest.readRequestType(), Message.EMPTY))
                    .thenCompose(RatisGroup::succeeded);
            return done.isDone() ? done : done.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static CompletableFuture<Void> succeeded(RaftClientReply reply) {
        if (reply.isSuccess()) {
            return CompletableFuture.completedFuture(null);
        }
        Throwable cause = reply.getException();
        return CompletableFuture.failedFuture(cause == null ? new IOException("no success: " + reply) : cause);
    }

    boolean isAlive() {
        return division.getInfo().isAlive();
    }

    boolean isLeader() {
        return division.getInfo().isLeader();
    }

    /** The leader when it is known and another node; else null. */
    @Nullable
    String otherLeader() {
        RaftPeerId leader = division.getInfo().getLeaderId();
        return leader == null || leader.equals(self) ? null : leader.toString();
    }

    @Override
    public boolean follows(String leader) {
        return division.getInfo().isFollower() && leader.equals(otherLeader());
    }

    @Override
    public boolean forget(String leader, Duration quiet) {
        return elections.forget(
                RaftPeerId.valueOf(leader), TimeDuration.valueOf(quiet.toNanos(), TimeUnit.NANOSECONDS));
    }

    @Override
    public boolean isWithoutLeader() {
        DivisionInfo info = division.getInfo();
        return info.isAlive() && !info.isLeader() && info.getLeaderId() == null;
    }

    @Override
    public boolean stand() {
        return elections.stand();
    }

    Leadership leadership(long applied, ApplyBridge bridge) {
        DivisionInfo info = division.getInfo();
        RaftPeerId leader = info.getLeaderId();
        return new Leadership(
                role(info, bridge.getLifeCycleState()),
                info.getCurrentTerm(),
                leader == null ? null : leader.toString(),
                info.isLeader() && info.isLeaderReady(),
                applied,
                division.getRaftLog().getLastCommittedIndex(),
                bridge.coveredIndex());
    }

    private static Leadership.Role role(DivisionInfo info, LifeCycle.State stateMachine) {
        if (!info.isAlive()) {
            return Leadership.Role.CLOSED;
        }
        if (!info.getLifeCycleState().isRunning() || stateMachine != LifeCycle.State.RUNNING) {
            return Leadership.Role.STARTING;
        }
        if (info.isLeader()) {
            return Leadership.Role.LEADER;
        }
        return info.isCandidate() ? Leadership.Role.CANDIDATE : Leadership.Role.FOLLOWER;
    }

    boolean isHeldUpByDisk() {
        RaftLog log = division.getRaftLog();
        if (!isLeader() || !log.isOpened()) {
            return false;
        }
        long flushed = log.getFlushIndex();
        TermIndex last = log.getLastEntryTermIndex();
        return last != null && disk.isHung(flushed, last.getIndex(), System.nanoTime());
    }

    CompletableFuture<Void> transferLeadership(String nodeId, Duration timeout) {
        TransferLeadershipRequest request = new TransferLeadershipRequest(
                clientId, self, groupId, calls.incrementAndGet(), RaftPeerId.valueOf(nodeId), timeout.toMillis());
        CompletableFuture<RaftClientReply> reply;
        try {
            reply = server.transferLeadershipAsync(request);
        } catch (IOException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        return reply.thenCompose(RatisGroup::succeeded)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(new StoreException(
                                ErrorCode.NO_LEADER, "Leadership could not be handed on: try again.", failure)
                        .with("to", nodeId)));
    }

    Membership membership() {
        return RaftMembers.membership(
                division.getRaftConf(), division.getRaftLog().getLastCommittedIndex());
    }

    /**
     * Changes the members; who is new gets the log first, and votes once it has caught up. Fails when they are not those
     * expected, or a change is under way already.
     */
    CompletableFuture<Void> changeMembers(List<Member> expected, List<Member> wanted) {
        SetConfigurationRequest.Arguments arguments = SetConfigurationRequest.Arguments.newBuilder()
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .setServersInCurrentConf(
                        expected.stream().map(RaftMembers::peer).toList())
                .setServersInNewConf(wanted.stream().map(RaftMembers::peer).toList())
                .build();
        try {
            return server.setConfigurationAsync(
                            new SetConfigurationRequest(clientId, self, groupId, calls.incrementAndGet(), arguments))
                    .thenCompose(RatisGroup::succeeded);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    CompletableFuture<Long> takeSnapshot() {
        try {
            mark.force();
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        return server.snapshotManagementAsync(SnapshotManagementRequest.newCreate(
                        clientId, self, groupId, calls.incrementAndGet(), SNAPSHOT_TIMEOUT_MS, 1))
                .thenCompose(reply -> succeeded(reply).thenApply(done -> reply.getLogIndex()));
    }
}
