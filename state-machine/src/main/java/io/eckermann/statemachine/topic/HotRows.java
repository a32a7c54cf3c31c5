package io.eckermann.statemachine.topic;

import io.eckermann.statemachine.query.RecentIndex;
import io.eckermann.statemachine.storage.RowReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Topics and producers that were used lately, parsed, and what the index has of new events, so that an append to them reads
 * no row. Always equal to the rows: who changes those changes it here too. Apply thread.
 */
public final class HotRows {
    private static final int TOPICS_MAX = 16_384;
    private static final int PRODUCERS_MAX = 65_536;

    private record ProducerName(long topicId, String producer) {
        // Written out, as it is asked for with every append, and what records have of their own takes long to become
        // fast.

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof ProducerName name && topicId == name.topicId && producer.equals(name.producer);
        }

        @Override
        public int hashCode() {
            return 31 * producer.hashCode() + Long.hashCode(topicId);
        }
    }

    private final Map<Long, Topic> topics = new LastUsed<>(TOPICS_MAX, topic -> true);
    // One that has yet to be saved must be found until then.
    private final Map<ProducerName, Producer> producers = new LastUsed<>(PRODUCERS_MAX, Producer::isSaved);

    private final RecentIndex index = new RecentIndex();

    /** The topic, or null when there is none. */
    public @Nullable Topic topic(RowReader rows, long id) {
        Topic hot = topics.get(id);
        if (hot != null) {
            return hot;
        }
        Optional<Topic> found = TopicTable.find(rows, id);
        found.ifPresent(topic -> topics.put(id, topic));
        return found.orElse(null);
    }

    /** After its rows were changed. */
    void put(Topic topic) {
        topics.put(topic.id(), topic);
    }

    /** After its rows were deleted. Its producers need not go: nobody asks for those of a topic that is gone. */
    public void forgetTopic(long id) {
        topics.remove(id);
        forgetTerms(id);
    }

    /** What the index has of new events. */
    RecentIndex index() {
        return index;
    }

    /** Before rows of a topic's index of terms are changed or deleted. */
    public void forgetTerms(long topicId) {
        index.terms().forget(topicId);
    }

    @Nullable
    Producer producer(long topicId, String name) {
        return producers.get(new ProducerName(topicId, name));
    }

    void put(long topicId, Producer producer) {
        producers.put(new ProducerName(topicId, producer.name()), producer);
    }

    void forgetProducer(long topicId, String name) {
        producers.remove(new ProducerName(topicId, name));
    }

    /** After all rows were replaced. */
    public void clear() {
        topics.clear();
        producers.clear();
        index.clear();
    }

    private static final class LastUsed<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1L;
        private final int max;
        private final transient Predicate<V> mayGo;

        LastUsed(int max, Predicate<V> mayGo) {
            super(16, 0.75f, true);
            this.max = max;
            this.mayGo = mayGo;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > max && mayGo.test(eldest.getValue());
        }
    }
}
