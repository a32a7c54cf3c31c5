package io.eckermann.gateway;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.BodyCompression;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.CompactionDue;
import io.eckermann.statemachine.CursorState;
import io.eckermann.statemachine.EventTime;
import io.eckermann.statemachine.EventTimes;
import io.eckermann.statemachine.HeadSignal;
import io.eckermann.statemachine.KeyState;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.StoredChunk;
import io.eckermann.statemachine.TimeSeek;
import io.eckermann.statemachine.TimelineSlot;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.Unread;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.query.Filter;
import io.eckermann.statemachine.query.TermUse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A shard in memory that applies at once: simple enough to be right, and it can be told to lag behind. */
public final class MemoryShard implements ReadView, WriteRoute, ReadBarrier {
    private static final long CREATED_NS = 7;

    public final HeadSignal heads = new HeadSignal();
    public final List<Operation> submitted = new ArrayList<>();
    public final AtomicInteger barriers = new AtomicInteger();
    public final AtomicInteger pages = new AtomicInteger();
    /** When set, writes stay under way until it completes. */
    public volatile CompletableFuture<Void> hold = CompletableFuture.completedFuture(null);

    /** When set, writes are refused with it, and nothing is done. */
    public volatile @Nullable ErrorCode refusal;

    private final Map<Long, Log> logs = new TreeMap<>();
    private final Set<String> unknownUntilBarrier = new HashSet<>();
    private long clockNs = 1_000;
    private long ids;

    private static final class Log {
        final long id;
        final String name;
        final TopicSettings settings;
        final List<Chunk> chunks = new ArrayList<>();
        final MemoryCursors cursors = new MemoryCursors();
        long head;
        long lastNs;
        int pages;

        Log(long id, String name, TopicSettings settings) {
            this.id = id;
            this.name = name;
            this.settings = settings;
        }

        TopicState state() {
            return new TopicState(id, name, settings, head, 1, lastNs, 0, CREATED_NS);
        }
    }

    public Shard shard() {
        return new Shard(this, heads, this, this);
    }

    /** Creates a topic without asking anybody. */
    public synchronized long newTopic(String name) {
        apply(new Operation.CreateTopic(
                name, TopicSettings.newBuilder().setMaxEventBytes(1 << 20).build()));
        return ids;
    }

    /** This node does not know of the topic until somebody waits for a barrier. */
    public synchronized void hideUntilBarrier(String name) {
        unknownUntilBarrier.add(name);
    }

    /** The next event is recorded at this time at the earliest. */
    public synchronized void clock(long ns) {
        clockNs = ns;
    }

    @Override
    public CompletableFuture<Result> submit(Operation operation, Duration timeout) {
        ErrorCode refused = refusal;
        if (refused != null) {
            return CompletableFuture.failedFuture(new StoreException(refused, "Refused."));
        }
        synchronized (this) {
            submitted.add(operation);
        }
        return hold.thenApply(go -> apply(operation));
    }

    public synchronized int submittedCount() {
        return submitted.size();
    }

    private Result apply(Operation operation) {
        Result result = judged(operation);
        if (operation instanceof Operation.Append append) {
            heads.changed(append.topicId());
        } else if (operation instanceof Operation.DeleteTopic delete) {
            heads.changed(delete.topicId());
        }
        return result;
    }

    private synchronized Result judged(Operation operation) {
        if (operation instanceof Operation.CreateTopic create) {
            return create(create);
        }
        if (operation instanceof Operation.Append append) {
            Log log = logs.get(append.topicId());
            return log == null ? refused(ErrorCode.TOPIC_NOT_FOUND) : append(log, append);
        }
        if (operation instanceof Operation.DeleteTopic delete) {
            return logs.remove(delete.topicId()) == null ? refused(ErrorCode.TOPIC_NOT_FOUND) : new Result.Done();
        }
        if (operation instanceof Operation.CommitCursor commit) {
            Log log = logs.get(commit.topicId());
            return log == null ? refused(ErrorCode.TOPIC_NOT_FOUND) : log.cursors.commit(commit, log.head);
        }
        if (!(operation instanceof Operation.DeleteCursor delete)) {
            throw new UnsupportedOperationException("ask a StoredShard: " + operation);
        }
        Log log = logs.get(delete.topicId());
        return log == null || !log.cursors.remove(delete.consumer())
                ? refused(ErrorCode.CURSOR_NOT_FOUND)
                : new Result.Done();
    }

    private Result create(Operation.CreateTopic create) {
        for (Log log : logs.values()) {
            if (log.name.equals(create.name())) {
                return log.settings.equals(create.settings())
                        ? new Result.TopicCreated(log.id, false, CREATED_NS)
                        : refused(ErrorCode.TOPIC_EXISTS);
            }
        }
        ids++;
        logs.put(ids, new Log(ids, create.name(), create.settings()));
        return new Result.TopicCreated(ids, true, CREATED_NS);
    }

    private Result append(Log log, Operation.Append append) {
        long first = log.head + 1;
        long ns = Math.max(clockNs++, log.lastNs + 1);
        Chunk.Builder chunk = Chunk.newBuilder()
                .setFirstPosition(first)
                .setCount(append.count())
                .setFirstRecordedNs(ns)
                .setEncoding(append.encoding())
                .setCrc32C(append.crc32c())
                .setBody(append.body());
        log.chunks.add((append.encoding() == Encoding.PLAIN ? chunk : shared(chunk)).build());
        log.head += append.count();
        log.lastNs = ns + append.count() - 1;
        return new Result.Appended(first, append.count(), log.head, ns, false);
    }

    /** The chunk within a body that holds others' events around its own, as when a leader compressed them together. */
    private static Chunk.Builder shared(Chunk.Builder chunk) {
        Event other = Event.newBuilder().setKey("another chunk's").build();
        List<Event> events = new ArrayList<>(List.of(other, other));
        events.addAll(EventsCodec.events(chunk.build()));
        events.add(other);
        ByteString body = BodyCompression.compress(chunk.getEncoding(), EventsCodec.body(events));
        return chunk.setBody(body).setCrc32C(EventsCodec.crc32c(body)).setSkip(2);
    }

    private static Result refused(ErrorCode code) {
        return new Result.Refused(code, "Refused.", new TreeMap<>());
    }

    @Override
    public CompletableFuture<Void> linearizable(Duration timeout) {
        barriers.incrementAndGet();
        synchronized (this) {
            unknownUntilBarrier.clear();
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public RaftIndex visible() {
        return RaftIndex.NONE;
    }

    @Override
    public synchronized Optional<TopicState> topic(String name) {
        return unknownUntilBarrier.contains(name)
                ? Optional.empty()
                : logs.values().stream()
                        .filter(log -> log.name.equals(name))
                        .map(Log::state)
                        .findFirst();
    }

    @Override
    public synchronized Optional<TopicState> topic(long topicId) {
        return Optional.ofNullable(logs.get(topicId)).map(Log::state);
    }

    @Override
    public synchronized List<Long> matchesForward(long topicId, Filter filter, long from, long to, int max) {
        return matches(topicId, filter)
                .filter(position -> position >= from && position <= to)
                .limit(max)
                .toList();
    }

    @Override
    public synchronized List<Long> matchesBackward(long topicId, Filter filter, long from, long to, int max) {
        return matches(topicId, filter)
                .filter(position -> position <= from && position >= to)
                .sorted(Comparator.reverseOrder())
                .limit(max)
                .toList();
    }

    @Override
    public List<TermUse> explain(long topicId, Filter filter, long from) {
        return List.of();
    }

    @Override
    public synchronized Optional<KeyState> key(long topicId, String key) {
        List<Long> positions = matches(topicId, Filter.ofKey(key)).toList();
        long last = positions.isEmpty() ? 0 : positions.get(positions.size() - 1);
        return topic(topicId).map(topic -> new KeyState(topic, positions.size(), last));
    }

    /** Looks at every event. */
    private Stream<Long> matches(long topicId, Filter filter) {
        List<Long> found = new ArrayList<>();
        Log log = logs.get(topicId);
        for (Chunk chunk : log == null ? List.<Chunk>of() : log.chunks) {
            long position = chunk.getFirstPosition();
            for (Event event : EventsCodec.events(chunk)) {
                boolean ofKey = filter.key() == null || filter.key().equals(event.getKey());
                boolean ofQuery = filter.query().getItemsCount() == 0
                        || filter.query().getItemsList().stream()
                                .anyMatch(item -> event.getTagsList().containsAll(item.getTagsList())
                                        && (item.getTypesCount() == 0
                                                || item.getTypesList().contains(event.getType())));
                if (ofKey && ofQuery) {
                    found.add(position);
                }
                position++;
            }
        }
        return found.stream();
    }

    @Override
    public synchronized List<TopicState> topics(String prefix) {
        Map<String, TopicState> byName = new TreeMap<>();
        logs.values().stream()
                .filter(log -> log.name.startsWith(prefix))
                .forEach(log -> byName.put(log.name, log.state()));
        return List.copyOf(byName.values());
    }

    @Override
    public synchronized List<Chunk> forward(long topicId, long from, long bytesMax) {
        return page(
                topicId,
                chunks(topicId).stream()
                        .filter(chunk -> chunk.getFirstPosition() + chunk.getCount() > from)
                        .toList(),
                bytesMax);
    }

    @Override
    public synchronized List<Chunk> backward(long topicId, long from, long bytesMax) {
        List<Chunk> falling = new ArrayList<>();
        chunks(topicId).stream()
                .filter(chunk -> chunk.getFirstPosition() <= from)
                .forEach(chunk -> falling.add(0, chunk));
        return page(topicId, falling, bytesMax);
    }

    private List<Chunk> chunks(long topicId) {
        Log log = logs.get(topicId);
        return log == null ? List.of() : log.chunks;
    }

    /** How many pages of the topic were read. */
    public synchronized int pagesOf(long topicId) {
        return Objects.requireNonNull(logs.get(topicId)).pages;
    }

    private List<Chunk> page(long topicId, Collection<Chunk> chunks, long bytesMax) {
        pages.incrementAndGet();
        Log log = logs.get(topicId);
        if (log != null) {
            log.pages++;
        }
        List<Chunk> page = new ArrayList<>();
        long bytes = 0;
        for (Chunk chunk : chunks) {
            bytes += chunk.getBody().size();
            if (!page.isEmpty() && bytes > bytesMax) {
                break;
            }
            page.add(chunk);
        }
        return page;
    }

    @Override
    public synchronized OptionalLong positionAt(long topicId, long recordedNs, TimeSeek seek) {
        long before = 0;
        long beforeNs = 0;
        for (Chunk chunk : chunks(topicId)) {
            for (int k = 0; k < chunk.getCount(); k++) {
                long position = chunk.getFirstPosition() + k;
                long ns = chunk.getFirstRecordedNs() + k;
                if (ns >= recordedNs) {
                    boolean beforeIsNearer = before > 0 && recordedNs - beforeNs <= ns - recordedNs;
                    boolean earlier = (seek == TimeSeek.AT_OR_BEFORE && ns > recordedNs)
                            || (seek == TimeSeek.NEAREST && beforeIsNearer);
                    return earlier
                            ? (before == 0 ? OptionalLong.empty() : OptionalLong.of(before))
                            : OptionalLong.of(position);
                }
                before = position;
                beforeNs = ns;
            }
        }
        return seek == TimeSeek.AT_OR_AFTER || before == 0 ? OptionalLong.empty() : OptionalLong.of(before);
    }

    @Override
    public List<TimelineSlot> timeline(long topicId, long slotNs, long sinceNs, long untilNs, int max) {
        throw new UnsupportedOperationException("ask a StoredShard");
    }

    @Override
    public EventTimes eventTimes(long topicId, EventTime from, EventTime to, int max) {
        throw new UnsupportedOperationException("ask a StoredShard");
    }

    /** Whose chunks' shares are not told apart: it counts no bytes. */
    @Override
    public synchronized Optional<Unread> unread(long topicId, long position) {
        return topic(topicId).map(topic -> {
            long nextNs = chunks(topicId).stream()
                    .filter(chunk -> chunk.getFirstPosition() + chunk.getCount() > position + 1)
                    .findFirst()
                    .map(chunk -> chunk.getFirstRecordedNs() + position + 1 - chunk.getFirstPosition())
                    .orElse(0L);
            return new Unread(topic, position + 1, 0, nextNs);
        });
    }

    @Override
    public synchronized Optional<CursorState> cursor(long topicId, String consumer) {
        return Optional.ofNullable(logs.get(topicId)).map(log -> log.cursors.get(consumer));
    }

    @Override
    public synchronized List<CursorState> cursors(long topicId) {
        return Optional.ofNullable(logs.get(topicId))
                .map(log -> log.cursors.all())
                .orElse(List.of());
    }

    @Override
    public Optional<StoredChunk> stored(long topicId, long position) {
        throw new UnsupportedOperationException("ask a StoredShard");
    }

    @Override
    public List<TopicState> withUntidyIndex() {
        return List.of();
    }

    @Override
    public List<CompactionDue> compactionsDue(long beforeNs, int percent) {
        return List.of();
    }

    @Override
    public Map<String, Long> lastOfKeys(long topicId, Collection<String> keys) {
        return Map.of();
    }

    @Override
    public List<Long> overdue(long nowNs) {
        return List.of();
    }
}
