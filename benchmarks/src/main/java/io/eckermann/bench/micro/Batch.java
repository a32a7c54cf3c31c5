package io.eckermann.bench.micro;

import com.google.protobuf.UnsafeByteOperations;
import io.eckermann.bench.load.Payloads;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.statemachine.command.Operation;
import java.util.HashMap;
import java.util.Map;

/** Events and chunks to work on. */
final class Batch {
    /** Making one takes some time. */
    private static final Map<String, Payloads> POOLS = new HashMap<>();

    private static long next;

    private Batch() {}

    /** So many events with a payload of this kind, random or json; others each time, until there are no more. */
    static synchronized Events events(String kind, int count, int bytes) {
        Payloads payloads = POOLS.computeIfAbsent(
                kind + bytes, none -> kind.equals("json") ? Payloads.json(bytes) : Payloads.random(bytes));
        Events.Builder events = Events.newBuilder();
        for (int i = 0; i < count; i++) {
            events.addEvents(Event.newBuilder().setPayload(UnsafeByteOperations.unsafeWrap(payloads.at(next++))));
        }
        return events.build();
    }

    /** An append of these events, without a producer's sequence. */
    static Operation.Append append(long topicId, Events events) {
        EncodedEvents encoded = EventsCodec.encode(events);
        return new Operation.Append(
                topicId, encoded.getCount(), encoded.getEncoding(), encoded.getCrc32C(), encoded.getBody(), null);
    }
}
