package io.eckermann.gateway.append;

import io.eckermann.protocol.BodyCompression;
import io.eckermann.protocol.ChunkFacts;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.Producer;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Particulars;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an append must be, as far as that can be said without the topic's content. Events are numbered from 1. */
final class AppendRules {
    private static final int FACT_CHARS_MAX = 80;

    private AppendRules() {}

    /**
     * An append that is right in itself.
     *
     * @param encoded its events as they are kept
     * @param said the same as they came, by which retries are known
     * @param terms knows the ids and business times of the events, for a topic that wants to know them
     */
    record Checked(
            EncodedEvents encoded,
            EncodedEvents said,
            ChunkFacts facts,
            Operation.@Nullable ProducerSequence producer,
            Particulars particulars,
            Terms terms) {
        /** The operation for this topic, unless one event is larger than it allows. */
        Operation operation(TopicState topic) {
            Particulars all = particulars(topic);
            return new Operation.Append(
                    topic.id(),
                    encoded.getCount(),
                    encoded.getEncoding(),
                    encoded.getCrc32C(),
                    encoded.getBody(),
                    producer,
                    all);
        }

        /** What apply must know of it in this topic, unless one event is larger than that allows. */
        Particulars particulars(TopicState topic) {
            long bytesMax = topic.settings().getMaxEventBytes();
            if (facts.largestPayload() > bytesMax) {
                throw eventTooLarge(facts.largestEvent(), "payload", facts.largestPayload(), bytesMax);
            }
            return terms.wanted(topic.settings(), particulars, encoded.getCount());
        }
    }

    static Checked check(AppendRequest request, Idempotency idempotency, TraceMarks marks) {
        Names.topic(request.getTopic());
        Operation.ProducerSequence producer = request.hasProducer() ? producer(request.getProducer()) : null;
        ConditionRules.check(request.getConditionsList());
        Terms terms = new Terms();
        EncodedEvents encoded;
        EncodedEvents kept;
        ChunkFacts facts;
        if (request.hasEncoded()) {
            encoded = request.getEncoded();
            kept = encoded;
            facts = facts(encoded, terms);
        } else {
            Events events = request.getEvents();
            checkSize(events.getEventsCount(), events.getSerializedSize());
            encoded = EventsCodec.encode(events);
            facts = facts(events.getEventsList(), encoded.getBody().size(), terms);
            // Under a producer's sequence a retry has to be the same bytes.
            kept = producer == null ? marks.marked(events, encoded) : encoded;
        }
        String key = request.getIdempotencyKey();
        Particulars particulars = Particulars.of(
                terms.of(encoded.getCount()),
                request.getConditionsList(),
                key.isEmpty() ? null : idempotency.request(key, encoded, request.getConditionsList()));
        return new Checked(kept, encoded, facts, producer, particulars, terms);
    }

    private static Operation.ProducerSequence producer(Producer producer) {
        Names.producer(producer.getId());
        if (producer.getSequence() < 1) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "A producer's sequences start at 1.")
                    .with("field", "producer.sequence")
                    .with("sequence", producer.getSequence());
        }
        return new Operation.ProducerSequence(producer.getId(), producer.getSequence(), producer.getRefusalsCount());
    }

    /** Of one append, to one topic or to several. */
    static void checkSize(long count, long bytes) {
        if (count == 0) {
            throw new StoreException(ErrorCode.EMPTY_APPEND, "An append needs at least one event.")
                    .with("field", "events");
        }
        if (count > Limits.APPEND_EVENTS_MAX) {
            throw new StoreException(ErrorCode.APPEND_TOO_LARGE, "Too many events for one append: send several.")
                    .with("events", count)
                    .with("events_max", Limits.APPEND_EVENTS_MAX);
        }
        if (bytes > Limits.APPEND_BYTES_MAX) {
            throw new StoreException(ErrorCode.APPEND_TOO_LARGE, "Too many bytes for one append: send several.")
                    .with("bytes", bytes)
                    .with("bytes_max", Limits.APPEND_BYTES_MAX);
        }
    }

    /** The client's bytes are stored as they came, so what readers will rely on is proven here: without making events. */
    private static ChunkFacts facts(EncodedEvents encoded, Terms terms) {
        if (encoded.getCount() < 0
                || (encoded.getCount() == 0 && !encoded.getBody().isEmpty())) {
            throw badChunk("The chunk's count is not the number of its events.").with("count", encoded.getCount());
        }
        checkSize(encoded.getCount(), encoded.getBody().size());
        if (encoded.getEncoding() == Encoding.UNRECOGNIZED) {
            throw badChunk("This version does not know the chunk's encoding: use PLAIN.")
                    .with("encoding", encoded.getEncodingValue());
        }
        if (EventsCodec.crc32c(encoded.getBody()) != encoded.getCrc32C()) {
            throw badChunk("The chunk's bytes do not match its CRC-32C: send it again.")
                    .with("crc32c", Integer.toHexString(encoded.getCrc32C()));
        }
        try {
            checkSize(encoded.getCount(), BodyCompression.plainSize(encoded.getEncoding(), encoded.getBody()));
            return EventsCodec.check(
                    encoded.getEncoding(), encoded.getBody(), encoded.getCount(), AppendRules::checkEvent, terms);
        } catch (StoreException e) {
            throw e.code() == ErrorCode.DATA_CORRUPT ? badChunk(e) : e;
        }
    }

    private static StoreException badChunk(StoreException corrupt) {
        StoreException bad = badChunk(corrupt.getMessage());
        corrupt.facts().forEach(bad::with);
        return bad;
    }

    private static StoreException badChunk(String message) {
        return new StoreException(ErrorCode.BAD_CHUNK, message).with("field", "encoded");
    }

    private static ChunkFacts facts(List<Event> events, int bytes, Terms terms) {
        int largestPayload = 0;
        int largestEvent = 1;
        int number = 0;
        for (Event event : events) {
            ChunkFacts.Terms.tell(terms, number, event);
            number++;
            checkEvent(number, event);
            if (event.getPayload().size() > largestPayload) {
                largestPayload = event.getPayload().size();
                largestEvent = number;
            }
        }
        return new ChunkFacts(number, bytes, largestPayload, largestEvent);
    }

    private static void checkEvent(int number, Event event) {
        if (event.getDeleted()) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "An event is appended before it can be deleted.")
                    .with("event", number)
                    .with("field", "deleted");
        }
        checkAttributes(number, event);
        checkTags(number, event.getTagsList());
    }

    private static void checkAttributes(int number, Event event) {
        if (event.getSerializedSize() - event.getPayload().size() <= Limits.EVENT_ATTRIBUTES_BYTES_MAX) {
            return;
        }
        long bytes = (long) event.getIdBytes().size()
                + event.getTypeBytes().size()
                + event.getKeyBytes().size();
        for (int i = 0; i < event.getTagsCount(); i++) {
            bytes += event.getTagsBytes(i).size();
        }
        for (Map.Entry<String, String> header : event.getHeadersMap().entrySet()) {
            bytes += utf8Length(header.getKey()) + utf8Length(header.getValue());
        }
        if (bytes > Limits.EVENT_ATTRIBUTES_BYTES_MAX) {
            throw eventTooLarge(number, "attributes", bytes, Limits.EVENT_ATTRIBUTES_BYTES_MAX);
        }
    }

    private static long utf8Length(String text) {
        return text.codePoints()
                .mapToLong(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4)
                .sum();
    }

    private static void checkTags(int number, List<String> tags) {
        if (tags.isEmpty()) {
            return;
        }
        Set<String> seen = new HashSet<>();
        for (String tag : tags) {
            if (tag.length() > Limits.TAG_BYTES_MAX || utf8Length(tag) > Limits.TAG_BYTES_MAX) {
                throw new StoreException(
                                ErrorCode.BAD_REQUEST, "A tag has at most 256 bytes: keep longer texts elsewhere.")
                        .with("event", number)
                        .with("field", "tags")
                        .with("bytes_max", Limits.TAG_BYTES_MAX);
            }
            if (tag.isEmpty() || !seen.add(tag)) {
                throw new StoreException(ErrorCode.BAD_REQUEST, "An event's tags are not empty, and none comes twice.")
                        .with("event", number)
                        .with("field", "tags")
                        .with("tag", tag.length() <= FACT_CHARS_MAX ? tag : tag.substring(0, FACT_CHARS_MAX) + "…");
            }
        }
    }

    private static StoreException eventTooLarge(int number, String field, long bytes, long bytesMax) {
        return new StoreException(
                        ErrorCode.EVENT_TOO_LARGE, "An event is larger than allowed: split it, or keep less in it.")
                .with("event", number)
                .with("field", field)
                .with("bytes", bytes)
                .with("bytes_max", bytesMax);
    }
}
