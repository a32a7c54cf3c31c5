package io.eckermann.gateway;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Chunk;
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

    private final Map<Long, MemoryTopic> topics = new TreeMap<>();
    private final Set<String> unknownUntilBarrier = new HashSet<>();
    private long clockNs = 1_000;
    private long ids;

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
        // Before anybody can see that it came, and change it.
        CompletableFuture<Void> held = hold;
        synchronized (this) {
            submitted.add(operation);
        }
        return held.thenApply(go -> apply(operation));
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
            MemoryTopic topic = topics.get(append.topicId());
            return topic == null ? refused(ErrorCode.TOPIC_NOT_FOUND) : topic.append(append, clockNs++);
        }
        if (operation instanceof Operation.DeleteTopic delete) {
            return topics.remove(delete.topicId()) == null ? refused(ErrorCode.TOPIC_NOT_FOUND) : new Result.Done();
        }
        if (operation instanceof Operation.CommitCursor commit) {
            MemoryTopic topic = topics.get(commit.topicId());
            return topic == null ? refused(ErrorCode.TOPIC_NOT_FOUND) : topic.cursors.commit(commit, topic.head);
        }
        if (!(operation instanceof Operation.DeleteCursor delete)) {
            throw new UnsupportedOperationException("ask a StoredShard: " + operation);
        }
        MemoryTopic topic = topics.get(delete.topicId());
        return topic == null || !topic.cursors.remove(delete.consumer())
                ? refused(ErrorCode.CURSOR_NOT_FOUND)
                : new Result.Done();
    }

    private Result create(Operation.CreateTopic create) {
        for (MemoryTopic topic : topics.values()) {
            if (topic.name.equals(create.name())) {
                return topic.settings.equals(create.settings())
                        ? new Result.TopicCreated(topic.id, false, CREATED_NS)
                        : refused(ErrorCode.TOPIC_EXISTS);
            }
        }
        ids++;
        topics.put(ids, new MemoryTopic(ids, create.name(), create.settings(), CREATED_NS));
        return new Result.TopicCreated(ids, true, CREATED_NS);
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
                : topics.values().stream()
                        .filter(topic -> topic.name.equals(name))
                        .map(MemoryTopic::state)
                        .findFirst();
    }

    @Override
    public synchronized Optional<TopicState> topic(long topicId) {
        return Optional.ofNullable(topics.get(topicId)).map(MemoryTopic::state);
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

    private Stream<Long> matches(long topicId, Filter filter) {
        MemoryTopic topic = topics.get(topicId);
        return topic == null ? Stream.empty() : topic.matches(filter);
    }

    @Override
    public synchronized List<TopicState> topics(String prefix) {
        Map<String, TopicState> byName = new TreeMap<>();
        topics.values().stream()
                .filter(topic -> topic.name.startsWith(prefix))
                .forEach(topic -> byName.put(topic.name, topic.state()));
        return List.copyOf(byName.values());
    }

    @Override
    public synchronized List<Chunk> forward(long topicId, long from, long bytesMax) {
        pages.incrementAndGet();
        MemoryTopic topic = topics.get(topicId);
        return topic == null ? List.of() : topic.forward(from, bytesMax);
    }

    @Override
    public synchronized List<Chunk> backward(long topicId, long from, long bytesMax) {
        pages.incrementAndGet();
        MemoryTopic topic = topics.get(topicId);
        return topic == null ? List.of() : topic.backward(from, bytesMax);
    }

    /** How many pages of the topic were read. */
    public synchronized int pagesOf(long topicId) {
        return Objects.requireNonNull(topics.get(topicId)).pages;
    }

    @Override
    public synchronized OptionalLong positionAt(long topicId, long recordedNs, TimeSeek seek) {
        MemoryTopic topic = topics.get(topicId);
        return topic == null ? OptionalLong.empty() : topic.positionAt(recordedNs, seek);
    }

    @Override
    public List<TimelineSlot> timeline(long topicId, long slotNs, long sinceNs, long untilNs, int max) {
        throw new UnsupportedOperationException("ask a StoredShard");
    }

    @Override
    public EventTimes eventTimes(long topicId, EventTime from, EventTime to, int max) {
        throw new UnsupportedOperationException("ask a StoredShard");
    }

    @Override
    public synchronized Optional<Unread> unread(long topicId, long position) {
        return Optional.ofNullable(topics.get(topicId)).map(topic -> topic.unread(position));
    }

    @Override
    public synchronized Optional<CursorState> cursor(long topicId, String consumer) {
        return Optional.ofNullable(topics.get(topicId)).map(topic -> topic.cursors.get(consumer));
    }

    @Override
    public synchronized List<CursorState> cursors(long topicId) {
        return Optional.ofNullable(topics.get(topicId))
                .map(topic -> topic.cursors.all())
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
