package io.eckermann.client;

import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.CommitCursorRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Appends to several topics of one shard and commits of cursors that are done all or none. Of a loop that consumes,
 * transforms and produces this is one step:
 *
 * <pre>{@code
 * long done = store.cursors().position("billing", "orders").join();
 * try (EventStream orders = store.open("orders", ReadOptions.builder().after(done).follow().build())) {
 *     while (orders.hasNext()) {
 *         RecordedEvent order = orders.next();
 *         store.append(Step.builder()
 *                         .append("invoices", invoiceFor(order))
 *                         .moveCursor("billing", "orders", done, order.position())
 *                         .build())
 *                 .join();
 *         done = order.position();
 *     }
 * }
 * }</pre>
 *
 * <p>Whenever this ends, and wherever it is begun again, each order has one invoice. When two run at once, the cursor of
 * one is elsewhere than it expects, and its step fails with CURSOR_MOVED and does nothing. Immutable.
 */
public final class Step {
    private record TopicAppend(String topic, List<Event> events, AppendOptions options) {}

    private final List<TopicAppend> appends;
    private final AppendManyRequest wire;

    private Step(List<TopicAppend> appends, AppendManyRequest wire) {
        this.appends = appends;
        this.wire = wire;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The topics appended to, in the order given. */
    List<String> topics() {
        return appends.stream().map(TopicAppend::topic).toList();
    }

    AppendManyRequest request(Compression compression) {
        AppendManyRequest.Builder request = wire.toBuilder();
        for (TopicAppend append : appends) {
            request.addAppends(append.options().request(append.topic(), append.events(), compression));
        }
        if (wire.getIdempotencyKey().isEmpty()) {
            request.setIdempotencyKey(UUID.randomUUID().toString());
        }
        return request.build();
    }

    /** Builds it: at most 100 topics and 100 cursors, each once, with what one append may hold. Not thread safe. */
    public static final class Builder {
        private final List<TopicAppend> appends = new ArrayList<>();
        private final AppendManyRequest.Builder wire = AppendManyRequest.newBuilder();

        private Builder() {}

        /** Appends these events to the topic, whatever it is like. */
        public Builder append(String topic, Event... events) {
            return append(topic, List.of(events));
        }

        /** Appends these events to the topic, whatever it is like. */
        public Builder append(String topic, List<Event> events) {
            return append(topic, events, AppendOptions.NONE);
        }

        /**
         * Appends these events to the topic if all conditions hold of it.
         *
         * @throws IllegalArgumentException when the options have an idempotency key: that is the step's
         */
        public Builder append(String topic, List<Event> events, AppendOptions options) {
            if (options.hasIdempotencyKey()) {
                throw new IllegalArgumentException("The idempotency key is the step's.");
            }
            appends.add(new TopicAppend(topic, List.copyOf(events), options));
            return this;
        }

        /** Moves a cursor forward, if it is where it is expected; 0: it does not exist yet. */
        public Builder moveCursor(String consumer, String topic, long expected, long position) {
            return commit(consumer, topic, position, CommitOptions.DEFAULTS.withExpected(expected));
        }

        /** Commits a cursor, as {@link Cursors#commit(String, String, long, CommitOptions)}; with {@code nearest} it is refused. */
        public Builder commit(String consumer, String topic, long position, CommitOptions options) {
            CommitCursorRequest.Builder cursor = wire.addCursorsBuilder()
                    .setConsumer(consumer)
                    .setTopic(topic)
                    .setPosition(position)
                    .setAllowRewind(options.allowRewind())
                    .setNearest(options.nearest());
            options.expected().ifPresent(cursor::setExpected);
            return this;
        }

        /** Makes retries safe, also by another process: 1 to 255 visible ASCII characters. */
        public Builder idempotencyKey(String key) {
            wire.setIdempotencyKey(key);
            return this;
        }

        public Step build() {
            return new Step(List.copyOf(appends), wire.build());
        }
    }
}
