package io.eckermann.protocol;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Event;

/**
 * What a look at a chunk's body found, without making its events. Events are numbered from 1.
 *
 * @param count how many events it holds
 * @param plainBytes how many bytes they take, before compression
 * @param largestPayload bytes of the largest payload
 * @param largestEvent the number of the first event that has it
 */
public record ChunkFacts(int count, int plainBytes, int largestPayload, int largestEvent) {
    /** Judges events by themselves. */
    @FunctionalInterface
    public interface Judge {
        /** Throws when the event is not as it must be. */
        void judge(int number, Event event);
    }

    /** Is told by what events are to be found, in the order of the events; numbers are from 0. */
    public interface Terms {
        /** Wants to know nothing. */
        Terms IGNORED = new Terms() {
            @Override
            public void type(int event, ByteString text) {}

            @Override
            public void key(int event, ByteString text) {}

            @Override
            public void tag(int event, ByteString text) {}

            @Override
            public void id(int event, ByteString text) {}

            @Override
            public void again() {}
        };

        /** An event's type, not empty. */
        void type(int event, ByteString text);

        /** An event's key, not empty. */
        void key(int event, ByteString text);

        /** One of an event's tags. */
        void tag(int event, ByteString text);

        /** An event's id, not empty. */
        void id(int event, ByteString text);

        /** An event's business time. */
        default void time(int event, long timeNs) {}

        /** Forgets all: the events come once more from the first on. */
        void again();

        /** Tells all of one event. */
        static void tell(Terms terms, int number, Event event) {
            if (!event.getTypeBytes().isEmpty()) {
                terms.type(number, event.getTypeBytes());
            }
            if (!event.getKeyBytes().isEmpty()) {
                terms.key(number, event.getKeyBytes());
            }
            for (int i = 0; i < event.getTagsCount(); i++) {
                terms.tag(number, event.getTagsBytes(i));
            }
            if (!event.getIdBytes().isEmpty()) {
                terms.id(number, event.getIdBytes());
            }
            if (event.hasTimeNs()) {
                terms.time(number, event.getTimeNs());
            }
        }
    }
}
