package io.eckermann.statemachine.tail;

import io.eckermann.protocol.v1.Chunk;
import io.eckermann.statemachine.Recent;
import io.eckermann.statemachine.VisibleListener;
import io.eckermann.statemachine.chunk.NewChunk;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest chunks of all topics of one or several shards, as they became visible; the oldest go first. What is counted is
 * what is kept from being freed: a chunk shares the bytes of the entry that brought it, so the entry counts whole as long as
 * one of its chunks is here.
 *
 * <p>Threads: the calls of {@link VisibleListener} come from one thread of each shard, and take turns by this object's
 * monitor; {@link #read} comes from any thread and does not wait for them.
 */
public final class TailCache implements VisibleListener {
    /** What a chunk takes beside its bytes: the message, its place in the ring, its run. */
    static final int CHUNK_BYTES = 256;

    /** What is kept in memory as long as one run of it is. */
    private static final class Entry {
        final long bytes;
        int runs;

        Entry(long bytes) {
            this.bytes = bytes;
        }
    }

    /** Chunks of one topic and entry; they come and go together. */
    private static final class Run {
        final long topicId;
        final TopicTail topic;
        final Entry entry;
        int chunks;

        Run(long topicId, TopicTail topic, Entry entry) {
            this.topicId = topicId;
            this.topic = topic;
            this.entry = entry;
            entry.runs++;
        }
    }

    private final long bytesMax;
    private final Map<Long, TopicTail> topics = new ConcurrentHashMap<>();
    /** Oldest first; under the monitor, as is their sum. */
    private final ArrayDeque<Run> runs = new ArrayDeque<>();

    private long bytes;

    /** @param bytesMax how much it may hold; 0 holds nothing */
    public TailCache(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * Chunks from the one that holds {@code from}, as ReadView's forward would give them; no chunk when that is head + 1.
     *
     * @return null when they are not here: the store has to be asked
     */
    public @Nullable Recent read(long topicId, long from, long pageBytesMax) {
        TopicTail topic = topics.get(topicId);
        return topic == null ? null : topic.read(from, pageBytesMax);
    }

    /** The bytes held. */
    public synchronized long bytes() {
        return bytes;
    }

    @Override
    public synchronized void appended(List<NewChunk> chunks) {
        for (NewChunk added : chunks) {
            run(added).topic.add(added.chunk());
        }
        while (bytes > bytesMax) {
            forget(runs.remove());
        }
    }

    /** The run that the chunk belongs to, with the chunk counted. */
    private Run run(NewChunk added) {
        Run run = runs.peekLast();
        if (run == null || added.sharedBytes() > 0 || run.topicId != added.topicId()) {
            Entry entry = run == null || added.sharedBytes() > 0 ? new Entry(added.sharedBytes()) : run.entry;
            bytes += added.sharedBytes();
            run = new Run(added.topicId(), topic(added.topicId(), added.chunk()), entry);
            runs.add(run);
        }
        run.chunks++;
        bytes += CHUNK_BYTES;
        return run;
    }

    /** The topic's tail that the chunk continues; a new one when there is none, or a gap before the chunk. */
    private TopicTail topic(long topicId, Chunk chunk) {
        TopicTail tail = topics.get(topicId);
        if (tail == null || !tail.continuedBy(chunk)) {
            tail = new TopicTail();
            topics.put(topicId, tail);
        }
        return tail;
    }

    private void forget(Run run) {
        uncount(run);
        if (run.topic.dropOldest(run.chunks)) {
            topics.remove(run.topicId, run.topic);
        }
    }

    private void uncount(Run run) {
        run.entry.runs--;
        bytes -= (long) run.chunks * CHUNK_BYTES + (run.entry.runs == 0 ? run.entry.bytes : 0);
    }

    @Override
    public void rewritten(long topicId, long before) {
        truncated(topicId, before);
    }

    /** What is not to be shown any more stays until it is forgotten as the oldest. */
    @Override
    public void truncated(long topicId, long first) {
        TopicTail topic = topics.get(topicId);
        if (topic != null) {
            topic.raiseFloor(first);
        }
    }

    @Override
    public synchronized void deleted(long topicId) {
        topics.remove(topicId);
        runs.removeIf(run -> {
            boolean gone = run.topicId == topicId;
            if (gone) {
                uncount(run);
            }
            return gone;
        });
    }

    /** Rare, and seldom of a shard alone: so what is here of other shards goes, too. */
    @Override
    public void replaced() {
        clear();
    }

    /** Forgets everything. */
    public synchronized void clear() {
        topics.clear();
        runs.clear();
        bytes = 0;
    }
}
