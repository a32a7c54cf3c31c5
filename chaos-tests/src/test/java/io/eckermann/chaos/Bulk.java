package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.client.Consistency;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.EventStream;
import io.eckermann.client.ReadOptions;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** Much data in one topic, the same each time. */
final class Bulk {
    private static final String TOPIC = "bulk";
    private static final int PAYLOAD_BYTES = 64 << 10;
    private static final int UNDER_WAY = 128;
    private static final long SEED = 1;

    private Bulk() {}

    /** Makes the topic and appends; returns how many milliseconds the appends took. */
    static double fill(EventStore store, long bytes) {
        store.topics().create(TOPIC).join();
        Random random = new Random(SEED);
        ArrayDeque<CompletableFuture<?>> underWay = new ArrayDeque<>();
        long startNs = System.nanoTime();
        for (long written = 0; written < bytes; written += PAYLOAD_BYTES) {
            underWay.add(store.append(TOPIC, Event.of(payload(random))));
            if (underWay.size() > UNDER_WAY) {
                underWay.remove().join();
            }
        }
        underWay.forEach(CompletableFuture::join);
        return (System.nanoTime() - startNs) / 1e6;
    }

    /** Reads what was appended from the only node that is up, without asking a majority. */
    static void assertHeld(String grpc, long bytes) {
        Random random = new Random(SEED);
        ReadOptions options = ReadOptions.builder()
                .from(1)
                .limit(events(bytes))
                .consistency(Consistency.LOCAL)
                .build();
        long position = 0;
        try (EventStore store = EventStore.connect(grpc);
                EventStream events = store.open(TOPIC, options)) {
            while (events.hasNext()) {
                position++;
                var event = events.next();
                assertThat(event.position()).isEqualTo(position);
                assertThat(event.event().payload()).as("event %d", position).isEqualTo(payload(random));
            }
        }
        assertThat(position).isEqualTo(events(bytes));
    }

    private static long events(long bytes) {
        return (bytes + PAYLOAD_BYTES - 1) / PAYLOAD_BYTES;
    }

    private static byte[] payload(Random random) {
        byte[] payload = new byte[PAYLOAD_BYTES];
        random.nextBytes(payload);
        return payload;
    }
}
