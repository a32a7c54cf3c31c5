package io.eckermann.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** The body of a chunk: what {@link Events} looks like as bytes, perhaps compressed, with its count and checksum. */
public final class EventsCodec {
    private static final int EVENT_TAG = (Events.EVENTS_FIELD_NUMBER << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    /** A tag and a length. */
    static final int EVENT_BYTES_MIN = 2;

    private EventsCodec() {}

    /** Encodes events in their order; at least one. */
    public static EncodedEvents encode(List<Event> events) {
        return encoded(Encoding.PLAIN, body(events), events.size());
    }

    /** Encodes events in their order; at least one. */
    public static EncodedEvents encode(Events events) {
        return encode(events.getEventsList());
    }

    /** A body with its count and checksum. */
    public static EncodedEvents encoded(Encoding encoding, ByteString body, int count) {
        return EncodedEvents.newBuilder()
                .setCount(count)
                .setEncoding(encoding)
                .setCrc32C(crc32c(body))
                .setBody(body)
                .build();
    }

    /** The PLAIN body of events in their order; each payload is copied once, to its place in it. */
    public static ByteString body(List<Event> events) {
        int size = 0;
        for (Event event : events) {
            size += CodedOutputStream.computeMessageSize(Events.EVENTS_FIELD_NUMBER, event);
        }
        byte[] body = new byte[size];
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(body);
            for (Event event : events) {
                out.writeMessage(Events.EVENTS_FIELD_NUMBER, event);
            }
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        return UnsafeByteOperations.unsafeWrap(body);
    }

    /**
     * Decodes a body; payloads are slices of it, or of its decompressed form.
     *
     * @throws StoreException DATA_CORRUPT when the bytes are not events, or not {@code count} of them
     */
    public static List<Event> decode(Encoding encoding, ByteString body, int count) {
        return decode(BodyCompression.decompress(encoding, body), count);
    }

    private static List<Event> decode(ByteString plain, int count) {
        // The count is a stranger's: it may not decide how much memory is taken.
        List<Event> events = new ArrayList<>(Math.max(0, Math.min(count, plain.size() / EVENT_BYTES_MIN)));
        requireCount(count, read(plain, 0, Integer.MAX_VALUE, count, events));
        return events;
    }

    /** The events of a chunk, as {@link #decode}. Its checksum is not looked at. */
    public static List<Event> events(Chunk chunk) {
        return events(chunk, 0, chunk.getCount());
    }

    /** Some of a chunk's events, as {@link ChunkReader#events}. */
    public static List<Event> events(Chunk chunk, int skip, int take) {
        return new ChunkReader().events(chunk, skip, take);
    }

    /**
     * Looks at every event of a body without making them. It accepts and refuses what {@link #decode} does. Like that it
     * goes no further than the count, so that a small body full of tiny events costs no more than it declares.
     *
     * @param suspects is given, as they are found, all events whose attributes may be too large, or whose tags may be empty
     *     or come twice; others may be among them, and some may come again from the first on. What it throws ends the
     *     check: none of them is kept, however many a small compressed body may hold
     * @throws StoreException DATA_CORRUPT when the bytes are not events, or not {@code count} of them
     */
    public static ChunkFacts check(Encoding encoding, ByteString body, int count, ChunkFacts.Judge suspects) {
        return check(encoding, body, count, suspects, ChunkFacts.Terms.IGNORED);
    }

    /** The same; tells the terms of all events, too. */
    public static ChunkFacts check(
            Encoding encoding, ByteString body, int count, ChunkFacts.Judge suspects, ChunkFacts.Terms terms) {
        ByteString decompressed = BodyCompression.decompress(encoding, body);
        BytesInPlace.Span plain = BytesInPlace.whole(decompressed);
        ChunkFacts facts;
        try {
            facts = new EventsScan(plain.array, plain.begin, plain.begin + plain.length, count, suspects, terms)
                    .facts();
        } catch (InvalidProtocolBufferException e) {
            throw notEvents(e);
        }
        if (facts == null) {
            terms.again();
            facts = facts(decode(decompressed, count), plain.length, suspects, terms);
        }
        requireCount(count, facts.count());
        return facts;
    }

    /** CRC-32C (Castagnoli, RFC 3720 appendix B.4) of the bytes, as an unsigned 32-bit number in an int. */
    public static int crc32c(ByteString bytes) {
        CRC32C crc = new CRC32C();
        for (ByteBuffer part : BytesInPlace.parts(bytes)) {
            crc.update(part);
        }
        return (int) crc.getValue();
    }

    /**
     * Adds the events numbered first to end - 1, from 0, to a list; returns how many there are in all.
     *
     * @throws StoreException DATA_CORRUPT as soon as there are more than {@code most}
     */
    static long read(ByteString plain, long first, long end, long most, List<Event> events) {
        long number = 0;
        try {
            CodedInputStream in = plain.newCodedInput();
            in.enableAliasing(true);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag != EVENT_TAG) {
                    throw new InvalidProtocolBufferException("unexpected field tag " + tag);
                }
                if (number >= most) {
                    requireCount(most, number + 1);
                }
                int length = in.readRawVarint32();
                if (number >= first && number < end) {
                    int limit = in.pushLimit(length);
                    events.add(Event.parseFrom(in));
                    in.checkLastTagWas(0);
                    in.popLimit(limit);
                } else {
                    in.skipRawBytes(length);
                }
                number++;
            }
        } catch (IOException e) {
            throw notEvents(e);
        }
        return number;
    }

    private static ChunkFacts facts(
            List<Event> events, int plainBytes, ChunkFacts.Judge suspects, ChunkFacts.Terms terms) {
        int largestPayload = 0;
        int largestEvent = 1;
        int number = 0;
        for (Event event : events) {
            ChunkFacts.Terms.tell(terms, number, event);
            number++;
            suspects.judge(number, event);
            if (event.getPayload().size() > largestPayload) {
                largestPayload = event.getPayload().size();
                largestEvent = number;
            }
        }
        return new ChunkFacts(number, plainBytes, largestPayload, largestEvent);
    }

    static void requireCount(long says, long holds) {
        if (says != holds) {
            throw new StoreException(ErrorCode.DATA_CORRUPT, "A chunk holds another number of events than it says.")
                    .with("says", says)
                    .with("holds", holds);
        }
    }

    private static StoreException notEvents(IOException cause) {
        return new StoreException(ErrorCode.DATA_CORRUPT, "A chunk's body is not a list of events.", cause);
    }
}
