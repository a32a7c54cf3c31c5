package io.eckermann.client;

import io.eckermann.protocol.BodyCompression;
import io.eckermann.protocol.Conflict;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendManyResponse;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.AppendResult;
import io.eckermann.protocol.v1.CaughtUp;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.ChunkBatch;
import io.eckermann.protocol.v1.ChunkSlice;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.EventTimePage;
import io.eckermann.protocol.v1.ExplainRequest;
import io.eckermann.protocol.v1.ExplainResponse;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.ReadByEventTimeRequest;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.ReadStarted;
import io.eckermann.protocol.v1.TimelineRequest;
import io.eckermann.protocol.v1.TimelineResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Appends and reads of one node of the fake. */
final class FakeLog extends LogGrpc.LogImplBase {
    private final FakeCluster cluster;
    private final int index;
    /** Frames with events that reads were given on this node. */
    final AtomicInteger framesSent = new AtomicInteger();
    /** A read breaks after so many frames with events; 0: never. */
    volatile int readFramesMax;

    /** While set, a read that is to break waits. */
    volatile boolean breaksHeld;

    volatile boolean corrupt;
    /** Each append is done, but its first answer lost. */
    volatile boolean losesFirstAnswers;

    /** Repetitions find no leader. */
    volatile boolean refusesRepetitions;

    /** By idempotency key. */
    private final Map<String, AppendResponse> requests = new HashMap<>();

    /** What every conditional append is refused with, and the head it is told; empty: nothing. */
    volatile List<Conflict> conflicts = List.of();

    volatile long conflictsHead;

    final List<AppendRequest> conditional = new CopyOnWriteArrayList<>();
    final List<AppendManyRequest> steps = new CopyOnWriteArrayList<>();
    volatile ReadRequest lastRead = ReadRequest.getDefaultInstance();

    FakeLog(FakeCluster cluster, int index) {
        this.cluster = cluster;
        this.index = index;
    }

    /** What {@link #explain} answers. */
    volatile ExplainResponse explained = ExplainResponse.getDefaultInstance();

    volatile ExplainRequest lastExplain = ExplainRequest.getDefaultInstance();

    @Override
    public void explain(ExplainRequest request, StreamObserver<ExplainResponse> answer) {
        lastExplain = request;
        answer.onNext(explained);
        answer.onCompleted();
    }

    @Override
    public void getTimeline(TimelineRequest request, StreamObserver<TimelineResponse> answer) {
        synchronized (cluster) {
            answer.onNext(FakeTimes.timeline(
                    request, cluster.topic(request.getTopic()).events.size()));
        }
        answer.onCompleted();
    }

    @Override
    public void readByEventTime(ReadByEventTimeRequest request, StreamObserver<EventTimePage> answer) {
        synchronized (cluster) {
            answer.onNext(FakeTimes.byEventTime(request, cluster.topic(request.getTopic()).events));
        }
        answer.onCompleted();
    }

    /**
     * Conditions hold here, unless it is told what to say of all. An attempt may be lost once it is done, and then be known
     * again.
     */
    @Override
    public void append(AppendRequest request, StreamObserver<AppendResponse> answer) {
        synchronized (cluster) {
            conditional.add(request);
            if (!conflicts.isEmpty()) {
                answer.onError(refusal());
                return;
            }
            AppendResponse known = requests.get(request.getIdempotencyKey());
            if (known != null && refusesRepetitions) {
                answer.onError(FakeErrors.error(ErrorCode.NO_LEADER, Map.of()));
                return;
            }
            FakeCluster.Log log = cluster.logs.get(request.getTopic());
            long head = log == null ? 0 : log.events.size();
            if (known == null) {
                cluster.fill(request.getTopic(), request.getEncoded().getCount());
            }
            AppendResponse response = known == null
                    ? AppendResponse.newBuilder().setFirst(head + 1).build()
                    : known.toBuilder().setDuplicate(true).build();
            requests.put(request.getIdempotencyKey(), response);
            if (known == null && losesFirstAnswers) {
                answer.onError(Status.UNAVAILABLE.withDescription("lost").asRuntimeException());
            } else {
                answer.onNext(response);
                answer.onCompleted();
            }
        }
    }

    private StatusRuntimeException refusal() {
        return FakeErrors.error(
                ErrorCode.CONDITION_FAILED,
                Map.of(Conflict.FACT, Conflict.text(conflicts), "head", String.valueOf(conflictsHead)));
    }

    /** Does nothing but remember, and answer as for empty topics, unless it is told what to say of conditions. */
    @Override
    public void appendMany(AppendManyRequest request, StreamObserver<AppendManyResponse> answer) {
        steps.add(request);
        if (!conflicts.isEmpty()) {
            answer.onError(refusal());
            return;
        }
        if (losesFirstAnswers && steps.size() == 1) {
            answer.onError(Status.UNAVAILABLE.withDescription("lost").asRuntimeException());
            return;
        }
        AppendManyResponse.Builder response = AppendManyResponse.newBuilder().setDuplicate(steps.size() > 1);
        for (AppendRequest append : request.getAppendsList()) {
            int count = append.getEncoded().getCount();
            response.addAppendsBuilder().setFirst(1).setLast(count).setHead(count);
        }
        for (CommitCursorRequest cursor : request.getCursorsList()) {
            response.addCursorsBuilder()
                    .setConsumer(cursor.getConsumer())
                    .setTopic(cursor.getTopic())
                    .setPosition(cursor.getPosition());
        }
        answer.onNext(response.build());
        answer.onCompleted();
    }

    @Override
    public StreamObserver<AppendRequest> appendStream(StreamObserver<AppendResult> results) {
        cluster.appendStreams.incrementAndGet();
        return new StreamObserver<>() {
            private boolean broken;

            @Override
            public void onNext(AppendRequest request) {
                if (broken) {
                    return;
                }
                FakeCluster.Fate fate;
                synchronized (cluster) {
                    boolean leads = cluster.leaderOf(request.getTopic()) == index;
                    cluster.astray += leads ? 0 : 1;
                    fate = leads ? cluster.nextFate() : FakeCluster.Fate.NOT_LEADER;
                }
                switch (fate) {
                    case ANSWER -> results.onNext(answer(request));
                    case NOT_LEADER -> results.onNext(FakeCluster.problem(ErrorCode.NOT_LEADER));
                    case OVERLOADED -> results.onNext(FakeCluster.problem(ErrorCode.OVERLOADED));
                    case TIMED_OUT_BEFORE -> results.onNext(FakeCluster.problem(ErrorCode.COMMIT_TIMED_OUT));
                    case TIMED_OUT_AFTER -> {
                        AppendResult ignored = cluster.apply(request);
                        results.onNext(FakeCluster.problem(ErrorCode.COMMIT_TIMED_OUT));
                    }
                    case DROP_BEFORE -> drop();
                    case DROP_AFTER -> {
                        AppendResult ignored = cluster.apply(request);
                        drop();
                    }
                    case DROP_STRAGGLING -> {
                        cluster.straggle(request);
                        drop();
                    }
                    case SILENT -> {}
                }
            }

            private AppendResult answer(AppendRequest request) {
                if (request.getConditionsCount() > 0) {
                    conditional.add(request);
                }
                return request.getConditionsCount() == 0 || conflicts.isEmpty()
                        ? cluster.apply(request)
                        : FakeCluster.refusal(
                                conflicts, conflictsHead, request.getProducer().getSequence());
            }

            private void drop() {
                broken = true;
                results.onError(Status.UNAVAILABLE.withDescription("dropped").asRuntimeException());
            }

            @Override
            public void onError(Throwable error) {
                broken = true;
            }

            @Override
            public void onCompleted() {
                results.onCompleted();
            }
        };
    }

    @Override
    public void read(ReadRequest request, StreamObserver<ReadFrame> answer) {
        lastRead = request;
        ServerCallStreamObserver<ReadFrame> out = (ServerCallStreamObserver<ReadFrame>) answer;
        Thread thread = new Thread(() -> serve(request, out), "fake-read");
        thread.setDaemon(true);
        out.setOnReadyHandler(this::wake);
        out.setOnCancelHandler(this::wake);
        thread.start();
    }

    private void wake() {
        synchronized (cluster) {
            cluster.notifyAll();
        }
    }

    private void serve(ReadRequest request, ServerCallStreamObserver<ReadFrame> out) {
        synchronized (cluster) {
            try {
                FakeCluster.Log log = cluster.logs.get(request.getTopic());
                if (log == null) {
                    out.onError(FakeErrors.error(ErrorCode.TOPIC_NOT_FOUND, Map.of("topic", request.getTopic())));
                } else if (request.getDirection() == Direction.BACKWARD) {
                    backward(request, log, out);
                } else {
                    forward(request, log, out);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                // The stream was cancelled under the fake's hands.
                out.onError(e);
            }
        }
    }

    private void forward(ReadRequest request, FakeCluster.Log log, ServerCallStreamObserver<ReadFrame> out)
            throws InterruptedException {
        long head = log.events.size();
        long next = switch (request.getStartCase()) {
            case FROM -> Math.max(1, request.getFrom());
            case AFTER -> request.getAfter() + 1;
            case LAST -> Math.max(1, head - request.getLast() + 1);
            default -> 1;
        };
        started(request, out, next, head);
        long sent = 0;
        boolean told = false;
        for (int frames = 0; !out.isCancelled(); ) {
            long end = log.events.size();
            if (request.getTo() > 0) {
                end = Math.min(end, request.getTo());
            }
            long left = request.getLimit() == 0 ? Long.MAX_VALUE : request.getLimit() - sent;
            if (next <= end && left > 0) {
                int take = (int) Math.min(Math.min(left, end - next + 1), cluster.chunkEvents);
                if (!send(out, slice(log, next, take), frames++)) {
                    return;
                }
                next += take;
                sent += take;
            } else if (!request.getFollow() || left == 0) {
                out.onNext(caughtUp(log.events.size(), next, left > 0));
                out.onCompleted();
                return;
            } else if (!told) {
                told = true;
                out.onNext(caughtUp(log.events.size(), next, true));
            } else {
                cluster.wait(1_000);
            }
        }
    }

    private void backward(ReadRequest request, FakeCluster.Log log, ServerCallStreamObserver<ReadFrame> out)
            throws InterruptedException {
        long head = log.events.size();
        long next = request.getStartCase() == ReadRequest.StartCase.FROM ? Math.min(head, request.getFrom()) : head;
        long limit = request.getLimit() == 0 ? Long.MAX_VALUE : request.getLimit();
        if (request.getStartCase() == ReadRequest.StartCase.LAST) {
            limit = Math.min(limit, request.getLast());
        }
        started(request, out, next, head);
        long lowest = Math.max(1, request.getTo());
        for (int frames = 0; next >= lowest && limit > 0; frames++) {
            int take = (int) Math.min(Math.min(limit, next - lowest + 1), cluster.chunkEvents);
            if (!send(out, slice(log, next - take + 1, take), frames)) {
                return;
            }
            next -= take;
            limit -= take;
        }
        out.onNext(caughtUp(head, 0, next == 0));
        out.onCompleted();
    }

    /** As if all events were of the key asked for. */
    private static void started(ReadRequest request, StreamObserver<ReadFrame> out, long position, long head) {
        ReadStarted.Builder started =
                ReadStarted.newBuilder().setPosition(position).setHead(head);
        if (request.hasKey()) {
            started.setKeyVersion(head);
        }
        out.onNext(ReadFrame.newBuilder().setStarted(started).build());
    }

    private boolean send(ServerCallStreamObserver<ReadFrame> out, ReadFrame frame, int before)
            throws InterruptedException {
        if (readFramesMax > 0 && before == readFramesMax) {
            while (breaksHeld) {
                cluster.wait(10);
            }
            out.onError(Status.UNAVAILABLE.withDescription("read dropped").asRuntimeException());
            return false;
        }
        while (!out.isReady() && !out.isCancelled()) {
            cluster.wait(1_000);
        }
        if (out.isCancelled()) {
            return false;
        }
        framesSent.incrementAndGet();
        out.onNext(frame);
        return true;
    }

    /** The events within a chunk that has one more at either side where there is one, to be left out by the client. */
    private ReadFrame slice(FakeCluster.Log log, long first, int take) {
        int skip = first > 1 ? 1 : 0;
        int beyond = first + take <= log.events.size() ? 1 : 0;
        List<io.eckermann.protocol.v1.Event> events =
                log.events.subList((int) first - 1 - skip, (int) first - 1 + take + beyond);
        // Every other one as a chunk within a compressed body that holds more.
        boolean shared = take % 2 == 1;
        Encoding as = shared ? Encoding.ZSTD : Encoding.PLAIN;
        EncodedEvents encoded =
                EventsCodec.encoded(as, BodyCompression.compress(as, EventsCodec.body(events)), events.size());
        Chunk chunk = Chunk.newBuilder()
                .setFirstPosition(shared ? first : first - skip)
                .setCount(shared ? take : encoded.getCount())
                .setSkip(shared ? skip : 0)
                .setFirstRecordedNs(7_000 + (shared ? first : first - skip))
                .setEncoding(encoded.getEncoding())
                .setCrc32C(corrupt ? ~encoded.getCrc32C() : encoded.getCrc32C())
                .setBody(encoded.getBody())
                .build();
        return ReadFrame.newBuilder()
                .setChunks(ChunkBatch.newBuilder()
                        .addChunks(ChunkSlice.newBuilder()
                                .setChunk(chunk)
                                .setSkip(shared ? 0 : skip)
                                .setTake(take)))
                .build();
    }

    private static ReadFrame caughtUp(long head, long next, boolean complete) {
        return ReadFrame.newBuilder()
                .setCaughtUp(CaughtUp.newBuilder().setHead(head).setNext(next).setComplete(complete))
                .build();
    }
}
