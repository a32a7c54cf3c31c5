package io.eckermann.gateway;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.access.Quotas;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.append.Idempotency;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.gateway.read.ReadStream;
import io.eckermann.gateway.topics.TopicHandler;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.FailIfEventsMatch;
import io.eckermann.protocol.v1.Query;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A topic as whoever decides by queries uses it, over the real use cases and state machine. */
final class DecidedTopic implements AutoCloseable {
    private final Threads threads = new Threads();
    private final StoredShard stored;
    private final AppendHandler appends;
    private final ReadHandler reads;

    DecidedTopic(Path directory) {
        stored = new StoredShard(directory);
        appends = new AppendHandler(stored.shard(), threads.reads, Idempotency.USUAL, Quotas.NONE);
        reads = new ReadHandler(stored.shard(), threads.reads, threads.reads, threads.timer);
        Answers.of(new TopicHandler(stored.shard(), threads.reads)
                .create(CreateTopicRequest.newBuilder().setName("courses").build(), Answers.LONG));
    }

    /** What a query finds, and the topic's head of that moment. */
    record Found(List<RecordedEvent> recorded, long head) {
        List<Event> events() {
            return recorded.stream().map(RecordedEvent::getEvent).toList();
        }
    }

    /** Appends unless something that matches came behind the position; returns whether it did. */
    boolean append(Event event, Query query, long after) {
        AppendRequest request = AppendRequest.newBuilder()
                .setTopic("courses")
                .setEvents(Events.newBuilder().addEvents(event))
                .addConditions(Condition.newBuilder()
                        .setFailIfEventsMatch(
                                FailIfEventsMatch.newBuilder().setQuery(query).setAfter(after)))
                .build();
        CompletableFuture<Boolean> accepted = appends.append(request, Answers.LONG)
                .handle((response, failure) -> {
                    StoreException refused = failure == null ? null : Failures.storeException(failure);
                    if (refused != null && refused.code() != ErrorCode.CONDITION_FAILED) {
                        throw refused;
                    }
                    return refused == null;
                });
        return Answers.of(accepted);
    }

    Found read(Query query) {
        ReadRequest request =
                ReadRequest.newBuilder().setTopic("courses").setQuery(query).build();
        List<RecordedEvent> events = new ArrayList<>();
        long head = 0;
        try (ReadStream stream = Answers.of(reads.open(request, Answers.LONG))) {
            for (Optional<ReadFrame> frame = Answers.of(stream.next());
                    frame.isPresent();
                    frame = Answers.of(stream.next())) {
                head = Math.max(head, frame.get().getCaughtUp().getHead());
                events.addAll(frame.get().getEvents().getEventsList());
            }
        }
        return new Found(events, head);
    }

    static Event event(ByteString payload, String type, List<String> tags) {
        return Event.newBuilder()
                .setPayload(payload)
                .setType(type)
                .addAllTags(tags)
                .build();
    }

    @Override
    public void close() {
        threads.close();
        Answers.await(threads::stopped);
        stored.close();
    }
}
