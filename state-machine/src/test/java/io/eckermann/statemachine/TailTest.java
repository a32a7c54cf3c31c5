package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.v1.Chunk;
import io.eckermann.statemachine.chunk.NewChunk;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The newest events in memory, as readers of the state meet them. */
class TailTest {
    private final List<Chunk> visible = new ArrayList<>();
    private TestStore store;
    private long topic;

    @BeforeEach
    void open(@TempDir Path directory) {
        store = new TestStore(directory.resolve("one"));
        store.machine().addListener(new VisibleListener() {
            @Override
            public void appended(List<NewChunk> chunks) {
                chunks.forEach(chunk -> visible.add(chunk.chunk()));
            }

            @Override
            public void deleted(long topicId) {}

            @Override
            public void replaced() {}
        });
        topic = store.createTopic("orders");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void whatWasAppliedIsReadWithoutTheStore() {
        store.append(1_000, topic, "a", "b");
        store.append(1_000, topic, "c");
        awaitRecent(3);
        List<Chunk> chunks = recent(1).chunks();
        assertThat(chunks).hasSize(2);
        // The very objects: nothing was read.
        assertThat(chunks.get(0)).isSameAs(visible.get(0));
        assertThat(chunks.get(1)).isSameAs(visible.get(1));
        assertThat(TestStore.payloads(chunks)).containsExactly("a", "b", "c");
        assertThat(chunks).isEqualTo(store.view().forward(topic, 1, Long.MAX_VALUE));
    }

    @Test
    void afterAStartMemoryIsEmptyAndTheStoreAnswers() {
        store.append(1_000, topic, "a");
        store.reopen();
        assertThat(store.view().recent(topic, 1, Long.MAX_VALUE)).isNull();
        assertThat(store.payloads(topic)).containsExactly("a");
        store.append(1_000, topic, "b");
        awaitRecent(2);
        assertThat(store.view().recent(topic, 1, Long.MAX_VALUE)).isNull();
        assertThat(TestStore.payloads(recent(2).chunks())).containsExactly("b");
        assertThat(store.payloads(topic)).containsExactly("a", "b");
    }

    @Test
    void aSmallAppendAmongLargeOnesThatWereKnownDoesNotKeepThoseInMemory() {
        Operation large = TestStore.append(topic, new Operation.ProducerSequence("p", 1), "x".repeat(100_000));
        store.commit(1_000, large);
        store.commit(2_000, List.of(large, TestStore.append(topic, null, "small")));
        awaitRecent(2);
        List<Chunk> chunks = recent(2).chunks();
        assertThat(TestStore.payloads(chunks)).containsExactly("small");
        // A stretch of the entry would be of another class than bytes of one's own.
        assertThat(chunks.get(0).getBody().getClass().getSimpleName()).isEqualTo("LiteralByteString");
    }

    @Test
    void aDeletedTopicIsForgotten() {
        store.append(1_000, topic, "a");
        awaitRecent(1);
        store.commit(2_000, new Operation.DeleteTopic(topic));
        Waiting.until("it is gone", () -> store.view().topic(topic).isEmpty());
        Waiting.until("memory forgets", () -> store.view().recent(topic, 1, Long.MAX_VALUE) == null);
        assertThat(store.view().forward(topic, 1, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void anInstalledSnapshotEmptiesMemory(@TempDir Path directory) throws IOException {
        try (TestStore other = new TestStore(directory.resolve("other"))) {
            long same = other.createTopic("orders");
            for (String payload : List.of("a", "b", "c")) {
                other.append(1_000, same, payload);
            }
            Snapshot snapshot = other.machine().takeSnapshot();
            store.append(1_000, topic, "a");
            awaitRecent(1);
            Path incoming = store.machine().incoming();
            for (Path file : DurableFiles.list(snapshot.directory())) {
                Files.copy(file, incoming.resolve(file.getFileName()));
            }
            TestStore.replace(store.machine(), incoming);
            assertThat(store.view().recent(topic, 1, Long.MAX_VALUE)).isNull();
            assertThat(store.payloads(topic)).containsExactly("a", "b", "c");
        }
    }

    private void awaitRecent(long head) {
        Waiting.until("the append is in memory", () -> {
            Recent recent = store.view().recent(topic, head + 1, 1);
            return recent != null && recent.head() == head;
        });
    }

    private Recent recent(long from) {
        return Objects.requireNonNull(store.view().recent(topic, from, Long.MAX_VALUE));
    }
}
