package io.eckermann.gateway.read;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.Shard;
import io.eckermann.gateway.ShardReads;
import io.eckermann.gateway.Shards;
import io.eckermann.gateway.access.Principal;
import io.eckermann.gateway.access.Quotas;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.EventTimePage;
import io.eckermann.protocol.v1.ExplainRequest;
import io.eckermann.protocol.v1.ExplainResponse;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.GetHeadResponse;
import io.eckermann.protocol.v1.GetKeyRequest;
import io.eckermann.protocol.v1.GetKeyResponse;
import io.eckermann.protocol.v1.ReadByEventTimeRequest;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.TimelineRequest;
import io.eckermann.protocol.v1.TimelineResponse;
import io.eckermann.statemachine.KeyState;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.query.Filter;
import io.eckermann.statemachine.query.TermUse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** Opens reads. Safe from any thread; never blocks the caller. */
public final class ReadHandler {
    private static final Duration SLOW_AFTER = Duration.ofSeconds(5);

    private final Shards shards;
    private final Duration slowAfter;
    private final Quotas quotas;
    private final Executor streams;
    private final NewsDesk desk;
    private final ShardReads questions;
    private final ServedReads served = new ServedReads();
    private final ReadMemory memory;

    /** Without quotas, in a part of this process's memory. */
    public ReadHandler(Shards shards, Executor reads, Executor streams, ScheduledExecutorService timer) {
        this(shards, reads, streams, timer, Quotas.NONE, new ReadMemory());
    }

    /**
     * @param reads where requests ask the view; may refuse when there are too many
     * @param streams where open reads go on; refuses nothing, as their number is bounded by what was let in
     * @param quotas of whoever makes the call that the calling thread is about
     * @param memory for what readers do not take
     */
    public ReadHandler(
            Shards shards,
            Executor reads,
            Executor streams,
            ScheduledExecutorService timer,
            Quotas quotas,
            ReadMemory memory) {
        this(shards, reads, streams, timer, SLOW_AFTER, quotas, memory);
    }

    /** @param slowAfter how long a following reader may leave alone what it was given before it is told that it is slow */
    ReadHandler(
            Shards shards,
            Executor reads,
            Executor streams,
            ScheduledExecutorService timer,
            Duration slowAfter,
            Quotas quotas,
            ReadMemory memory) {
        this.shards = shards;
        this.memory = memory;
        this.quotas = quotas;
        this.slowAfter = slowAfter;
        this.streams = streams;
        this.desk = new NewsDesk(topicId -> shards.of(topicId).heads(), streams, timer);
        this.questions = new ShardReads(shards, reads);
    }

    /**
     * Checks the request, waits for its consistency, finds its start.
     *
     * @param timeout for that much, not for the stream
     */
    public CompletableFuture<ReadStream> open(ReadRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            ReadRules.check(request);
            Principal reader = Principal.current();
            quotas.beginRead(reader);
            Deadline deadline = Deadline.after(timeout);
            return selection(request)
                    .thenCompose(selection ->
                            topicId(request, deadline).thenCompose(id -> opened(request, selection, id, deadline)))
                    .thenApply(served::counted)
                    .thenApply(
                            stream -> quotas == Quotas.NONE ? stream : new PacedRead(stream, reader, quotas, streams))
                    .thenApply(stream -> new HeldRead(stream, memory));
        });
    }

    /** What reads were given so far. */
    public ServedReads served() {
        return served;
    }

    /** What readers were sent and have not taken. */
    public ReadMemory memory() {
        return memory;
    }

    /** Compiles an expression elsewhere, as that may take long. */
    private CompletableFuture<Selection> selection(ReadRequest request) {
        return request.getFilter().isEmpty()
                ? CompletableFuture.completedFuture(Selection.of(request))
                : CompletableFuture.supplyAsync(() -> Selection.of(request), streams);
    }

    private CompletableFuture<Long> topicId(ReadRequest request, Deadline deadline) {
        String name = request.getTopic();
        return questions
                .read(name, request.getConsistency(), deadline, view -> view.topic(name))
                .thenCompose(found -> {
                    // Who knows of an event knows that the topic exists: this node only has not heard of it yet.
                    if (found.isEmpty() && request.getAtLeast() > 0) {
                        return questions.read(name, Consistency.LINEARIZABLE, deadline, view -> view.topic(name));
                    }
                    return CompletableFuture.completedFuture(found);
                })
                .thenApply(found ->
                        found.orElseThrow(() -> ShardReads.topicNotFound(name)).id());
    }

    private CompletableFuture<ReadStream> opened(
            ReadRequest request, Selection selection, long topicId, Deadline deadline) {
        NewsWait news = desk.listen(topicId);
        return reached(request, topicId, news, deadline)
                .thenComposeAsync(topic -> stream(request, selection, topic, news, deadline), streams)
                .whenComplete((stream, failure) -> {
                    if (failure != null) {
                        news.close();
                    }
                });
    }

    /** The topic, once it has the position that the reader wants to be there at least. */
    private CompletableFuture<TopicState> reached(ReadRequest request, long topicId, NewsWait news, Deadline deadline) {
        return CompletableFuture.supplyAsync(
                        () -> {
                            news.looking();
                            return current(request, topicId);
                        },
                        streams)
                .thenCompose(topic -> {
                    if (topic.head() >= request.getAtLeast()) {
                        return CompletableFuture.completedFuture(topic);
                    }
                    return news.await(deadline.atNanos()).thenCompose(what -> {
                        if (what == NewsWait.News.CHANGED) {
                            return reached(request, topicId, news, deadline);
                        }
                        throw new StoreException(
                                        ErrorCode.NOT_CAUGHT_UP,
                                        "This node has not reached the position in time: try again, or another node.")
                                .with("at_least", request.getAtLeast())
                                .with("head", topic.head());
                    });
                });
    }

    private TopicState current(ReadRequest request, long topicId) {
        Optional<TopicState> topic = shards.of(topicId).view().topic(topicId);
        return topic.orElseThrow(() -> ShardReads.topicNotFound(request.getTopic()));
    }

    private CompletableFuture<ReadStream> stream(
            ReadRequest asked, Selection selection, TopicState topic, NewsWait news, Deadline deadline) {
        Shard shard = shards.of(topic.id());
        ReadRequest request = TimeRange.bounded(asked, shard.view(), topic);
        if (selection.isAll()) {
            ReadStart start = ReadStart.of(request, shard.view(), topic);
            return CompletableFuture.completedFuture(
                    new TopicReader(shard, streams, request, selection, topic, start, news, allowance()));
        }
        String wanted = selection.terms() == null ? null : selection.terms().key();
        // Head and version of one moment: a condition on the version must not let in what the reader has not seen.
        KeyState key = wanted == null
                ? new KeyState(topic, 0, 0)
                : shard.view().key(topic.id(), wanted).orElseThrow(() -> ShardReads.topicNotFound(topic.name()));
        return counted(request, selection, key.topic(), deadline).thenApply(counted -> {
            ReadStart start = ReadStart.of(counted, shard.view(), key.topic());
            return new TopicReader(
                    shard,
                    streams,
                    counted,
                    selection,
                    key.topic(),
                    wanted == null ? start : start.withKeyVersion(key.version()),
                    news,
                    allowance());
        });
    }

    private Allowance allowance() {
        return new Allowance(new Slowness(slowAfter), memory);
    }

    /** The same request, with a start and a limit in place of a count of events that match. */
    private CompletableFuture<ReadRequest> counted(
            ReadRequest request, Selection selection, TopicState topic, Deadline deadline) {
        ReadView view = shards.of(topic.id()).view();
        if (selection.expression() == null && selection.terms() != null) {
            return CompletableFuture.completedFuture(Matches.counted(request, view, topic, selection.terms()));
        }
        if (!request.hasLast() || request.getDirection() == Direction.BACKWARD) {
            return CompletableFuture.completedFuture(Matches.limited(request, topic));
        }
        return new LastMatches(view, topic, selection, streams, deadline)
                .begin(request.getLast())
                .thenApply(first -> request.toBuilder().setFrom(first).build());
    }

    public CompletableFuture<GetKeyResponse> key(GetKeyRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String name = Names.anyTopic(request.getTopic());
            ReadRules.checkKey(request.getKey());
            return questions.read(name, request.getConsistency(), Deadline.after(timeout), view -> {
                KeyState key = view.key(ShardReads.topic(view, name).id(), request.getKey())
                        .orElseThrow(() -> ShardReads.topicNotFound(name));
                return GetKeyResponse.newBuilder()
                        .setVersion(key.version())
                        .setLast(key.last())
                        .setHead(key.topic().head())
                        .build();
            });
        });
    }

    public CompletableFuture<ExplainResponse> explain(ExplainRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String name = Names.anyTopic(request.getTopic());
            Filter filter = ReadRules.filter(request);
            return questions.read(name, request.getConsistency(), Deadline.after(timeout), view -> {
                TopicState topic = ShardReads.topic(view, name);
                ExplainResponse.Builder answer = ExplainResponse.newBuilder().setHead(topic.head());
                for (TermUse use : view.explain(topic.id(), filter, request.getAfter() + 1)) {
                    answer.addRangesBuilder()
                            .setItem(use.item())
                            .setKind(use.kind().name().toLowerCase(Locale.ROOT))
                            .setText(use.text())
                            .setRows(use.rows())
                            .setEvents(use.events())
                            .setCountedAll(use.countedAll());
                }
                return answer.build();
            });
        });
    }

    /** A page in the order of business times, of a topic that indexes them. */
    public CompletableFuture<EventTimePage> byEventTime(ReadByEventTimeRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String name = Names.anyTopic(request.getTopic());
            EventTimePages.check(request);
            return questions.read(
                    name,
                    request.getConsistency(),
                    Deadline.after(timeout),
                    view -> EventTimePages.page(view, ShardReads.topic(view, name), request));
        });
    }

    public CompletableFuture<TimelineResponse> timeline(TimelineRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String name = Names.anyTopic(request.getTopic());
            Timelines.check(request);
            return questions.read(
                    name,
                    request.getConsistency(),
                    Deadline.after(timeout),
                    view -> Timelines.page(view, ShardReads.topic(view, name), request));
        });
    }

    public CompletableFuture<GetHeadResponse> head(GetHeadRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String name = Names.anyTopic(request.getTopic());
            return questions.read(name, request.getConsistency(), Deadline.after(timeout), view -> {
                TopicState topic = ShardReads.topic(view, name);
                return GetHeadResponse.newBuilder()
                        .setHead(topic.head())
                        .setFirst(topic.first())
                        .setLastRecordedNs(topic.lastRecordedNs())
                        .build();
            });
        });
    }
}
