package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.statemachine.chunk.KeptSegment;
import io.eckermann.statemachine.chunk.SegmentList;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of segments, some written anew and some as they were: who looks at them meanwhile, or with another version. */
class PackedFilesTest {
    @TempDir
    Path temp;

    private TestStore store;
    private long clicks;

    @BeforeEach
    void fill() {
        store = new TestStore(temp.resolve("a"));
        long orders = store.createTopic("orders");
        clicks = store.createTopic("clicks");
        for (int segment = 0; segment < 4; segment++) {
            store.append(5_000, orders, "o" + segment);
            store.append(5_000, clicks, "c".repeat(4_000));
            store.machine().takeSnapshot();
        }
        store.purgeLog();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aSnapshotThatIsLinkedWhileItsSegmentsAreWrittenAnewIsWhole() throws Exception {
        store.commit(6_000, new Operation.DeleteTopic(clicks));
        store.machine().takeSnapshot();
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<List<Path>> linking = CompletableFuture.supplyAsync(() -> {
            List<Path> links = new ArrayList<>();
            do {
                links.add(linked(links.size()));
            } while (!done.get());
            return links;
        });
        pack(0);
        done.set(true);
        for (Path each : linking.get()) {
            for (KeptSegment segment : SegmentList.read(each)) {
                assertThat(each.resolve(segment.dataName())).exists();
                assertThat(segment.packed() || Files.exists(each.resolve(segment.sideName())))
                        .isTrue();
            }
        }
    }

    private Path linked(int number) {
        try {
            Path directory = Files.createDirectories(temp.resolve("linked-" + number));
            store.machine().linkLatestSnapshot(directory);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void filesOfALaterLayoutAreRefusedByName() throws IOException {
        store.commit(6_000, new Operation.DeleteTopic(clicks));
        pack(1);
        store.machine().close();
        Set<String> refused = new HashSet<>();
        for (Path file : DurableFiles.list(temp.resolve("a/kept"))) {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length == 0 || bytes[0] != 'E') {
                continue;
            }
            refused.add(new String(bytes, 0, 8, StandardCharsets.US_ASCII));
            bytes[7] = '2';
            Files.write(file, bytes);
            assertThatThrownBy(() -> StateMachine.open(temp.resolve("a")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file + " has version 2 of its layout, and this one is 1: start the version");
            bytes[7] = '1';
            Files.write(file, bytes);
        }
        assertThat(refused).containsExactlyInAnyOrder("EckKept1", "EckPack1");
        store.reopen();
    }

    /** Has segments written anew, from this one on. */
    private void pack(int from) throws IOException {
        TestStore.awaitVisible(store.machine());
        Scavenging scavenging = store.machine().scavenging();
        List<Scavenging.Use> all = scavenging.survey();
        for (Scavenging.Use use : all.subList(from, all.size())) {
            assertThat(scavenging.write(use, bytes -> true)).isTrue();
        }
        assertThat(scavenging.finish()).isPositive();
    }
}
