package io.eckermann.statemachine.query;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * The newest rows of the index of terms, of topics whose conditions ask for them: decisions rest on a head that is a few
 * events old, and then judging one reads no row. Holds blocks as the rows have them, so that whoever looks finds the same,
 * and counts the same steps, with it and without. Apply thread.
 */
public final class RecentTerms {
    /** What keeping a block costs beside its term's text. */
    private static final int BLOCK_BYTES = 240;
    /** A topic that gets so many blocks while nobody asks is not remembered any longer. */
    private static final int UNASKED_MAX = 65_536;

    private final long bytesMax;
    private final Map<Long, RecentTopic> topics = new HashMap<>();
    /** In the order in which they came. */
    private final ArrayDeque<Kept> all = new ArrayDeque<>();

    private long bytes;

    private record Kept(RecentTopic topic, TermName name, PostingBlock block) {
        long bytes() {
            return (long) BLOCK_BYTES + name.text().size() + block.memoryBytes();
        }
    }

    /** @param bytesMax how much memory it may take, roughly */
    public RecentTerms(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * What is remembered of a topic; from now on, if nothing was.
     *
     * @param head of the topic now: rows that end behind it are yet to come
     */
    RecentTopic of(long topicId, long head) {
        RecentTopic topic = topics.computeIfAbsent(topicId, id -> new RecentTopic(id, head + 1));
        topic.asked();
        return topic;
    }

    /** A row was put. */
    void add(long topicId, TermName name, PostingBlock block) {
        RecentTopic topic = topics.get(topicId);
        if (topic == null) {
            return;
        }
        if (topic.unasked() >= UNASKED_MAX) {
            forget(topicId);
            return;
        }
        // The text may be part of a whole Raft entry, which must not be kept for it.
        TermName own = new TermName(name.kind(), ByteString.copyFrom(name.text().asReadOnlyByteBuffer()));
        topic.add(own, block);
        Kept kept = new Kept(topic, own, block);
        all.add(kept);
        bytes += kept.bytes();
        while (bytes > bytesMax) {
            removeOldest();
        }
    }

    private void removeOldest() {
        Kept oldest = all.remove();
        bytes -= oldest.bytes();
        RecentTopic topic = oldest.topic();
        topic.removeOldest(oldest.name(), oldest.block());
        if (topic.isEmpty()) {
            topics.remove(topic.topicId(), topic);
        }
    }

    /** After rows of a topic were changed or deleted. */
    public void forget(long topicId) {
        RecentTopic topic = topics.remove(topicId);
        if (topic != null && all.removeIf(kept -> kept.topic() == topic)) {
            bytes = all.stream().mapToLong(Kept::bytes).sum();
        }
    }

    /** After all rows were replaced. */
    public void clear() {
        topics.clear();
        all.clear();
        bytes = 0;
    }
}
