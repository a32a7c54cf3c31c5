package io.eckermann.gateway.peers;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.internal.v1.CommandAnswer;
import io.eckermann.protocol.internal.v1.CommandRequest;
import io.eckermann.protocol.internal.v1.FetchBodiesRequest;
import io.eckermann.protocol.internal.v1.FetchBodiesResponse;
import io.eckermann.protocol.internal.v1.FetchSnapshotRequest;
import io.eckermann.protocol.internal.v1.GetStatusRequest;
import io.eckermann.protocol.internal.v1.GetStatusResponse;
import io.eckermann.protocol.internal.v1.GreetRequest;
import io.eckermann.protocol.internal.v1.GreetResponse;
import io.eckermann.protocol.internal.v1.Outcome;
import io.eckermann.protocol.internal.v1.PeersGrpc;
import io.eckermann.protocol.internal.v1.SnapshotPart;
import io.eckermann.protocol.internal.v1.Submission;
import io.eckermann.protocol.v1.ScavengeRequest;
import io.eckermann.protocol.v1.ScavengeResponse;
import io.eckermann.protocol.v1.ScrubRequest;
import io.eckermann.protocol.v1.ScrubResponse;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Result;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this node answers to the other nodes; greetings and status also before it takes part in Raft. */
public final class PeersService extends PeersGrpc.PeersImplBase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeersService.class);

    private final Greetings greetings;
    private final Supplier<GetStatusResponse> status;
    private final List<LeaderRoute> routes;
    private final List<SnapshotSender> snapshots;
    private final Function<ScavengeRequest, ScavengeResponse> scavenges;
    private final ClusterCommands commands;
    private final Mending mending;
    private final Executor disk;
    private final Set<Submissions> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Calls may come on threads that must not block.
     *
     * @param routes of each shard, as the next
     * @param commands as this node does them itself
     * @param disk for what waits for the disk
     */
    public PeersService(
            Greetings greetings,
            Supplier<GetStatusResponse> status,
            List<LeaderRoute> routes,
            List<SnapshotSender> snapshots,
            Function<ScavengeRequest, ScavengeResponse> scavenges,
            ClusterCommands commands,
            Mending mending,
            Executor disk) {
        this.scavenges = scavenges;
        this.commands = commands;
        this.mending = mending;
        this.greetings = greetings;
        this.disk = disk;
        this.status = status;
        this.routes = List.copyOf(routes);
        this.snapshots = List.copyOf(snapshots);
    }

    @Override
    public void greet(GreetRequest request, StreamObserver<GreetResponse> observer) {
        disk.execute(() -> answer(request, observer));
    }

    private void answer(GreetRequest request, StreamObserver<GreetResponse> observer) {
        try {
            GreetResponse answer = greetings.answer(request);
            observer.onNext(answer);
            observer.onCompleted();
        } catch (IOException e) {
            LOG.error("A greeting could not be remembered, so it is not answered", e);
            observer.onError(Status.UNAVAILABLE
                    .withDescription(e.toString())
                    .withCause(e)
                    .asRuntimeException());
        }
    }

    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> observer) {
        observer.onNext(status.get());
        observer.onCompleted();
    }

    @Override
    public StreamObserver<Submission> submit(StreamObserver<Outcome> observer) {
        Submissions submissions = new Submissions((ServerCallStreamObserver<Outcome>) observer);
        open.add(submissions);
        if (closed) {
            submissions.onCompleted();
        }
        return submissions;
    }

    /** Ends the streams of submissions, each once the outcomes of what is under way on it are told. */
    @Override
    public void close() {
        closed = true;
        open.forEach(Submissions::onCompleted);
    }

    @Override
    public void fetchSnapshot(FetchSnapshotRequest request, StreamObserver<SnapshotPart> observer) {
        try {
            of(request.getShard(), snapshots).send(request, (ServerCallStreamObserver<SnapshotPart>) observer);
        } catch (StoreException e) {
            observer.onError(Status.NOT_FOUND.withDescription(e.getMessage()).asRuntimeException());
        }
    }

    private static <T> T of(int shard, List<T> shards) {
        if (shard < 0 || shard >= shards.size()) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "This node has no such shard.").with("shard", shard);
        }
        return shards.get(shard);
    }

    @Override
    public void scavenge(ScavengeRequest request, StreamObserver<ScavengeResponse> observer) {
        observer.onNext(scavenges.apply(request));
        observer.onCompleted();
    }

    @Override
    public void scrub(ScrubRequest request, StreamObserver<ScrubResponse> observer) {
        observer.onNext(mending.scrubs().apply(request));
        observer.onCompleted();
    }

    @Override
    public void fetchBodies(FetchBodiesRequest request, StreamObserver<FetchBodiesResponse> observer) {
        disk.execute(() -> {
            try {
                if (!request.getClusterId().equals(mending.clusterId())) {
                    throw new StoreException(ErrorCode.BAD_REQUEST, "This node belongs to another cluster.");
                }
                observer.onNext(PeerBodies.answer(request, of(request.getShard(), mending.bodies())));
                observer.onCompleted();
            } catch (StoreException e) {
                observer.onError(Status.UNAVAILABLE
                        .withDescription(e.getMessage())
                        .withCause(e)
                        .asRuntimeException());
            }
        });
    }

    @Override
    public void command(CommandRequest request, StreamObserver<CommandAnswer> observer) {
        var unused = PeerCommands.answer(commands, request).thenAccept(answer -> {
            observer.onNext(answer);
            observer.onCompleted();
        });
    }

    /** The submissions of one other node. Outcomes come from many threads, in any order. */
    private final class Submissions implements StreamObserver<Submission> {
        private final ServerCallStreamObserver<Outcome> outcomes;
        /** Under the lock of this object, from here on. */
        private int underWay;

        private boolean ending;
        private boolean over;

        Submissions(ServerCallStreamObserver<Outcome> outcomes) {
            this.outcomes = outcomes;
            outcomes.setOnCancelHandler(this::cancelled);
            // As many as the other side may have in flight, then one more for each outcome.
            outcomes.disableAutoRequest();
            outcomes.request(SubmitStream.IN_FLIGHT_MAX);
            outcomes.onNext(Outcome.newBuilder().setNumber(0).build());
        }

        @Override
        public void onNext(Submission submission) {
            CompletableFuture<Result> result;
            try {
                if (!begin()) {
                    throw new StoreException(ErrorCode.NOT_READY, "The node is stopping; ask another one.");
                }
                result = of(submission.getShard(), routes)
                        .submitHere(CommandCodec.decodeOperation(submission.getOperation()));
            } catch (RuntimeException e) {
                result = CompletableFuture.failedFuture(e);
            }
            var unused = result.whenComplete((done, failure) -> send(outcome(submission.getNumber(), done, failure)));
        }

        private synchronized boolean begin() {
            underWay++;
            return !ending;
        }

        private Outcome outcome(long number, @Nullable Result done, @Nullable Throwable failure) {
            Outcome.Builder outcome = Outcome.newBuilder().setNumber(number);
            if (done != null) {
                return outcome.setResult(CommandCodec.encode(done)).build();
            }
            StoreException known = Problems.unwrap(Objects.requireNonNull(failure));
            return outcome.setProblem(Problems.encode(known)).build();
        }

        private synchronized void send(Outcome outcome) {
            underWay--;
            if (!over) {
                outcomes.onNext(outcome);
                outcomes.request(1);
                endIfDone();
            }
        }

        private void endIfDone() {
            if (ending && underWay == 0 && !over) {
                over = true;
                open.remove(this);
                outcomes.onCompleted();
            }
        }

        private synchronized void cancelled() {
            over = true;
            open.remove(this);
        }

        @Override
        public void onError(Throwable failure) {
            cancelled();
        }

        @Override
        public synchronized void onCompleted() {
            ending = true;
            endIfDone();
        }
    }
}
