package io.eckermann.gateway.grpc;

import io.eckermann.gateway.consume.CommitOutcome;
import io.eckermann.gateway.consume.ConsumeStart;
import io.eckermann.gateway.consume.Consumption;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.goethe.Cursor;
import io.eckermann.protocol.goethe.Event;
import io.eckermann.protocol.goethe.Topic;
import io.eckermann.protocol.v1.CaughtUp;
import io.eckermann.protocol.v1.Heartbeat;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.protocol.v1.TimeStart;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goethe's messages: both sides send cursors, and an event's id is its recorded time. A stream ends with
 * RESOURCE_EXHAUSTED when there are no more events: Goethe's clients come again after a while. What becomes of a commit
 * is not told; who loses one to another instance is just sent what lies behind.
 */
final class GoetheDialect implements ConsumeDialect<Cursor, Cursor> {
    private static final Logger LOG = LoggerFactory.getLogger(GoetheDialect.class);

    private final ReadHandler reads;
    private final Duration timeout = Calls.stepTimeout();
    private String topic = "";
    private String consumer = "";

    GoetheDialect(ReadHandler reads) {
        this.reads = reads;
    }

    @Override
    public ConsumeStart start(Cursor first) {
        check(first);
        topic = first.getTopic().getId();
        consumer = first.getConsumer();
        String id = first.getCurrentEvent().getId();
        OptionalLong recordedNs = id.isEmpty() ? OptionalLong.empty() : OptionalLong.of(nanos(id));
        return new ConsumeStart(topic, consumer, OptionalLong.empty(), recordedNs, false, 0);
    }

    private static void check(Cursor cursor) {
        if (cursor.getConsumer().isEmpty()) {
            throw bad("consumer", "A cursor names its consumer.");
        }
        if (cursor.getTopic().getId().isEmpty()) {
            throw bad("topic", "A cursor names its topic.");
        }
    }

    private static long nanos(String id) {
        try {
            long nanos = Long.parseLong(id);
            if (nanos >= 0) {
                return nanos;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw bad("current_event.id", "An event's id is its recorded time in nanoseconds, as decimal digits.");
    }

    private static StoreException bad(String field, String message) {
        return new StoreException(ErrorCode.BAD_REQUEST, message).with("field", field);
    }

    /** The event that was sent is committed where nobody else was quicker; any other, as Goethe does, as it is given. */
    @Override
    public CompletableFuture<CommitOutcome> commit(Cursor returned, RecordedEvent sent, Consumption consumption) {
        check(returned);
        if (!returned.getTopic().getId().equals(topic)
                || !returned.getConsumer().equals(consumer)) {
            throw bad("topic", "A call is about one topic and one consumer, which the first cursor names.");
        }
        long nanos = nanos(returned.getCurrentEvent().getId());
        return nanos == sent.getRecordedNs()
                ? consumption.commit()
                : positionAt(nanos).thenCompose(consumption::commit);
    }

    /** The last event recorded at that time or before; 0 when there is none. */
    private CompletableFuture<Long> positionAt(long nanos) {
        ReadRequest request = ReadRequest.newBuilder()
                .setTopic(topic)
                .setTime(TimeStart.newBuilder().setRecordedNs(nanos).setSeek(TimeStart.Seek.AT_OR_BEFORE))
                .setLimit(1)
                .build();
        return reads.open(request, timeout)
                .thenCompose(stream -> stream.next()
                        .thenCompose(started -> stream.next())
                        .whenComplete((frame, failure) -> stream.close()))
                .thenApply(frame -> position(frame, nanos));
    }

    private static long position(Optional<ReadFrame> frame, long nanos) {
        return frame.stream()
                .flatMap(found -> found.getEvents().getEventsList().stream())
                .filter(event -> event.getRecordedNs() <= nanos)
                .mapToLong(RecordedEvent::getPosition)
                .findFirst()
                .orElse(0);
    }

    /** Not a deleted one: an event of Goethe's has a payload. */
    @Override
    public Optional<Cursor> event(RecordedEvent event) {
        if (event.getEvent().getDeleted()) {
            return Optional.empty();
        }
        Topic about = Topic.newBuilder().setId(topic).build();
        return Optional.of(Cursor.newBuilder()
                .setTopic(about)
                .setConsumer(consumer)
                .setCurrentEvent(Event.newBuilder()
                        .setId(Long.toString(event.getRecordedNs()))
                        .setTopic(about)
                        .setPayload(event.getEvent().getPayload()))
                .build());
    }

    @Override
    public Optional<Cursor> outcome(CommitOutcome outcome) {
        if (outcome instanceof CommitOutcome.Failed failed) {
            LOG.warn(
                    "A commit of consumer {} in topic {} failed, its stream goes on: {}",
                    consumer,
                    topic,
                    failed.why().toString());
        }
        return Optional.empty();
    }

    @Override
    public Optional<Cursor> caughtUp(CaughtUp caughtUp) {
        return Optional.empty();
    }

    @Override
    public Optional<Cursor> heartbeat(Heartbeat heartbeat) {
        return Optional.empty();
    }

    @Override
    public StatusRuntimeException atEnd() {
        return noMore();
    }

    private static StatusRuntimeException noMore() {
        return Status.RESOURCE_EXHAUSTED
                .withDescription("no more events in topic")
                .asRuntimeException();
    }

    /** In Goethe a topic that nobody produced to has no events, and that is all there is to say of it. */
    @Override
    public StatusRuntimeException failure(StoreException failure) {
        return failure.code() == ErrorCode.TOPIC_NOT_FOUND ? noMore() : GrpcErrors.toStatus(failure);
    }
}
