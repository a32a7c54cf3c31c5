package io.eckermann.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** The body of a chunk: what {@link Events} looks like as bytes, with its count and checksum. */
public final class EventsCodec {
    private static final int EVENT_TAG = (Events.EVENTS_FIELD_NUMBER << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    /** A tag and a length. */
    private static final int EVENT_BYTES_MIN = 2;

    private EventsCodec() {}

    /** Encodes events in their order; at least one. */
    public static EncodedEvents encode(Iterable<Event> events) {
        Events.Builder body = Events.newBuilder().addAllEvents(events);
        return encode(body.build());
    }

    /** Encodes events in their order; at least one. */
    public static EncodedEvents encode(Events events) {
        ByteString body = events.toByteString();
        return EncodedEvents.newBuilder()
                .setCount(events.getEventsCount())
                .setEncoding(Encoding.PLAIN)
                .setCrc32C(crc32c(body))
                .setBody(body)
                .build();
    }

    /**
     * Decodes a body; payloads are slices of it.
     *
     * @throws StoreException DATA_CORRUPT when the bytes are not events, or not {@code count} of them
     */
    public static List<Event> decode(Encoding encoding, ByteString body, int count) {
        if (encoding != Encoding.PLAIN) {
            throw new StoreException(ErrorCode.DATA_CORRUPT, "This version cannot read a chunk of this encoding.")
                    .with("encoding", encoding);
        }
        // The count is a stranger's: it may not decide how much memory is taken.
        List<Event> events = new ArrayList<>(Math.max(0, Math.min(count, body.size() / EVENT_BYTES_MIN)));
        try {
            CodedInputStream in = body.newCodedInput();
            in.enableAliasing(true);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag != EVENT_TAG) {
                    throw new InvalidProtocolBufferException("unexpected field tag " + tag);
                }
                int limit = in.pushLimit(in.readRawVarint32());
                events.add(Event.parseFrom(in));
                in.checkLastTagWas(0);
                in.popLimit(limit);
            }
        } catch (IOException e) {
            throw new StoreException(ErrorCode.DATA_CORRUPT, "A chunk's body is not a list of events.", e);
        }
        if (events.size() != count) {
            throw new StoreException(ErrorCode.DATA_CORRUPT, "A chunk holds another number of events than it says.")
                    .with("says", count)
                    .with("holds", events.size());
        }
        return events;
    }

    /** CRC-32C (Castagnoli, RFC 3720 appendix B.4) of the bytes, as an unsigned 32-bit number in an int. */
    public static int crc32c(ByteString bytes) {
        CRC32C crc = new CRC32C();
        for (ByteBuffer part : bytes.asReadOnlyByteBufferList()) {
            crc.update(part);
        }
        return (int) crc.getValue();
    }
}
