package io.eckermann.statemachine;

/** How ids of topics are given, so that no two shards give the same: a shard's number, then 40 bits that count its topics. */
public final class TopicIds {
    private static final int COUNT_BITS = 40;

    private TopicIds() {}

    /** The id before the first one of a shard. */
    public static long before(int shard) {
        return (long) shard << COUNT_BITS;
    }

    /** The shard that gave the id. */
    public static int shard(long topicId) {
        return (int) (topicId >>> COUNT_BITS);
    }
}
