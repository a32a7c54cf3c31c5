package io.eckermann.statemachine;

import io.eckermann.protocol.v1.Chunk;
import io.eckermann.statemachine.access.AccessTable;
import io.eckermann.statemachine.chunk.ChunkSource;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.cursor.CursorTable;
import io.eckermann.statemachine.idempotency.RequestTable;
import io.eckermann.statemachine.query.EventTimeIndex;
import io.eckermann.statemachine.query.Filter;
import io.eckermann.statemachine.query.KeyTable;
import io.eckermann.statemachine.query.Positions;
import io.eckermann.statemachine.query.Search;
import io.eckermann.statemachine.query.Steps;
import io.eckermann.statemachine.query.TermUse;
import io.eckermann.statemachine.schema.SchemaTable;
import io.eckermann.statemachine.storage.IndexFigures;
import io.eckermann.statemachine.storage.StoreReader;
import io.eckermann.statemachine.tail.TailCache;
import io.eckermann.statemachine.topic.ChunkPages;
import io.eckermann.statemachine.topic.CompactionShare;
import io.eckermann.statemachine.topic.PlacementTable;
import io.eckermann.statemachine.topic.ProducerTable;
import io.eckermann.statemachine.topic.Retention;
import io.eckermann.statemachine.topic.TimeIndex;
import io.eckermann.statemachine.topic.Timeline;
import io.eckermann.statemachine.topic.Topic;
import io.eckermann.statemachine.topic.TopicTable;
import io.eckermann.statemachine.topic.TopicTidying;
import io.eckermann.statemachine.topic.UnreadEvents;
import io.eckermann.statemachine.webhook.WebhookTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads from whatever store is live. */
final class StoreView implements ReadView {
    private final LiveStore store;
    private final ChunkSource bodies;
    private final TailCache tail;
    private final Supplier<RaftIndex> visible;
    private final Announcements announcements;
    private final GroupView groups;

    StoreView(
            LiveStore store,
            ChunkSource bodies,
            TailCache tail,
            Supplier<RaftIndex> visible,
            Announcements announcements) {
        this.store = store;
        this.bodies = bodies;
        this.tail = tail;
        this.visible = visible;
        this.announcements = announcements;
        this.groups = new StoreGroups(store, announcements.groupSignal());
    }

    @Override
    public RaftIndex visible() {
        return visible.get();
    }

    @Override
    public Optional<TopicState> topic(String name) {
        return store.readLatest(rows -> TopicTable.find(rows, name).map(Topic::state));
    }

    @Override
    public Optional<TopicState> topic(long topicId) {
        return store.readLatest(rows -> TopicTable.find(rows, topicId).map(Topic::state));
    }

    @Override
    public OptionalInt placement(String name) {
        return store.readLatest(rows -> PlacementTable.find(rows, name));
    }

    @Override
    public int agreedFormat() {
        return store.readLatest(AgreedFormat::find);
    }

    @Override
    public List<TopicState> topics(String prefix) {
        return store.read(
                rows -> TopicTable.list(rows, prefix).stream().map(Topic::state).toList());
    }

    @Override
    public @Nullable Recent recent(long topicId, long from, long bytesMax) {
        return tail.read(topicId, from, bytesMax);
    }

    @Override
    public List<Chunk> forward(long topicId, long from, long bytesMax) {
        Recent recent = tail.read(topicId, from, bytesMax);
        // A page that ends before the tail's head is whole; one that reaches it may lack what became visible just now.
        if (recent != null && !recent.reachesHead()) {
            return recent.chunks();
        }
        return store.readLatest(rows -> new ChunkPages(rows, bodies).forward(topicId, from, bytesMax));
    }

    @Override
    public List<Chunk> backward(long topicId, long from, long bytesMax) {
        return store.readLatest(rows -> new ChunkPages(rows, bodies).backward(topicId, from, bytesMax));
    }

    @Override
    public Optional<StoredChunk> stored(long topicId, long position) {
        return store.readLatest(rows -> TopicTable.find(rows, topicId)
                .filter(topic -> position >= topic.tail().getFirst())
                .map(topic -> new ChunkPages(rows, bodies).stored(topicId, position)));
    }

    @Override
    public List<Long> overdue(long nowNs) {
        return store.read(rows -> Retention.overdue(rows, nowNs));
    }

    @Override
    public List<TopicState> withUntidyIndex() {
        return store.read(rows ->
                TopicTidying.withUntidyIndex(rows).stream().map(Topic::state).toList());
    }

    @Override
    public List<CompactionDue> compactionsDue(long beforeNs, int percent) {
        return store.read(rows -> CompactionShare.due(rows, beforeNs, percent));
    }

    @Override
    public Map<String, Long> lastOfKeys(long topicId, Collection<String> keys) {
        return store.readLatest(rows -> {
            Map<String, Long> last = new TreeMap<>();
            keys.forEach(key -> last.put(key, KeyTable.find(rows, topicId, key).last()));
            return last;
        });
    }

    @Override
    public OptionalLong positionAt(long topicId, long recordedNs, TimeSeek seek) {
        return store.read(rows -> {
            Optional<Topic> topic = TopicTable.find(rows, topicId);
            return topic.isEmpty()
                    ? OptionalLong.empty()
                    : new TimeIndex(rows, topic.get()).positionAt(recordedNs, seek);
        });
    }

    @Override
    public List<TimelineSlot> timeline(long topicId, long slotNs, long sinceNs, long untilNs, int max) {
        return store.read(rows -> TopicTable.find(rows, topicId)
                .map(topic -> Timeline.slots(rows, topic, slotNs, sinceNs, untilNs, max))
                .orElse(List.of()));
    }

    @Override
    public Optional<Unread> unread(long topicId, long position) {
        return store.read(
                rows -> TopicTable.find(rows, topicId).map(topic -> UnreadEvents.behind(rows, topic, position)));
    }

    @Override
    public List<Long> matchesForward(long topicId, Filter filter, long from, long to, int max) {
        return store.read(rows -> {
            long lowest = Math.max(from, first(rows, topicId));
            Positions matches = new Search(rows, topicId, lowest, to, Steps.any()).forward(filter);
            List<Long> found = new ArrayList<>();
            long next = lowest > to ? Positions.NONE_HIGHER : matches.seek(lowest);
            while (next <= to && found.size() < max) {
                found.add(next);
                next = matches.seek(next + 1);
            }
            return found;
        });
    }

    @Override
    public List<Long> matchesBackward(long topicId, Filter filter, long from, long to, int max) {
        return store.read(rows -> {
            long lowest = Math.max(to, first(rows, topicId));
            Positions matches = new Search(rows, topicId, lowest, from, Steps.any()).backward(filter);
            List<Long> found = new ArrayList<>();
            long next = from < lowest ? Positions.NONE_LOWER : matches.seek(from);
            while (next >= lowest && found.size() < max) {
                found.add(next);
                next = matches.seek(next - 1);
            }
            return found;
        });
    }

    @Override
    public EventTimes eventTimes(long topicId, EventTime from, EventTime to, int max) {
        return store.read(rows -> new EventTimeIndex(rows, topicId, first(rows, topicId), from, to, max).read());
    }

    @Override
    public List<TermUse> explain(long topicId, Filter filter, long from) {
        return store.read(rows -> {
            long lowest = Math.max(from, first(rows, topicId));
            return new Search(rows, topicId, lowest, Long.MAX_VALUE, Steps.any()).explain(filter, lowest);
        });
    }

    /** What the index has before it was removed; 1 also when there is no such topic, of which it has nothing. */
    private static long first(StoreReader rows, long topicId) {
        return TopicTable.find(rows, topicId)
                .map(topic -> topic.tail().getFirst())
                .orElse(1L);
    }

    @Override
    public Optional<KeyState> key(long topicId, String key) {
        return store.read(rows -> TopicTable.find(rows, topicId).map(topic -> {
            KeyTable.State state = KeyTable.find(rows, topicId, key);
            boolean isThere = state.last() >= topic.tail().getFirst();
            return new KeyState(topic.state(), state.version(), isThere ? state.last() : 0);
        }));
    }

    @Override
    public IndexFigures indexFigures() {
        return store.figures();
    }

    @Override
    public GroupView groups() {
        return groups;
    }

    @Override
    public Optional<WebhookState> webhook(long topicId, String name) {
        return store.readLatest(rows -> WebhookTable.find(rows, topicId, name));
    }

    @Override
    public List<WebhookState> webhooks(long topicId) {
        return store.readLatest(rows -> topicId == 0 ? WebhookTable.all(rows) : WebhookTable.list(rows, topicId));
    }

    @Override
    public AccessState access() {
        return store.readLatest(AccessTable::all);
    }

    @Override
    public Optional<CursorState> cursor(long topicId, String consumer) {
        return store.readLatest(rows -> CursorTable.find(rows, topicId, consumer));
    }

    @Override
    public List<CursorState> cursors(long topicId) {
        return store.readLatest(rows -> CursorTable.list(rows, topicId));
    }

    @Override
    public long settingsChanges() {
        return announcements.settingsChanges();
    }

    @Override
    public Optional<SchemaState> schema(long topicId, String type, int version) {
        return store.readLatest(rows -> SchemaTable.find(rows, topicId, type, version));
    }

    @Override
    public int newestSchema(long topicId, String type) {
        return store.readLatest(rows -> SchemaTable.newest(rows, topicId, type));
    }

    @Override
    public List<SchemaState> schemas(long topicId, String type) {
        return store.readLatest(rows -> SchemaTable.list(rows, topicId, type));
    }

    @Override
    public boolean wasAccepted(
            long topicId, Operation.@Nullable ProducerSequence producer, Particulars.@Nullable Request request) {
        return store.readLatest(rows -> (producer != null && ProducerTable.wasAccepted(rows, topicId, producer))
                || (request != null && RequestTable.wasAccepted(rows, request)));
    }
}
