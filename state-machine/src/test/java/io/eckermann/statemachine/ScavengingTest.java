package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.protocol.v1.Event;
import io.eckermann.statemachine.chunk.KeptSegment;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScavengingTest {
    private static final StorageLoad LOAD = new StorageLoad(6, 20, 4_000);

    /** How many segments with how many appends of how many bytes, half of them to each of two topics. */
    private record StorageLoad(int segments, int appends, int bytes) {}

    @TempDir
    Path temp;

    private TestStore store;
    private long orders;
    private long clicks;

    @BeforeEach
    void fill() {
        store = new TestStore(temp.resolve("a"));
        orders = store.createTopic("orders");
        clicks = store.createTopic("clicks");
        for (int segment = 0; segment < LOAD.segments(); segment++) {
            for (int k = 0; k < LOAD.appends() / 2; k++) {
                store.append(5_000, orders, payload("o", segment, k));
                store.append(5_000, clicks, payload("c", segment, k));
            }
            store.machine().takeSnapshot();
        }
        store.purgeLog();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static String payload(String name, int segment, int k) {
        return (name + segment + "." + k + ";").repeat(LOAD.bytes() / 6);
    }

    @Test
    void whatIsDeadIsGivenBackAndNoRowChanges() throws IOException {
        long before = bytes("a/kept");
        List<String> kept = store.payloads(orders);
        store.commit(6_000, new Operation.DeleteTopic(clicks));
        String digest = store.machine().digest();
        assertThat(scavenge(use -> true)).isGreaterThan(before * 4 / 10);
        assertThat(bytes("a/kept")).isBetween(before * 4 / 10, before * 6 / 10);
        assertThat(store.machine().digest()).isEqualTo(digest);
        assertThat(store.payloads(orders)).isEqualTo(kept);
        store.reopen();
        assertThat(store.payloads(orders)).isEqualTo(kept);
        assertThat(store.machine().digest()).isEqualTo(digest);
    }

    @Test
    void truncatedTopicGivesBackNearlyAllItsBytesAlsoOfTheSnapshot() throws IOException {
        store.commit(6_000, new Operation.DeleteTopic(clicks));
        scavenge(use -> true);
        long before = bytes("a/kept") + bytes("a/snapshots");
        long size = topic().sizeBytes();
        store.commit(6_000, new Operation.TruncateTopic(orders, topic().head() + 1));
        scavenge(use -> use.liveBytes() == 0);
        // The files of kept segments are links in the snapshot.
        assertThat(bytes("a/kept")).isLessThan(size / 20);
        assertThat(before - bytes("a/kept") - bytes("a/snapshots")).isGreaterThan(size * 95 / 100);
        store.append(7_000, orders, "goes on");
        store.reopen();
        assertThat(store.payloads(orders)).containsExactly("goes on");
    }

    @Test
    void surveyTellsWhatIsLive() throws IOException {
        assertThat(uses()).allSatisfy(use -> assertThat(use.deadBytes()).isLessThan(use.bytes() / 10));
        // Of the first three segments, and half of the fourth.
        store.commit(6_000, new Operation.TruncateTopic(orders, 36));
        store.commit(6_000, new Operation.TruncateTopic(clicks, 36));
        List<Scavenging.Use> uses = uses();
        assertThat(uses.subList(0, 3)).extracting(Scavenging.Use::liveBytes).containsOnly(0L);
        assertThat(uses.get(3).liveBytes())
                .isBetween(uses.get(3).bytes() * 4 / 10, uses.get(3).bytes() * 6 / 10);
        assertThat(uses.get(4).liveBytes()).isGreaterThan(uses.get(4).bytes() * 9 / 10);
    }

    @Test
    void deletedEventIsErasedFromTheDisk() throws IOException {
        String secret = payload("o", 2, 3);
        store.deleteEvent(orders, 24);
        assertThat(onDisk(secret)).isTrue();
        assertThat(uses()).filteredOn(Scavenging.Use::mustErase).hasSize(1);
        scavenge(Scavenging.Use::mustErase);
        assertThat(onDisk(secret)).isFalse();
        assertThat(uses()).noneMatch(Scavenging.Use::mustErase);
        assertThat(store.payloads(orders)).hasSize(60).contains("", payload("o", 2, 2), payload("o", 2, 4));
        // The new body's segment, too, may be written anew, and the event beside be deleted.
        store.machine().takeSnapshot();
        store.purgeLog();
        scavenge(use -> true);
        assertThat(store.payloads(orders)).hasSize(60).contains("", payload("o", 2, 2));
    }

    @Test
    void tagOfADeletedEventIsErasedWithIt() throws IOException {
        String tag = "customer:somebody-special";
        store.commit(
                5_000,
                TestStore.append(orders, List.of(Event.newBuilder().addTags(tag).build()), List.of(), null));
        store.machine().takeSnapshot();
        store.deleteEvent(orders, topic().head());
        store.machine().takeSnapshot();
        store.purgeLog();
        scavenge(Scavenging.Use::mustErase);
        assertThat(uses()).noneMatch(Scavenging.Use::mustErase);
        try (Stream<Path> files = Files.walk(temp.resolve("a/kept"))) {
            assertThat(files.filter(Files::isRegularFile)).noneMatch(file -> holds(file, tag));
        }
    }

    @Test
    void supersededEventsGoWhenTheirSegmentIsWrittenAnewAnyhowOrTheyAreDeleted() throws IOException {
        String superseded = payload("o", 0, 2);
        store.commit(
                6_000,
                new Operation.UpdateTopic(
                        orders,
                        null,
                        new Operation.Retain(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty()),
                        new Operation.Switches(true, null, null)));
        long before = uses().get(0).liveBytes();
        for (long position = 1; position <= 10; position++) {
            supersede(position);
        }
        store.machine().takeSnapshot();
        assertThat(uses()).noneMatch(Scavenging.Use::mustErase);
        assertThat(uses().get(0).liveBytes()).isBetween(before * 4 / 10, before * 6 / 10);
        assertThat(onDisk(superseded)).isTrue();
        store.deleteEvent(orders, 3);
        assertThat(uses()).filteredOn(Scavenging.Use::mustErase).hasSize(2);
        scavenge(Scavenging.Use::mustErase);
        assertThat(onDisk(superseded)).isFalse();
        assertThat(store.payloads(orders)).hasSize(60).startsWith("", "").contains(payload("o", 1, 0));
    }

    private void supersede(long position) {
        Operation.ReplaceBody asked = TestStore.replacement(
                orders, position, store.view().stored(orders, position).orElseThrow());
        assertThat(store.commit(
                        6_000,
                        new Operation.ReplaceBody(
                                orders,
                                position,
                                asked.replaced(),
                                asked.encoding(),
                                asked.crc32c(),
                                asked.body(),
                                asked.terms(),
                                true)))
                .isEqualTo(new Result.Done());
    }

    @Test
    void otherNodeGetsTheSnapshotWithWhatIsLeft() throws IOException {
        store.commit(6_000, new Operation.DeleteTopic(clicks));
        store.commit(6_000, new Operation.TruncateTopic(orders, 21));
        scavenge(use -> true);
        Snapshot snapshot = Objects.requireNonNull(store.machine().latestSnapshot());
        try (StateMachine other = TestStore.open(temp.resolve("b"))) {
            TestStore.replace(other, downloaded(other, snapshot));
            assertThat(other.digest()).isEqualTo(store.machine().digest());
            assertThat(TestStore.payloads(other.view().forward(orders, 21, Long.MAX_VALUE)))
                    .isEqualTo(store.payloads(orders));
            assertThat(other.kept().segments()).isEqualTo(store.machine().kept().segments());
        }
    }

    @Test
    void damagedPackedSegmentIsRefusedByItsReceiver() throws IOException {
        store.commit(6_000, new Operation.DeleteTopic(clicks));
        scavenge(use -> true);
        try (StateMachine other = TestStore.open(temp.resolve("b"))) {
            Path incoming =
                    downloaded(other, Objects.requireNonNull(store.machine().latestSnapshot()));
            Path packed = DurableFiles.list(incoming).stream()
                    .filter(file -> file.toString().endsWith(".packed"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(packed);
            bytes[bytes.length / 2] ^= 1;
            Files.write(packed, bytes);
            assertThatThrownBy(() -> other.accept(incoming)).hasRootCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void interruptedRewriteLeavesTheSegmentAsItWas() throws IOException {
        store.commit(6_000, new Operation.DeleteTopic(clicks));
        List<Path> before = DurableFiles.list(temp.resolve("a/kept"));
        Scavenging scavenging = store.machine().scavenging();
        Scavenging.Use use = scavenging.survey().get(0);
        assertThat(scavenging.write(use, bytes -> false)).isFalse();
        assertThat(scavenging.finish()).isZero();
        assertThat(DurableFiles.list(temp.resolve("a/kept"))).isEqualTo(before);
    }

    @Test
    void crashAtAnyStepOfARewriteLosesNothingLive() throws IOException {
        store.commit(6_000, new Operation.DeleteTopic(clicks));
        store.machine().takeSnapshot();
        List<String> kept = store.payloads(orders);
        List<Path> crashes = new ArrayList<>();
        Scavenging scavenging = store.machine().scavenging();
        for (Scavenging.Use use : scavenging.survey()) {
            scavenging.write(use, bytes -> {
                crashes.add(copied(crashes.size()));
                return true;
            });
        }
        crashes.add(copied(crashes.size()));
        Path old = copied(1_000);
        scavenging.finish();
        Path done = copied(1_001);
        crashes.add(done);
        // The log's own file is deleted last.
        for (String left : List.of(".bodies", ".segment")) {
            Path half = copied(1_002 + crashes.size());
            for (Path file : DurableFiles.list(old.resolve("kept"))) {
                boolean both = left.equals(".bodies") && file.toString().endsWith(".segment");
                Path to = half.resolve("kept").resolve(String.valueOf(file.getFileName()));
                if ((both || file.toString().endsWith(left)) && !Files.exists(to)) {
                    Files.copy(file, to);
                }
            }
            crashes.add(half);
        }
        for (Path crash : crashes) {
            try (StateMachine machine = TestStore.open(crash)) {
                machine.attach(new MemoryLog(machine.kept(), temp.resolve("nothing")));
                machine.kept().requireWhole();
                assertThat(TestStore.payloads(machine.view().forward(orders, 1, Long.MAX_VALUE)))
                        .isEqualTo(kept);
                assertThat(DurableFiles.list(crash.resolve("kept")))
                        .noneMatch(file -> file.toString().endsWith(".tmp"));
            }
        }
    }

    @Test
    void readersGoOnWhileSegmentsAreWrittenAnewAndDropped() throws IOException {
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Long> reader = CompletableFuture.supplyAsync(() -> {
            long pages = 0;
            while (!over.get()) {
                long first = store.machine().view().topic(orders).orElseThrow().first();
                List<String> read = TestStore.payloads(store.machine().view().forward(orders, first, Long.MAX_VALUE));
                assertThat(read).last().isEqualTo(payload("o", 5, 9));
                pages++;
            }
            return pages;
        });
        for (long position = 3; position <= 58; position += 5) {
            store.commit(6_000, new Operation.TruncateTopic(orders, position));
            store.commit(6_000, new Operation.TruncateTopic(clicks, position));
            scavenge(use -> use.deadBytes() > 1_000);
        }
        over.set(true);
        assertThat(reader.join()).isPositive();
        assertThat(store.payloads(orders)).hasSize(3);
    }

    @Test
    void damagedSegmentIsNotWrittenAnew() throws IOException {
        store.commit(6_000, new Operation.DeleteTopic(clicks));
        KeptSegment segment = uses().get(0).segment();
        Path data = store.machine().kept().data(segment);
        byte[] bytes = Files.readAllBytes(data);
        for (int at = 0; at < bytes.length; at += 100) {
            bytes[at] ^= 1;
        }
        Files.write(data, bytes, StandardOpenOption.WRITE);
        Scavenging scavenging = store.machine().scavenging();
        assertThatThrownBy(() -> scavenging.write(uses().get(0), read -> true))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is damaged");
        assertThat(data).exists();
    }

    private List<Scavenging.Use> uses() throws IOException {
        TestStore.awaitVisible(store.machine());
        return store.machine().scavenging().survey();
    }

    private long scavenge(Predicate<Scavenging.Use> chosen) throws IOException {
        TestStore.awaitVisible(store.machine());
        Scavenging scavenging = store.machine().scavenging();
        for (Scavenging.Use use : scavenging.survey()) {
            if (chosen.test(use)) {
                assertThat(scavenging.write(use, bytes -> true)).isTrue();
            }
        }
        return scavenging.finish();
    }

    private TopicState topic() {
        return store.view().topic(orders).orElseThrow();
    }

    private long bytes(String below) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(temp.resolve(below))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += file.toString().matches(".*(segment|bodies|packed)") ? Files.size(file) : 0;
            }
        }
        return bytes;
    }

    private boolean onDisk(String text) throws IOException {
        try (Stream<Path> files = Files.walk(temp)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (holds(file, text)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean holds(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path copied(int number) {
        try {
            return CrashCopy.make(temp.resolve("a"), temp.resolve("crashed-" + number));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path downloaded(StateMachine into, Snapshot snapshot) throws IOException {
        Path incoming = into.incoming();
        for (Path file : DurableFiles.list(snapshot.directory())) {
            Files.copy(file, incoming.resolve(String.valueOf(file.getFileName())));
        }
        return incoming;
    }
}
