package io.eckermann.protocol.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import java.io.IOException;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * Counts the events of an append before they are made: two bytes are enough for an event, which then takes a hundred times
 * as much memory. What has too many is replaced by a request with as many empty events, which are one object; the rules
 * for appends refuse it for what it is. Used once.
 */
final class EventCount {
    private static final int TOPIC_TAG = tag(AppendRequest.TOPIC_FIELD_NUMBER);
    private static final int EVENTS_TAG = tag(AppendRequest.EVENTS_FIELD_NUMBER);
    private static final int APPENDS_TAG = tag(AppendManyRequest.APPENDS_FIELD_NUMBER);
    private static final int CURSORS_TAG = tag(AppendManyRequest.CURSORS_FIELD_NUMBER);
    private static final int EVENT_TAG = tag(Events.EVENTS_FIELD_NUMBER);

    private String topic = "";
    private int count;

    private EventCount() {}

    /** What to take for these bytes of an append; null when it has no more events than allowed, or is none at all. */
    static @Nullable AppendRequest refused(byte[] bytes) {
        EventCount events = new EventCount();
        try {
            events.add(CodedInputStream.newInstance(bytes));
        } catch (IOException noMessage) {
            // Whoever reads the message will say so; it would still have made what comes before.
        }
        return events.count <= Limits.APPEND_EVENTS_MAX ? null : events.empty();
    }

    /** The same, of an append to several topics: neither has it more appends or cursors than allowed. */
    static @Nullable AppendManyRequest refusedMany(byte[] bytes) {
        EventCount events = new EventCount();
        int appends = 0;
        int cursors = 0;
        try {
            CodedInputStream in = CodedInputStream.newInstance(bytes);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == APPENDS_TAG) {
                    appends++;
                    int limit = in.pushLimit(in.readRawVarint32());
                    events.add(in);
                    in.popLimit(limit);
                } else {
                    cursors += tag == CURSORS_TAG ? 1 : 0;
                    in.skipField(tag);
                }
            }
        } catch (IOException noMessage) {
            // As above.
        }
        AppendManyRequest.Builder refused = AppendManyRequest.newBuilder();
        if (appends > Limits.APPEND_TOPICS_MAX) {
            refused.addAllAppends(Collections.nCopies(appends, AppendRequest.getDefaultInstance()));
        } else if (cursors > Limits.APPEND_TOPICS_MAX) {
            refused.addAllCursors(Collections.nCopies(cursors, CommitCursorRequest.getDefaultInstance()));
        } else if (events.count > Limits.APPEND_EVENTS_MAX) {
            refused.addAppends(events.empty());
        }
        return refused.getAppendsCount() + refused.getCursorsCount() == 0 ? null : refused.build();
    }

    private AppendRequest empty() {
        return AppendRequest.newBuilder()
                .setTopic(topic)
                .setEvents(Events.newBuilder().addAllEvents(Collections.nCopies(count, Event.getDefaultInstance())))
                .build();
    }

    private void add(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == TOPIC_TAG) {
                topic = in.readStringRequireUtf8();
            } else if (tag == EVENTS_TAG) {
                int limit = in.pushLimit(in.readRawVarint32());
                addEvents(in);
                in.popLimit(limit);
            } else {
                in.skipField(tag);
            }
        }
    }

    private void addEvents(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            count += tag == EVENT_TAG ? 1 : 0;
            in.skipField(tag);
        }
    }

    private static int tag(int field) {
        return (field << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }
}
