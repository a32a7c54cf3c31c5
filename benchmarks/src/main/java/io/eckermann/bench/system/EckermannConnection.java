package io.eckermann.bench.system;

import io.eckermann.client.Appender;
import io.eckermann.client.ChunkStream;
import io.eckermann.client.Event;
import io.eckermann.client.EventListener;
import io.eckermann.client.EventStore;
import io.eckermann.client.EventStream;
import io.eckermann.client.ReadOptions;
import io.eckermann.client.RecordedChunk;
import io.eckermann.client.RecordedEvent;
import io.eckermann.client.Subscription;
import java.util.List;
import java.util.concurrent.CompletionException;

/** The product's own Java client with its default settings, whatever the tuning: it has no such choice to make. */
final class EckermannConnection implements Connection {
    private final List<String> http;
    private final EventStore store;

    EckermannConnection(List<String> grpc, List<String> http) {
        this.http = http;
        this.store = EventStore.builder().endpoints(grpc).build();
    }

    @Override
    public Sender sender(String topic) {
        return new EckermannSender(store.appender(topic));
    }

    @Override
    public Sender bookings(String topic, Guard guard, long seed) {
        return new EckermannBookings(store, topic, guard, seed);
    }

    @Override
    public Following tail(String topic, EventSink sink) throws Exception {
        EventListener listener = recorded -> sink.accept(1, recorded.event().payloadBuffer());
        Subscription subscription =
                store.subscribe(topic, ReadOptions.builder().from(1).build(), listener);
        return subscription::close;
    }

    @Override
    public void read(String topic, ReadForm form, long events, EventSink sink) throws Exception {
        switch (form) {
            case EVENTS -> readEvents(topic, events, sink);
            case CHUNKS -> readChunks(topic, events, sink);
            case NDJSON -> EckermannNdjson.read(http.get(0), topic, events, sink);
        }
    }

    @Override
    public boolean reads(ReadForm form) {
        return form != ReadForm.NDJSON || !http.isEmpty();
    }

    @Override
    public void close() {
        store.close();
    }

    private void readEvents(String topic, long events, EventSink sink) {
        try (EventStream stream =
                store.open(topic, ReadOptions.builder().limit(events).build())) {
            long read = 0;
            while (read < events && stream.hasNext()) {
                RecordedEvent recorded = stream.next();
                sink.accept(1, recorded.event().payloadBuffer());
                read++;
            }
            if (read < events) {
                throw new IllegalStateException(topic + " ended after " + read + " of " + events + " events.");
            }
        }
    }

    /** As a copier or a columnar reader would: nothing is decoded. */
    private void readChunks(String topic, long events, EventSink sink) {
        try (ChunkStream stream =
                store.openChunks(topic, ReadOptions.builder().limit(events).build())) {
            long read = 0;
            while (read < events && stream.hasNext()) {
                RecordedChunk chunk = stream.next();
                sink.accept(chunk.count(), chunk.body());
                read += chunk.count();
            }
            if (read < events) {
                throw new IllegalStateException(topic + " ended after " + read + " of " + events + " events.");
            }
        }
    }

    /** One topic's appender. */
    private record EckermannSender(Appender appender) implements Sender {
        @Override
        public void send(byte[] payload, Acknowledgement acknowledgement) {
            var unused = appender.append(Event.of(payload)).whenComplete((position, failure) -> {
                boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
                acknowledgement.done(wrapped ? failure.getCause() : failure);
            });
        }

        @Override
        public void close() {
            appender.close();
        }
    }
}
