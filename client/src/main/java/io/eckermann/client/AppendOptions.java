package io.eckermann.client;

import io.eckermann.protocol.AdaptiveCompression;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.FailIfEventsMatch;
import io.eckermann.protocol.v1.Fence;
import io.eckermann.protocol.v1.KeyVersion;
import java.util.List;

/** What must hold for an append to be accepted, and its name for retries. Immutable. */
public final class AppendOptions {
    /** Whatever the topic is like. */
    static final AppendOptions NONE = new AppendOptions(AppendRequest.getDefaultInstance());

    private final AppendRequest wire;

    private AppendOptions(AppendRequest wire) {
        this.wire = wire;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The request as the options have it. */
    AppendRequest request(String topic, List<Event> events, Compression compression) {
        return wire.toBuilder()
                .setTopic(topic)
                .setEncoded(new AdaptiveCompression(compression.encoding())
                        .encode(EventBody.of(List.copyOf(events)), events.size()))
                .build();
    }

    List<Condition> conditions() {
        return wire.getConditionsList();
    }

    boolean hasIdempotencyKey() {
        return !wire.getIdempotencyKey().isEmpty();
    }

    /** Builds them; all conditions must hold. Not thread safe. */
    public static final class Builder {
        private final AppendRequest.Builder wire = AppendRequest.newBuilder();

        private Builder() {}

        /** The topic's head is this position. */
        public Builder expectedHead(long position) {
            return condition(Condition.newBuilder().setExpectedHead(position));
        }

        /** Nothing was ever appended to the topic. */
        public Builder topicEmpty() {
            return condition(Condition.newBuilder().setTopicEmpty(true));
        }

        /** The topic has had so many events of the key. */
        public Builder keyVersion(String key, long version) {
            return condition(Condition.newBuilder()
                    .setKeyVersion(KeyVersion.newBuilder().setKey(key).setVersion(version)));
        }

        /** The topic has had no event of the key. */
        public Builder keyAbsent(String key) {
            return condition(Condition.newBuilder().setKeyAbsent(key));
        }

        /**
         * No event behind the position matches; usually the head of the read that the decision rests on. Truncated events
         * do not match any more, nor do deleted ones, but where any event is meant.
         */
        public Builder failIfEventsMatch(Query query, long after) {
            return condition(Condition.newBuilder()
                    .setFailIfEventsMatch(FailIfEventsMatch.newBuilder()
                            .setQuery(query.wire())
                            .setAfter(after)));
        }

        /** No larger token was accepted under the name; an accepted append raises it to this one. */
        public Builder fence(String name, long token) {
            return condition(Condition.newBuilder()
                    .setFence(Fence.newBuilder().setName(name).setToken(token)));
        }

        /** Makes retries safe, also by another process: 1 to 255 visible ASCII characters. */
        public Builder idempotencyKey(String key) {
            wire.setIdempotencyKey(key);
            return this;
        }

        private Builder condition(Condition.Builder condition) {
            wire.addConditions(condition);
            return this;
        }

        public AppendOptions build() {
            return new AppendOptions(wire.build());
        }
    }
}
