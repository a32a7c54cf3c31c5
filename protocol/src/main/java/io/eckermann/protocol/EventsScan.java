package io.eckermann.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks the events of a PLAIN body without making them: it accepts exactly what {@link EventsCodec#decode} does. It knows
 * the form in which every encoder writes an event; one that is written otherwise is parsed.
 */
final class EventsScan {
    private static final int EVENT = tag(Events.EVENTS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int PAYLOAD = tag(Event.PAYLOAD_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int ID = tag(Event.ID_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int TYPE = tag(Event.TYPE_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int KEY = tag(Event.KEY_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int EVENT_TAG = tag(Event.TAGS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int HEADER = tag(Event.HEADERS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int TIME = tag(Event.TIME_NS_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);
    /** The fields of a map's entry. */
    private static final int HEADER_NAME = tag(1, WireFormat.WIRETYPE_LENGTH_DELIMITED);

    private static final int HEADER_VALUE = tag(2, WireFormat.WIRETYPE_LENGTH_DELIMITED);

    private static final int VARINT_BYTES_MAX = 10;
    /** Events with more tags are compared by whoever judges them. */
    private static final int TAGS_COMPARED_MAX = 16;

    private static final int ODD = -1;

    private final byte[] bytes;
    private final int end;
    private final int count;
    private int at;

    private int number;
    private int largestPayload;
    private int largestEvent = 1;
    private final ChunkFacts.Judge suspects;
    private final ChunkFacts.Terms terms;

    // Of the event under way.
    private int payload;
    private int tags;
    private int typeAt;
    private int typeEnd;
    private int keyAt;
    private int keyEnd;
    private int idAt;
    private int idEnd;
    private boolean hasTime;
    private long timeNs;
    private boolean suspect;
    private final int[] tagAt = new int[TAGS_COMPARED_MAX];
    private final int[] tagEnd = new int[TAGS_COMPARED_MAX];

    /**
     * @param count how many events there should be
     * @param suspects as of {@link EventsCodec#check}
     */
    EventsScan(byte[] bytes, int begin, int end, int count, ChunkFacts.Judge suspects, ChunkFacts.Terms terms) {
        this.bytes = bytes;
        this.at = begin;
        this.end = end;
        this.count = count;
        this.suspects = suspects;
        this.terms = terms;
    }

    /**
     * Walks to the end; null when the body is written in a way that only a parser understands, if any.
     *
     * @throws StoreException DATA_CORRUPT as soon as there are more events than there should be
     */
    @Nullable
    ChunkFacts facts() throws InvalidProtocolBufferException {
        int begin = at;
        while (at < end) {
            if (bytes[at++] != EVENT) {
                return null;
            }
            if (number >= count) {
                EventsCodec.requireCount(count, number + 1L);
            }
            int length = length(end);
            if (length == ODD) {
                return null;
            }
            event(at + length);
        }
        return new ChunkFacts(number, end - begin, largestPayload, largestEvent);
    }

    private void event(int eventEnd) throws InvalidProtocolBufferException {
        int begin = at;
        number++;
        payload = 0;
        tags = 0;
        typeEnd = typeAt;
        keyEnd = keyAt;
        idEnd = idAt;
        hasTime = false;
        suspect = false;
        if (!fields(eventEnd)) {
            parse(begin, eventEnd);
            return;
        }
        if (suspect
                || (tags > 1 && tagComesTwice())
                || eventEnd - begin - payload > Limits.EVENT_ATTRIBUTES_BYTES_MAX) {
            parse(begin, eventEnd);
            return;
        }
        at = eventEnd;
        tell();
        took(payload);
    }

    private void tell() {
        if (typeEnd > typeAt) {
            terms.type(number - 1, text(typeAt, typeEnd));
        }
        if (keyEnd > keyAt) {
            terms.key(number - 1, text(keyAt, keyEnd));
        }
        for (int i = 0; i < tags; i++) {
            terms.tag(number - 1, text(tagAt[i], tagEnd[i]));
        }
        if (idEnd > idAt) {
            terms.id(number - 1, text(idAt, idEnd));
        }
        if (hasTime) {
            terms.time(number - 1, timeNs);
        }
    }

    private ByteString text(int begin, int textEnd) {
        return UnsafeByteOperations.unsafeWrap(bytes, begin, textEnd - begin);
    }

    private void took(int payloadBytes) {
        if (payloadBytes > largestPayload) {
            largestPayload = payloadBytes;
            largestEvent = number;
        }
    }

    /** The parser decides. */
    private void parse(int begin, int eventEnd) throws InvalidProtocolBufferException {
        Event event = Event.parseFrom(UnsafeByteOperations.unsafeWrap(bytes, begin, eventEnd - begin));
        at = eventEnd;
        took(event.getPayload().size());
        suspects.judge(number, event);
        ChunkFacts.Terms.tell(terms, number - 1, event);
    }

    /** Walks an event's fields; false when they are written in an unusual way, or wrong. */
    private boolean fields(int eventEnd) {
        while (at < eventEnd) {
            int field = bytes[at++];
            if (field == TIME) {
                if (!readTime(eventEnd)) {
                    return false;
                }
                continue;
            }
            int length = length(eventEnd);
            if (length == ODD || !field(field, at + length)) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /** Looks at one field that has a length; false when it is unknown or wrong. */
    private boolean field(int field, int fieldEnd) {
        if (field == PAYLOAD) {
            payload = fieldEnd - at;
            return true;
        }
        if (field == EVENT_TAG) {
            noteTag(fieldEnd);
            return isText(at, fieldEnd);
        }
        if (field == HEADER) {
            return isHeader(fieldEnd);
        }
        if (field == TYPE) {
            typeAt = at;
            typeEnd = fieldEnd;
        } else if (field == KEY) {
            keyAt = at;
            keyEnd = fieldEnd;
        } else if (field == ID) {
            idAt = at;
            idEnd = fieldEnd;
        }
        return (field == TYPE || field == KEY || field == ID) && isText(at, fieldEnd);
    }

    private void noteTag(int tagEndsAt) {
        if (tags == TAGS_COMPARED_MAX || tagEndsAt == at || tagEndsAt - at > Limits.TAG_BYTES_MAX) {
            suspect = true;
        } else {
            tagAt[tags] = at;
            tagEnd[tags] = tagEndsAt;
            tags++;
        }
    }

    private boolean tagComesTwice() {
        for (int i = 1; i < tags; i++) {
            for (int j = 0; j < i; j++) {
                if (Arrays.equals(bytes, tagAt[i], tagEnd[i], bytes, tagAt[j], tagEnd[j])) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isHeader(int headerEnd) {
        int begin = at;
        boolean known = true;
        while (known && at < headerEnd) {
            int field = bytes[at++];
            int length = length(headerEnd);
            known = length != ODD && (field == HEADER_NAME || field == HEADER_VALUE) && isText(at, at + length);
            at += Math.max(0, length);
        }
        at = begin;
        return known;
    }

    private boolean isText(int begin, int textEnd) {
        int next = begin;
        while (next < textEnd && bytes[next] >= 0) {
            next++;
        }
        return next == textEnd
                || UnsafeByteOperations.unsafeWrap(bytes, next, textEnd - next).isValidUtf8();
    }

    /** The length at this place, which is passed; ODD when it takes many bytes or reaches beyond the limit. */
    private int length(int limit) {
        int length = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            if (at == limit) {
                return ODD;
            }
            byte next = bytes[at++];
            length |= (next & 0x7f) << shift;
            if (next >= 0) {
                return length <= limit - at ? length : ODD;
            }
        }
        return ODD;
    }

    /** Reads the varint at this place; false when it has no end. */
    private boolean readTime(int limit) {
        long value = 0;
        for (int i = 0; i < VARINT_BYTES_MAX && at < limit; i++) {
            byte next = bytes[at++];
            value |= (long) (next & 0x7f) << (7 * i);
            if (next >= 0) {
                timeNs = value;
                hasTime = true;
                return true;
            }
        }
        return false;
    }

    private static int tag(int field, int wireType) {
        return (field << 3) | wireType;
    }
}
