package io.eckermann.raftlog.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.raftlog.Await;
import io.eckermann.raftlog.ratis.TestCluster;
import io.eckermann.raftlog.ratis.WrittenLog;
import io.eckermann.raftlog.segment.SegmentFile.Content;
import io.eckermann.raftlog.segment.SegmentFile.Entry;
import io.eckermann.statemachine.chunk.BodyOffsets;
import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.chunk.FileLinks;
import io.eckermann.statemachine.chunk.KeptSegment;
import io.eckermann.statemachine.chunk.KeptSegments;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against files that the pinned Ratis writes, while it writes them. */
class LiveBodiesTest {
    private static final Path SAMPLES = Path.of("src/test/resources/formats");

    @TempDir
    Path directory;

    @Test
    void everyByteIsReadFromOpenClosedAndKeptSegments() throws Exception {
        List<String> written = new ArrayList<>();
        try (WrittenLog log = new WrittenLog(directory)) {
            append(log, 1, 5, written);
            assertThat(TestCluster.payloads(log.state(), 1)).isEqualTo(written);
            append(log, 6, 60, written);
            assertThat(SegmentFiles.closed(log.logDirectory())).isNotEmpty();
            assertThat(TestCluster.payloads(log.state(), 1)).isEqualTo(written);
            Await.until("closed segments to be kept", () -> log.state().kept().end() > 40);
            assertThat(TestCluster.payloads(log.state(), 1)).isEqualTo(written);
            log.log().takeSnapshot().get(30, TimeUnit.SECONDS);
            assertThat(log.state().kept().end())
                    .isGreaterThanOrEqualTo(Objects.requireNonNull(log.state().latestSnapshot())
                            .at()
                            .index());
            Await.until("a purge", () -> SegmentFiles.closed(log.logDirectory()).size() <= 1);
            assertThat(TestCluster.payloads(log.state(), 1)).isEqualTo(written);
            append(log, 61, 65, written);
            assertThat(TestCluster.payloads(log.state(), 1)).isEqualTo(written);
        }
        try (WrittenLog log = new WrittenLog(directory)) {
            append(log, 66, 70, written);
            assertThat(TestCluster.payloads(log.state(), 1)).isEqualTo(written);
        }
    }

    @Test
    void keptSegmentsShareTheLogsFiles() throws Exception {
        try (WrittenLog log = new WrittenLog(directory)) {
            log.append(1, 40);
            Await.until("closed segments to be kept", () -> log.state().kept().end() > 20);
            KeptSegments kept = log.state().kept();
            KeptSegment first = kept.segments().get(0);
            assertThat(Files.isSameFile(
                            kept.data(first), log.logDirectory().resolve("log_" + first.first() + "-" + first.last())))
                    .isTrue();
        }
    }

    @Test
    void missingSideFileIsMadeAnewAtTheStart() throws Exception {
        List<String> written = new ArrayList<>();
        try (WrittenLog log = new WrittenLog(directory)) {
            append(log, 1, 40, written);
            log.log().takeSnapshot().get(30, TimeUnit.SECONDS);
        }
        byte[] before = null;
        for (Path file : DurableFiles.list(directory.resolve("state/kept"))) {
            if (file.toString().endsWith(".bodies") && before == null) {
                before = Files.readAllBytes(file);
                Files.delete(file);
            }
        }
        try (WrittenLog log = new WrittenLog(directory)) {
            KeptSegments kept = log.state().kept();
            assertThat(Files.readAllBytes(kept.side(kept.segments().get(0)))).isEqualTo(before);
            assertThat(TestCluster.payloads(log.state(), 1)).isEqualTo(written);
        }
    }

    @Test
    void missingSegmentRefusesTheStart() throws Exception {
        Path lost;
        try (WrittenLog log = new WrittenLog(directory)) {
            log.append(1, 40);
            log.log().takeSnapshot().get(30, TimeUnit.SECONDS);
            KeptSegments kept = log.state().kept();
            lost = kept.data(kept.segments().get(0));
        }
        Files.delete(lost);
        assertThatThrownBy(() -> new WrittenLog(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(lost.toString());
        Files.delete(lost.resolveSibling(lost.getFileName().toString().replace(".segment", ".bodies")));
        assertThatThrownBy(() -> new WrittenLog(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Entries 0 to ");
    }

    @Test
    void damagedByteInTheOpenSegmentIsDataCorrupt() throws Exception {
        try (WrittenLog log = new WrittenLog(directory)) {
            log.append(1, 3);
            Path open = SegmentFiles.open(log.logDirectory());
            try (FileChannel file = FileChannel.open(open, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                String text = new String(Files.readAllBytes(open), StandardCharsets.ISO_8859_1);
                file.write(ByteBuffer.wrap(new byte[] {'!'}), text.indexOf("event 2"));
            }
            assertThatThrownBy(() -> TestCluster.payloads(log.state(), 1))
                    .isInstanceOfSatisfying(StoreException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
                        assertThat(e.facts()).containsEntry("topic_id", "1").containsEntry("position", "2");
                    });
        }
    }

    @Test
    void whatIsNotInTheLogIsNotFound() throws Exception {
        try (WrittenLog log = new WrittenLog(directory);
                KeptSegments none = KeptSegments.open(directory.resolve("none"), FileLinks.HARD);
                LiveBodies bodies = new LiveBodies(log.logDirectory(), none)) {
            log.append(1, 2);
            assertThat(bodies.find(List.of(new ChunkAddress(1_000_000, 0, 0, 1))))
                    .containsOnlyNulls();
            assertThatThrownBy(() -> bodies.keep(1_000_000))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not in the log");
        }
    }

    /**
     * A file that Ratis 3.3.0 wrote, with a topic and three appends, and the side file made of it; recorded anew with
     * {@code -Dformats.rewrite}.
     */
    @Test
    void committedSampleStillHoldsItsBodies() throws Exception {
        Path file = directory.resolve("log_inprogress_0");
        if (Boolean.getBoolean("formats.rewrite")) {
            record(file);
        } else {
            Files.copy(SAMPLES.resolve("ratis-3.3.0.segment"), file);
        }
        SegmentFile segment = SegmentFile.of(file).orElseThrow();
        Content content = segment.read();
        assertThat(content.damage()).isNull();
        try (KeptSegments kept = KeptSegments.open(directory.resolve("kept-sample"), FileLinks.HARD);
                LiveBodies bodies = new LiveBodies(directory, kept)) {
            bodies.keep(content.lastIndex());
            KeptSegment sample = kept.segments().get(0);
            assertThat(sample.bytes()).isEqualTo(content.end());
            if (Boolean.getBoolean("formats.rewrite")) {
                Files.write(SAMPLES.resolve("ratis-3.3.0.bodies"), Files.readAllBytes(kept.side(sample)));
            }
            assertThat(kept.side(sample)).hasSameBinaryContentAs(SAMPLES.resolve("ratis-3.3.0.bodies"));
            List<String> found = new ArrayList<>();
            for (Entry entry : content.entries()) {
                ByteString body = kept.find(List.of(new ChunkAddress(entry.index(), 0, 0, 1_000)))
                        .get(0);
                if (body != null) {
                    found.add(body.toStringUtf8().replaceFirst("(?s).*(event \\d).*", "$1"));
                }
            }
            assertThat(found).containsExactly("event 1", "event 2", "event 3");
        }
    }

    @Test
    void damagedSegmentOfASnapshotIsNotTakenOver() throws Exception {
        Path file = Files.copy(SAMPLES.resolve("ratis-3.3.0.segment"), directory.resolve("log_inprogress_0"));
        long last = SegmentFile.of(file).orElseThrow().read().lastIndex();
        try (KeptSegments kept = KeptSegments.open(directory.resolve("kept-sample"), FileLinks.HARD);
                KeptSegments wrong = KeptSegments.open(directory.resolve("wrong"), FileLinks.HARD);
                KeptSegments other = KeptSegments.open(directory.resolve("other"), FileLinks.HARD);
                LiveBodies bodies = new LiveBodies(directory, kept)) {
            other.checkedBy(bodies::verify);
            bodies.keep(last);
            KeptSegment segment = kept.segments().get(0);
            Path whole = Files.createDirectory(directory.resolve("whole"));
            kept.layOut(whole);

            Path rotten = Files.createDirectory(directory.resolve("rotten"));
            for (Path each : DurableFiles.list(whole)) {
                Files.copy(each, rotten.resolve(each.getFileName()));
            }
            Path data = rotten.resolve(segment.dataName());
            byte[] bytes = Files.readAllBytes(data);
            bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf("event 2")] = '!';
            Files.write(data, bytes);
            assertThatThrownBy(() -> other.adopt(rotten, last))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(data.toString())
                    .hasMessageContaining("does not match its checksum");

            wrong.keep(file, segment, new BodyOffsets(0));
            Path mixed = Files.createDirectory(directory.resolve("mixed"));
            wrong.layOut(mixed);
            assertThatThrownBy(() -> other.adopt(mixed, last))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not the segment that its side file describes");

            assertThat(other.end()).isEqualTo(-1);
            assertThat(DurableFiles.list(other.directory())).isEmpty();
            other.adopt(whole, last);
            assertThat(other.end()).isEqualTo(last);
        }
    }

    private void record(Path to) throws Exception {
        try (WrittenLog log = new WrittenLog(directory.resolve("recorded"))) {
            log.append(1, 3);
            SegmentFile open =
                    SegmentFile.of(SegmentFiles.open(log.logDirectory())).orElseThrow();
            FileLinks.copy(open.path(), to, open.read().end());
        }
        Files.createDirectories(SAMPLES);
        Files.write(SAMPLES.resolve("ratis-3.3.0.segment"), Files.readAllBytes(to));
    }

    private static void append(WrittenLog log, int from, int to, List<String> written) throws Exception {
        log.append(from, to);
        for (int i = from; i <= to; i++) {
            written.add("event " + i + " " + "x".repeat(1000));
        }
    }
}
