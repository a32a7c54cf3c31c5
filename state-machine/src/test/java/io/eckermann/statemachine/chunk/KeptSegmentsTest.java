package io.eckermann.statemachine.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptSegmentsTest {
    private static final FileLinks NO_LINKS = (file, target, bytes) -> {
        FileLinks.copy(file, target, bytes);
        return false;
    };

    @TempDir
    Path temp;

    private KeptSegments kept;

    @BeforeEach
    void open() throws IOException {
        kept = KeptSegments.open(temp.resolve("kept"), FileLinks.HARD);
    }

    @AfterEach
    void close() {
        kept.close();
    }

    @Test
    void keptSegmentIsTheLogsOwnFileAndOutlivesItsName() throws IOException {
        Path log = keep(kept, 0, 9);
        assertThat(Files.isSameFile(log, temp.resolve("kept/0-9.segment"))).isTrue();
        Files.delete(log);
        assertBodies(kept, 0, 9);
        reopen();
        assertThat(kept.end()).isEqualTo(9);
        assertBodies(kept, 0, 9);
        assertThat(bodies(kept, 10, 10)).containsOnlyNulls();
    }

    @Test
    void whereLinkingIsImpossibleTheNeededBytesAreCopied() throws IOException {
        KeptSegments copies = KeptSegments.open(temp.resolve("copies"), NO_LINKS);
        Path log = write(0, 9);
        long bytes = Files.size(log);
        Files.writeString(log, "zeros behind", StandardOpenOption.APPEND);
        copies.keep(log, new KeptSegment(0, 9, bytes), offsets(0, 9));
        assertThat(Files.isSameFile(log, temp.resolve("copies/0-9.segment"))).isFalse();
        assertThat(temp.resolve("copies/0-9.segment")).hasSize(bytes);
        Files.delete(log);
        assertBodies(copies, 0, 9);
        copies.close();
    }

    @Test
    void linkThatTheDiskRefusesKeepsNothing() throws IOException {
        FileLinks full = (file, target, bytes) -> {
            throw new IOException("no space");
        };
        KeptSegments none = KeptSegments.open(temp.resolve("none"), full);
        assertThatThrownBy(() -> keep(none, 0, 9)).hasMessage("no space");
        assertThat(none.end()).isEqualTo(-1);
        assertThat(KeptSegments.open(temp.resolve("none"), FileLinks.HARD).end())
                .isEqualTo(-1);
    }

    @Test
    void longerSegmentTakesTheShortersPlaceWhileItIsRead() throws IOException {
        keep(kept, 0, 4);
        assertBodies(kept, 0, 4);
        keep(kept, 0, 9);
        assertBodies(kept, 0, 9);
        assertThat(DurableFiles.list(temp.resolve("kept")))
                .containsExactly(temp.resolve("kept/0-9.bodies"), temp.resolve("kept/0-9.segment"));
    }

    @Test
    void segmentsOfTwoNodesThatOverlapGiveTheSameBodies() throws IOException {
        keep(kept, 0, 9);
        keep(kept, 10, 19);
        keep(kept, 5, 24);
        keep(kept, 22, 39);
        assertThat(kept.end()).isEqualTo(39);
        kept.requireWhole();
        assertBodies(kept, 0, 39);
    }

    @Test
    void backwardAndMixedOrderGiveEachAddressItsBody() throws IOException {
        keep(kept, 0, 9);
        keep(kept, 10, 19);
        List<ChunkAddress> addresses = new ArrayList<>();
        for (long index : new long[] {19, 3, 4, 15, 2, 2, 18, 0}) {
            addresses.add(address(index));
        }
        assertThat(kept.find(addresses))
                .isEqualTo(addresses.stream().map(at -> body(at.raftIndex())).toList());
        assertThat(kept.find(List.of(new ChunkAddress(3, 0, 2, 4)))).containsExactly(body(3).substring(2, 6));
        assertThat(kept.find(List.of(new ChunkAddress(3, 1, 0, 4), new ChunkAddress(3, 0, 0, 1_000_000))))
                .containsOnlyNulls();
    }

    @Test
    void manySegmentsAreReadWithFewFilesOpen() throws IOException {
        for (int first = 0; first < 1_000; first += 10) {
            keep(kept, first, first + 9);
        }
        assertBodies(kept, 0, 999);
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "only Linux tells which files are open");
        try (Stream<Path> files = Files.list(descriptors)) {
            assertThat(files.filter(this::isKept).count()).isBetween(1L, 32L);
        }
    }

    @Test
    void interruptedReaderDoesNotDisturbTheNext() throws IOException {
        keep(kept, 0, 9);
        assertBodies(kept, 0, 9);
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> kept.find(List.of(address(3)))).hasMessageContaining("interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertBodies(kept, 0, 9);
    }

    @Test
    void segmentBehindAHoleIsNotKept() throws IOException {
        keep(kept, 0, 9);
        assertThatThrownBy(() -> keep(kept, 11, 19))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Entries 10 to 10 must be kept before");
        assertThat(kept.segments()).hasSize(1);
        keep(kept, 10, 19);
        assertBodies(kept, 0, 19);
    }

    @Test
    void holeRefusesTheStartAndIsNamed() throws IOException {
        keep(kept, 0, 9);
        keep(kept, 10, 19);
        keep(kept, 20, 29);
        Files.delete(temp.resolve("kept/10-19.segment"));
        Files.delete(temp.resolve("kept/10-19.bodies"));
        reopen();
        assertThat(kept.end()).isEqualTo(9);
        assertThatThrownBy(kept::requireWhole)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Entries 10 to 19 are missing before")
                .hasMessageContaining("20-29.segment");
    }

    @Test
    void halfDoneKeepingIsNotSeen() throws IOException {
        keep(kept, 0, 9);
        Files.writeString(temp.resolve("kept/10-19.segment"), "linked, and then a crash");
        Files.writeString(temp.resolve("kept/10-19.bodies.tmp"), "half written");
        reopen();
        assertThat(kept.end()).isEqualTo(9);
        assertThat(temp.resolve("kept/10-19.bodies.tmp")).doesNotExist();
        assertThat(kept.undescribed()).containsExactly(temp.resolve("kept/10-19.segment"));
        keep(kept, 10, 19);
        assertBodies(kept, 0, 19);
        assertThat(kept.undescribed()).isEmpty();
    }

    @Test
    void snapshotGivesAnotherNodeWhatItLacks() throws IOException {
        keep(kept, 0, 9);
        keep(kept, 10, 24);
        keep(kept, 25, 29);
        Path snapshot = Files.createDirectory(temp.resolve("snapshot"));
        kept.layOut(snapshot);
        try (KeptSegments other = KeptSegments.open(temp.resolve("other"), FileLinks.HARD)) {
            keep(other, 0, 14);
            Path incoming = Files.createDirectory(temp.resolve("incoming"));
            for (Path file : DurableFiles.list(snapshot)) {
                if (SegmentList.bytesToSend(file, other.end()).isPresent()) {
                    Files.copy(file, incoming.resolve(file.getFileName()));
                }
            }
            assertThat(incoming.resolve("0-9.segment")).doesNotExist();
            assertThat(incoming.resolve("10-24.segment")).exists();
            other.adopt(incoming, 29);
            assertThat(other.end()).isEqualTo(29);
            assertBodies(other, 0, 29);
            // It can be handed on whole.
            try (KeptSegments third = KeptSegments.open(temp.resolve("third"), FileLinks.HARD)) {
                third.adopt(incoming, 29);
                assertBodies(third, 0, 29);
            }
        }
    }

    @Test
    void snapshotThatLacksASegmentIsRefused() throws IOException {
        keep(kept, 0, 9);
        keep(kept, 10, 19);
        Path snapshot = Files.createDirectory(temp.resolve("snapshot"));
        kept.layOut(snapshot);
        Files.delete(snapshot.resolve("10-19.bodies"));
        try (KeptSegments other = KeptSegments.open(temp.resolve("other"), FileLinks.HARD)) {
            assertThatThrownBy(() -> other.adopt(snapshot, 19)).hasMessageContaining("lacks entries 10 to 19");
            assertThat(other.end()).isEqualTo(-1);
        }
        try (KeptSegments other = KeptSegments.open(temp.resolve("short"), FileLinks.HARD)) {
            kept.layOut(snapshot);
            assertThatThrownBy(() -> other.adopt(snapshot, 20)).hasMessageContaining("end at 19");
        }
    }

    @Test
    void segmentsAreKeptWhileThoseOfASnapshotAreVerified() throws IOException {
        keep(kept, 0, 9);
        keep(kept, 10, 19);
        keep(kept, 20, 29);
        Path snapshot = Files.createDirectory(temp.resolve("snapshot"));
        kept.layOut(snapshot);
        try (KeptSegments other = KeptSegments.open(temp.resolve("other"), FileLinks.HARD)) {
            List<Path> verified = new ArrayList<>();
            other.checkedBy((data, segment, offsets) -> {
                verified.add(data);
                if (segment.first() == 0) {
                    CompletableFuture.runAsync(() -> keepUnchecked(other, 0, 14))
                            .orTimeout(60, TimeUnit.SECONDS)
                            .join();
                }
            });
            other.adopt(snapshot, 29);
            assertThat(verified)
                    .containsExactly(
                            snapshot.resolve("0-9.segment"),
                            snapshot.resolve("10-19.segment"),
                            snapshot.resolve("20-29.segment"));
            assertThat(other.segments()).extracting(KeptSegment::last).containsExactly(14L, 19L, 29L);
            assertBodies(other, 0, 29);
        }
    }

    private void keepUnchecked(KeptSegments into, long first, long last) {
        try {
            keep(into, first, last);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void reopen() throws IOException {
        kept.close();
        kept = KeptSegments.open(temp.resolve("kept"), FileLinks.HARD);
    }

    private boolean isKept(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(temp.resolve("kept"));
        } catch (IOException e) {
            return false;
        }
    }

    private Path keep(KeptSegments into, long first, long last) throws IOException {
        Path log = write(first, last);
        into.keep(log, new KeptSegment(first, last, Files.size(log)), offsets(first, last));
        return log;
    }

    private Path write(long first, long last) throws IOException {
        StringBuilder text = new StringBuilder();
        for (long index = first; index <= last; index++) {
            text.append("head of ").append(index).append(body(index).toStringUtf8());
        }
        return Files.writeString(temp.resolve("log_" + first + "-" + last), text);
    }

    private static BodyOffsets offsets(long first, long last) throws IOException {
        BodyOffsets offsets = new BodyOffsets(first);
        long at = 0;
        for (long index = first; index <= last; index++) {
            at += ("head of " + index).length();
            offsets.add(index, 0, at, body(index).size());
            at += body(index).size();
        }
        return offsets;
    }

    private static ByteString body(long index) {
        return ByteString.copyFrom(("body " + index + " ").repeat((int) (index % 7) + 1), StandardCharsets.UTF_8);
    }

    private static ChunkAddress address(long index) {
        return new ChunkAddress(index, 0, 0, body(index).size());
    }

    private static List<ByteString> bodies(KeptSegments from, long first, long last) {
        return from.find(LongStream.rangeClosed(first, last)
                .mapToObj(KeptSegmentsTest::address)
                .toList());
    }

    private static void assertBodies(KeptSegments from, long first, long last) {
        assertThat(bodies(from, first, last))
                .isEqualTo(LongStream.rangeClosed(first, last)
                        .mapToObj(KeptSegmentsTest::body)
                        .toList());
    }
}
