package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readers beside the apply thread see whole entries, across an exchange of the store and up to its end. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ConcurrentReadsTest {
    private static final int ENTRIES = 300;

    @TempDir
    Path temp;

    private final ExecutorService readers = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() throws InterruptedException {
        readers.shutdownNow();
        assertThat(readers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void readersSeeWholeEntriesInOrder() throws Exception {
        try (TestStore store = new TestStore(temp)) {
            long topic = store.createTopic("t");
            AtomicBoolean done = new AtomicBoolean();
            Future<Long> seen = readers.submit(() -> readUntil(done, store.view(), topic));
            for (int i = 0; i < ENTRIES; i++) {
                store.commit(i, List.of(TestStore.append(topic, null, "a", "b"), TestStore.append(topic, null, "c")));
            }
            TestStore.awaitVisible(store.machine());
            done.set(true);
            assertThat(seen.get(60, TimeUnit.SECONDS)).isEqualTo(3L * ENTRIES);
        }
    }

    @Test
    void readersSurviveAnInstallationAndAreToldOfTheEnd() throws Exception {
        try (TestStore source = new TestStore(temp.resolve("a"))) {
            long topic = source.createTopic("t");
            StateMachine target = TestStore.open(temp.resolve("b"));
            source.replayInto(target);
            AtomicBoolean done = new AtomicBoolean();
            Future<Long> seen = readers.submit(() -> readUntil(done, target.view(), topic));
            for (int round = 0; round < 3; round++) {
                source.append(1_000, topic, "a", "b", "c");
                install(source.machine().takeSnapshot(), target);
            }
            done.set(true);
            assertThat(seen.get(60, TimeUnit.SECONDS)).isEqualTo(9);

            Future<Long> last = readers.submit(() -> readUntil(new AtomicBoolean(), target.view(), topic));
            target.close();
            assertThatThrownBy(() -> last.get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(StoreException.class)
                    .cause()
                    .satisfies(e -> assertThat(((StoreException) e).code()).isEqualTo(ErrorCode.NOT_READY));
        }
    }

    @Test
    void chunksOfATopicThatIsBeingDeletedAreWholeOrGone() throws Exception {
        try (TestStore store = new TestStore(temp)) {
            for (int i = 0; i < 30; i++) {
                long topic = store.createTopic("t" + i);
                store.append(1_000, topic, "x".repeat(3_000));
                store.append(1_000, topic, "y");
                Future<List<Chunk>> page = readers.submit(() -> store.view().forward(topic, 1, Long.MAX_VALUE));
                store.commit(2_000, new Operation.DeleteTopic(topic));
                assertThat(page.get(60, TimeUnit.SECONDS).size()).isIn(0, 2);
            }
        }
    }

    private static long readUntil(AtomicBoolean done, ReadView view, long topic) {
        long head = 0;
        boolean last = false;
        while (!last) {
            last = done.get();
            long known = view.topic(topic).orElseThrow().head();
            List<Chunk> chunks = view.forward(topic, 1, Long.MAX_VALUE);
            long read = 0;
            for (Chunk chunk : chunks) {
                assertThat(chunk.getFirstPosition()).isEqualTo(read + 1);
                read += chunk.getCount();
            }
            assertThat(read).isGreaterThanOrEqualTo(known).isGreaterThanOrEqualTo(head);
            assertThat(read % 3).as("an entry holds three events").isZero();
            head = read;
        }
        return head;
    }

    private static void install(Snapshot snapshot, StateMachine into) throws IOException {
        Path incoming = into.incoming();
        for (Path file : DurableFiles.list(snapshot.directory())) {
            Files.copy(file, incoming.resolve(file.getFileName()));
        }
        TestStore.replace(into, incoming);
    }
}
