package io.eckermann.client.transport;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendManyResponse;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.ChangeMembersRequest;
import io.eckermann.protocol.v1.ChangeMembersResponse;
import io.eckermann.protocol.v1.CheckPayloadRequest;
import io.eckermann.protocol.v1.CheckPayloadResponse;
import io.eckermann.protocol.v1.ClusterGrpc;
import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.CompareStatesRequest;
import io.eckermann.protocol.v1.CompareStatesResponse;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.CreateTopicResponse;
import io.eckermann.protocol.v1.Cursor;
import io.eckermann.protocol.v1.CursorsGrpc;
import io.eckermann.protocol.v1.DeleteCursorRequest;
import io.eckermann.protocol.v1.DeleteCursorResponse;
import io.eckermann.protocol.v1.DeleteEventRequest;
import io.eckermann.protocol.v1.DeleteEventResponse;
import io.eckermann.protocol.v1.DeleteSchemaRequest;
import io.eckermann.protocol.v1.DeleteSchemaResponse;
import io.eckermann.protocol.v1.DeleteTopicRequest;
import io.eckermann.protocol.v1.DeleteTopicResponse;
import io.eckermann.protocol.v1.DrainRequest;
import io.eckermann.protocol.v1.DrainResponse;
import io.eckermann.protocol.v1.EventTimePage;
import io.eckermann.protocol.v1.ExplainRequest;
import io.eckermann.protocol.v1.ExplainResponse;
import io.eckermann.protocol.v1.GetClusterRequest;
import io.eckermann.protocol.v1.GetCursorRequest;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.GetHeadResponse;
import io.eckermann.protocol.v1.GetKeyRequest;
import io.eckermann.protocol.v1.GetKeyResponse;
import io.eckermann.protocol.v1.GetSchemaRequest;
import io.eckermann.protocol.v1.GetTopicRequest;
import io.eckermann.protocol.v1.ListCursorsRequest;
import io.eckermann.protocol.v1.ListCursorsResponse;
import io.eckermann.protocol.v1.ListSchemasRequest;
import io.eckermann.protocol.v1.ListSchemasResponse;
import io.eckermann.protocol.v1.ListTopicsRequest;
import io.eckermann.protocol.v1.ListTopicsResponse;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.PutSchemaRequest;
import io.eckermann.protocol.v1.PutSchemaResponse;
import io.eckermann.protocol.v1.ReadByEventTimeRequest;
import io.eckermann.protocol.v1.ResetCursorRequest;
import io.eckermann.protocol.v1.ScavengeRequest;
import io.eckermann.protocol.v1.ScavengeResponse;
import io.eckermann.protocol.v1.Schema;
import io.eckermann.protocol.v1.SchemasGrpc;
import io.eckermann.protocol.v1.ScrubRequest;
import io.eckermann.protocol.v1.ScrubResponse;
import io.eckermann.protocol.v1.TimelineRequest;
import io.eckermann.protocol.v1.TimelineResponse;
import io.eckermann.protocol.v1.Topic;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.eckermann.protocol.v1.TransferLeadershipRequest;
import io.eckermann.protocol.v1.TransferLeadershipResponse;
import io.eckermann.protocol.v1.TruncateTopicRequest;
import io.eckermann.protocol.v1.TruncateTopicResponse;
import io.eckermann.protocol.v1.UpdateTopicRequest;
import io.eckermann.protocol.v1.UpdateTopicResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls with one answer, to any node, each within one timeout. A failed attempt is repeated on the next node when that is
 * safe: always for reads and for writes that say the same twice, otherwise only when the attempt changed nothing. Futures
 * fail with a {@link FailedException}.
 */
public final class Calls {
    private static final long ATTEMPT_MS_MIN = 1_000;

    /** What repeating an operation does. */
    enum Kind {
        READ,
        IDEMPOTENT,
        ONCE
    }

    private final Network network;
    private final Duration timeout;
    private final int retriesMax;

    public Calls(Network network, Duration timeout, int retriesMax) {
        this.network = network;
        this.timeout = timeout;
        this.retriesMax = retriesMax;
    }

    public CompletableFuture<CreateTopicResponse> createTopic(CreateTopicRequest request) {
        return call(TopicsGrpc.getCreateTopicMethod(), request, Kind.IDEMPOTENT);
    }

    public CompletableFuture<Topic> getTopic(GetTopicRequest request) {
        return call(TopicsGrpc.getGetTopicMethod(), request, Kind.READ);
    }

    public CompletableFuture<ListTopicsResponse> listTopics(ListTopicsRequest request) {
        return call(TopicsGrpc.getListTopicsMethod(), request, Kind.READ);
    }

    public CompletableFuture<DeleteTopicResponse> deleteTopic(DeleteTopicRequest request) {
        return call(TopicsGrpc.getDeleteTopicMethod(), request, Kind.ONCE);
    }

    public CompletableFuture<UpdateTopicResponse> updateTopic(UpdateTopicRequest request) {
        return call(TopicsGrpc.getUpdateTopicMethod(), request, Kind.IDEMPOTENT);
    }

    public CompletableFuture<TruncateTopicResponse> truncateTopic(TruncateTopicRequest request) {
        return call(TopicsGrpc.getTruncateTopicMethod(), request, Kind.IDEMPOTENT);
    }

    public CompletableFuture<DeleteEventResponse> deleteEvent(DeleteEventRequest request) {
        return call(TopicsGrpc.getDeleteEventMethod(), request, Kind.IDEMPOTENT);
    }

    /** The same again finds that nothing is to be done. */
    public CompletableFuture<PutSchemaResponse> putSchema(PutSchemaRequest request) {
        return call(SchemasGrpc.getPutSchemaMethod(), request, Kind.IDEMPOTENT);
    }

    public CompletableFuture<Schema> getSchema(GetSchemaRequest request) {
        return call(SchemasGrpc.getGetSchemaMethod(), request, Kind.READ);
    }

    public CompletableFuture<ListSchemasResponse> listSchemas(ListSchemasRequest request) {
        return call(SchemasGrpc.getListSchemasMethod(), request, Kind.READ);
    }

    public CompletableFuture<DeleteSchemaResponse> deleteSchema(DeleteSchemaRequest request) {
        return call(SchemasGrpc.getDeleteSchemaMethod(), request, Kind.ONCE);
    }

    public CompletableFuture<CheckPayloadResponse> checkPayload(CheckPayloadRequest request) {
        return call(SchemasGrpc.getCheckPayloadMethod(), request, Kind.READ);
    }

    public CompletableFuture<GetHeadResponse> getHead(GetHeadRequest request) {
        return call(LogGrpc.getGetHeadMethod(), request, Kind.READ);
    }

    public CompletableFuture<GetKeyResponse> getKey(GetKeyRequest request) {
        return call(LogGrpc.getGetKeyMethod(), request, Kind.READ);
    }

    public CompletableFuture<ExplainResponse> explain(ExplainRequest request) {
        return call(LogGrpc.getExplainMethod(), request, Kind.READ);
    }

    /** An append whose idempotency key makes its repetition find what it did. */
    public CompletableFuture<AppendResponse> append(AppendRequest request) {
        return call(LogGrpc.getAppendMethod(), request, Kind.IDEMPOTENT);
    }

    /** The same of an append to several topics. */
    public CompletableFuture<AppendManyResponse> appendMany(AppendManyRequest request) {
        return call(LogGrpc.getAppendManyMethod(), request, Kind.IDEMPOTENT);
    }

    /** A commit that expects a position is not repeated when it may be done: the repetition would find it moved. */
    public CompletableFuture<Cursor> commitCursor(CommitCursorRequest request) {
        return call(CursorsGrpc.getCommitCursorMethod(), request, request.hasExpected() ? Kind.ONCE : Kind.IDEMPOTENT);
    }

    /** As a commit. */
    public CompletableFuture<Cursor> resetCursor(ResetCursorRequest request) {
        return call(CursorsGrpc.getResetCursorMethod(), request, request.hasExpected() ? Kind.ONCE : Kind.IDEMPOTENT);
    }

    public CompletableFuture<EventTimePage> readByEventTime(ReadByEventTimeRequest request) {
        return call(LogGrpc.getReadByEventTimeMethod(), request, Kind.READ);
    }

    public CompletableFuture<TimelineResponse> timeline(TimelineRequest request) {
        return call(LogGrpc.getGetTimelineMethod(), request, Kind.READ);
    }

    public CompletableFuture<Cursor> getCursor(GetCursorRequest request) {
        return call(CursorsGrpc.getGetCursorMethod(), request, Kind.READ);
    }

    public CompletableFuture<ListCursorsResponse> listCursors(ListCursorsRequest request) {
        return call(CursorsGrpc.getListCursorsMethod(), request, Kind.READ);
    }

    public CompletableFuture<DeleteCursorResponse> deleteCursor(DeleteCursorRequest request) {
        return call(CursorsGrpc.getDeleteCursorMethod(), request, Kind.ONCE);
    }

    public CompletableFuture<ClusterView> cluster() {
        return call(ClusterGrpc.getGetClusterMethod(), GetClusterRequest.getDefaultInstance(), Kind.READ);
    }

    public CompletableFuture<ScavengeResponse> scavenge(ScavengeRequest request) {
        return call(ClusterGrpc.getScavengeMethod(), request, Kind.IDEMPOTENT);
    }

    public CompletableFuture<ScrubResponse> scrub(ScrubRequest request) {
        return call(ClusterGrpc.getScrubMethod(), request, Kind.IDEMPOTENT);
    }

    public CompletableFuture<CompareStatesResponse> compareStates() {
        return call(ClusterGrpc.getCompareStatesMethod(), CompareStatesRequest.getDefaultInstance(), Kind.IDEMPOTENT);
    }

    public CompletableFuture<TransferLeadershipResponse> transferLeadership(TransferLeadershipRequest request) {
        return call(ClusterGrpc.getTransferLeadershipMethod(), request, Kind.IDEMPOTENT);
    }

    public CompletableFuture<DrainResponse> drain(DrainRequest request) {
        return call(ClusterGrpc.getDrainMethod(), request, Kind.IDEMPOTENT);
    }

    /** The same again waits for what is under way. */
    public CompletableFuture<ChangeMembersResponse> changeMembers(ChangeMembersRequest request, Duration longer) {
        return call(ClusterGrpc.getChangeMembersMethod(), request, Kind.IDEMPOTENT, longer);
    }

    <Q, R> CompletableFuture<R> call(MethodDescriptor<Q, R> method, Q request, Kind kind) {
        return call(method, request, kind, Duration.ZERO);
    }

    /** As the others, of an operation that may take so much longer; what refuses it is not waited for any longer. */
    <Q, R> CompletableFuture<R> call(MethodDescriptor<Q, R> method, Q request, Kind kind, Duration longer) {
        Attempts<Q, R> attempts = new Attempts<>(method, request, kind, timeout.plus(longer));
        attempts.next();
        return attempts.answer;
    }

    static <Q, R> CompletableFuture<R> single(
            Channel channel, MethodDescriptor<Q, R> method, Q request, CallOptions options) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        ClientCalls.asyncUnaryCall(channel.newCall(method, options), request, new StreamObserver<R>() {
            private @Nullable R value;

            @Override
            public void onNext(R message) {
                value = message;
            }

            @Override
            public void onError(Throwable error) {
                answer.completeExceptionally(new FailedException(Failure.of(error)));
            }

            @Override
            public void onCompleted() {
                answer.complete(value);
            }
        });
        return answer;
    }

    /** One call and its repetitions; steps follow each other, so there is no race. */
    private final class Attempts<Q, R> {
        private final MethodDescriptor<Q, R> method;
        private final Q request;
        private final Kind kind;
        private final Duration whole;
        private final long deadlineNs;
        final CompletableFuture<R> answer = new CompletableFuture<>();
        private int made;
        private long attemptNs;
        /** When the first attempt began of those in a row that came to nothing. */
        private OptionalLong inVainNs = OptionalLong.empty();
        /** Of one attempt at least it is not known what it did. */
        private boolean leftOpen;

        Attempts(MethodDescriptor<Q, R> method, Q request, Kind kind, Duration whole) {
            this.method = method;
            this.request = request;
            this.kind = kind;
            this.whole = whole;
            this.deadlineNs = System.nanoTime() + whole.toNanos();
        }

        void next() {
            made++;
            attemptNs = System.nanoTime();
            List<String> nodes = network.candidates();
            String node = nodes.get(0);
            long leftMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime()));
            // A silent node must not use up the time of the others.
            long attemptMs =
                    kind == Kind.ONCE ? leftMs : Math.min(leftMs, Math.max(ATTEMPT_MS_MIN, whole.toMillis() / 3));
            CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(attemptMs, TimeUnit.MILLISECONDS);
            CompletableFuture<R> attempt;
            try {
                attempt = single(network.channel(node), method, request, options);
            } catch (FailedException e) {
                answer.completeExceptionally(e);
                return;
            }
            CompletableFuture<R> unused = attempt.whenComplete((value, error) -> {
                if (error == null) {
                    network.worked(node);
                    answer.complete(value);
                } else {
                    failed(node, Failure.of(Network.unwrap(error)));
                }
            });
        }

        private void failed(String node, Failure met) {
            Failure failure = kind == Kind.READ ? met.ofRead() : met;
            // One that is cut off knows no leader, where another does.
            if (failure.unreached() || failure.is(ErrorCode.NOT_READY) || failure.is(ErrorCode.NO_LEADER)) {
                network.failed(node);
            }
            leftOpen |= failure.mayBeDone();
            long delayMs = Backoff.delayMs(made);
            boolean safe = kind != Kind.ONCE || !failure.mayBeDone();
            boolean time = leftNs(failure) > TimeUnit.MILLISECONDS.toNanos(delayMs);
            if (failure.retryable() && safe && time && made <= retriesMax) {
                if (network.after(delayMs, this::next)) {
                    return;
                }
            }
            Failure last = failure.unreached() ? failure.with("endpoint", node) : failure;
            // That the last attempt did nothing says nothing of those before. But conditions are judged only when none
            // of
            // them was accepted under their idempotency key.
            boolean mayBeDone = leftOpen && !failure.is(ErrorCode.CONDITION_FAILED);
            answer.completeExceptionally(
                    new FailedException(last.withMayBeDone(mayBeDone).with("attempts", made)));
        }

        /** For what was at work, and broke off or did not end in time, all that is left; else what one request may take. */
        private long leftNs(Failure failure) {
            long nowNs = System.nanoTime();
            if (failure.mayBeDone() && nowNs - attemptNs > timeout.toNanos()) {
                inVainNs = OptionalLong.empty();
            } else if (inVainNs.isEmpty()) {
                inVainNs = OptionalLong.of(attemptNs);
            }
            long givenUpNs = inVainNs.orElse(nowNs) + timeout.toNanos();
            return Math.min(deadlineNs - nowNs, givenUpNs - nowNs);
        }
    }
}
