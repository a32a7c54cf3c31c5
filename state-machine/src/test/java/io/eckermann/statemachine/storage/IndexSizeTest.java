package io.eckermann.statemachine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Query;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TestStore;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.condition.Conditional;
import io.eckermann.statemachine.query.Filter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

/**
 * What it takes on the disk to find events, and how long one does. {@code -Dindex.events=1000000} measures with so many;
 * it prints what comes of it.
 */
class IndexSizeTest {
    private static final int EVENTS = Integer.getInteger("index.events", 60_000);
    private static final int EVENTS_PER_ENTRY = 20;
    private static final int BYTES_PER_EVENT_MAX = 60;
    private static final int CUSTOMERS = EVENTS / 10;
    private static final int READS = 200;

    private final Random random = new Random(5);

    @Test
    void eventWithThreeTagsTakesSixtyBytesOfTheIndexAtMost(@TempDir Path directory) throws RocksDBException {
        try (TestStore store = new TestStore(directory)) {
            long topic = store.createTopic("orders");
            for (int i = 0; i < EVENTS; i += EVENTS_PER_ENTRY) {
                List<Operation> entry = new ArrayList<>();
                for (int k = i; k < i + EVENTS_PER_ENTRY; k++) {
                    entry.add(TestStore.append(topic, List.of(event(k)), List.of(), null));
                }
                store.commit(1_000 + i, entry);
            }
            store.machine().flush();
            read(store.view(), topic);
        }
        ClosedIndex index = new ClosedIndex(directory.resolve("db"));
        long terms = index.compactedBytes(Family.TERMS);
        System.out.printf(
                "%d events: %d bytes of terms each, %d of keys%n",
                EVENTS, terms / EVENTS, index.compactedBytes(Family.KEYS) / EVENTS);
        assertThat(terms / EVENTS).isBetween(1L, (long) BYTES_PER_EVENT_MAX);
    }

    /** By a tag that is on ten events, far from each other. */
    private void read(ReadView view, long topic) {
        long[] nanos = new long[READS];
        long found = 0;
        for (int k = 0; k < READS; k++) {
            String tag = "customer:" + random.nextInt(CUSTOMERS);
            Filter filter = Filter.of(Query.newBuilder()
                    .addItems(Conditional.item(List.of(), tag))
                    .build());
            long start = System.nanoTime();
            for (long position : view.matchesForward(topic, filter, 1, EVENTS, EVENTS)) {
                found += view.forward(topic, position, 1).size();
            }
            nanos[k] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        System.out.printf(
                "read by one of %d tags: %.1f events, p50 %d us, p99 %d us%n",
                CUSTOMERS, (double) found / READS, nanos[READS / 2] / 1_000, nanos[READS * 99 / 100] / 1_000);
        assertThat(found).isGreaterThan(READS);
    }

    private Event event(int number) {
        return Conditional.event(
                "type-" + random.nextInt(20),
                "order-" + random.nextInt(10_000),
                "customer:" + random.nextInt(CUSTOMERS),
                "product:" + random.nextInt(1_000),
                "month:" + number % 12);
    }
}
