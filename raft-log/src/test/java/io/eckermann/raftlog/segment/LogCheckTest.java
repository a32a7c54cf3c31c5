package io.eckermann.raftlog.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.raftlog.ratis.WrittenLog;
import io.eckermann.raftlog.segment.SegmentFile.Content;
import io.eckermann.raftlog.segment.SegmentFile.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Works on copies of files that the pinned Ratis version wrote and had open. */
class LogCheckTest {
    private static final int APPENDS = 40;

    @TempDir
    static Path written;

    private static Path killed;
    private static long appliedThen;

    @TempDir
    Path directory;

    @BeforeAll
    static void writeWithRatis() throws Exception {
        try (WrittenLog log = new WrittenLog(written)) {
            log.append(1, APPENDS);
            killed = log.copyTo(written.resolve("killed"));
            appliedThen = log.state().applied().index();
        }
    }

    @BeforeEach
    void copy() throws IOException {
        try (Stream<Path> files = Files.list(killed)) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void everyEntryThatRatisWroteIsRead() throws IOException {
        long next = 0;
        for (SegmentFile segment : segments()) {
            Content content = segment.read();
            assertThat(content.damage()).isNull();
            assertThat(segment.first()).isEqualTo(next);
            for (Entry entry : content.entries()) {
                assertThat(entry.index()).isEqualTo(next++);
                assertThat(entry.term()).isPositive();
            }
            if (!segment.isOpen()) {
                assertThat(segment.last()).isEqualTo(next - 1);
                assertThat(content.end()).isEqualTo(Files.size(segment.path()));
            }
        }
        assertThat(segments()).hasSizeGreaterThan(2);
        assertThat(next).isGreaterThan(APPENDS);
        assertThat(check(appliedThen)).isEqualTo(next - 1);
    }

    @Test
    void aTornTailIsCut() throws IOException {
        Content whole = open().read();
        Entry last = whole.entries().get(whole.entries().size() - 1);
        flip(open().path(), last.end() - 1);
        assertThat(check(-1)).isEqualTo(last.index() - 1);
        assertThat(Files.size(open().path())).isEqualTo(last.offset());
        assertThat(open().read().damage()).isNull();
    }

    @Test
    void aTailThatWasAcknowledgedIsNotTakenForATornOne() throws IOException {
        Content whole = open().read();
        Entry last = whole.entries().get(whole.entries().size() - 1);
        assertThat(acknowledged(last.index(), -1)).isEqualTo(last.index());
        flip(open().path(), last.end() - 1);
        assertThatThrownBy(() -> acknowledged(last.index(), -1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("must not vote")
                .hasMessageContaining(open().path().toString())
                .hasMessageContaining("at offset " + last.offset())
                .hasMessageContaining("acknowledged entries up to " + last.index());
        assertThat(open().read().damage()).isNotNull();
        assertThat(acknowledged(last.index() - 1, -1)).isEqualTo(last.index() - 1);
    }

    @Test
    void aLogThatIsGoneBehindWhatWasAcknowledgedRefusesTheStart() throws IOException {
        SegmentFile last = open();
        Files.delete(last.path());
        assertThatThrownBy(() -> acknowledged(last.first(), -1)).hasMessageContaining("acknowledged entries up to");
        assertThat(acknowledged(last.first() - 1, -1)).isEqualTo(last.first() - 1);
        // What a snapshot has replaced is not missed.
        assertThat(acknowledged(last.first(), last.first())).isEqualTo(last.first() - 1);
    }

    @Test
    void aTailOfNoiseIsCut() throws IOException {
        Content whole = open().read();
        byte[] noise = new byte[300_000];
        new Random(7).nextBytes(noise);
        noise[0] = 1;
        try (FileChannel file = FileChannel.open(open().path(), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(noise), whole.end());
        }
        assertThat(check(whole.lastIndex())).isEqualTo(whole.lastIndex());
        assertThat(Files.size(open().path())).isEqualTo(whole.end());
    }

    @Test
    void aFileThatIsCutOffInAnEntryLosesOnlyThatEntry() throws IOException {
        Content whole = open().read();
        Entry last = whole.entries().get(whole.entries().size() - 1);
        try (FileChannel file = FileChannel.open(open().path(), StandardOpenOption.WRITE)) {
            file.truncate(last.end() - 1);
        }
        assertThat(check(-1)).isEqualTo(last.index() - 1);
    }

    @Test
    void damageBeforeAWholeEntryRefusesTheStart() throws IOException {
        Entry first = open().read().entries().get(0);
        flip(open().path(), first.end() - 10);
        assertThatThrownBy(() -> check(-1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(open().path().toString())
                .hasMessageContaining("at offset " + first.offset())
                .hasMessageContaining("a whole entry follows at " + first.end());
        assertThat(open().read().damage()).isNotNull();
    }

    @Test
    void damageInAClosedSegmentRefusesTheStart() throws IOException {
        SegmentFile closed = segments().get(1);
        List<Entry> entries = closed.read().entries();
        Entry last = entries.get(entries.size() - 1);
        flip(closed.path(), last.end() - 1);
        assertThatThrownBy(() -> check(-1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(closed.path().toString())
                .hasMessageContaining("at offset " + last.offset());
    }

    @Test
    void aClosedSegmentThatEndsTooEarlyRefusesTheStart() throws IOException {
        SegmentFile closed = segments().get(1);
        List<Entry> entries = closed.read().entries();
        try (FileChannel file = FileChannel.open(closed.path(), StandardOpenOption.WRITE)) {
            file.truncate(entries.get(entries.size() - 1).offset());
        }
        assertThatThrownBy(() -> check(-1)).hasMessageContaining("not with " + closed.last());
    }

    @Test
    void aTruncationThatACrashKeptFromRenamingIsFinished() throws IOException {
        Files.delete(open().path());
        SegmentFile closed = segments().get(segments().size() - 1);
        List<Entry> entries = closed.read().entries();
        Entry cut = entries.get(entries.size() - 1);
        try (FileChannel file = FileChannel.open(closed.path(), StandardOpenOption.WRITE)) {
            file.truncate(cut.offset());
        }
        assertThatThrownBy(() -> check(cut.index())).hasMessageContaining("not with " + closed.last());
        assertThat(check(cut.index() - 1)).isEqualTo(cut.index() - 1);
        assertThat(segments().get(segments().size() - 1).last()).isEqualTo(cut.index() - 1);
        assertThat(check(cut.index() - 1)).isEqualTo(cut.index() - 1);
    }

    @Test
    void aLogThatEndsBeforeTheInstalledSnapshotIsDeleted() throws IOException {
        long end = check(-1);
        assertThat(new LogCheck(directory, end, end, -1, -1).run()).isEqualTo(end);
        assertThat(segments()).isNotEmpty();
        List<SegmentFile> before = segments();
        assertThatThrownBy(() -> new LogCheck(directory, end + 9, end + 9, end - 1, -1).run())
                .hasMessageContaining(before.get(0).path().toString())
                .hasMessageContaining("kept segments end at " + (end - 1));
        assertThat(segments()).hasSameSizeAs(before);
        assertThat(new LogCheck(directory, end + 9, end + 9, end, -1).run()).isEqualTo(-1);
        assertThat(segments()).isEmpty();
    }

    @Test
    void aMissingSegmentRefusesTheStart() throws IOException {
        SegmentFile missing = segments().get(1);
        Files.delete(missing.path());
        assertThatThrownBy(() -> check(missing.first()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("entries " + missing.first() + " to " + missing.last() + " are missing");
    }

    @Test
    void whatAnInterruptedPurgeLeftOverIsDeleted() throws IOException {
        SegmentFile oldest = segments().get(0);
        SegmentFile purged = segments().get(1);
        Files.delete(purged.path());
        assertThatThrownBy(() -> new LogCheck(directory, appliedThen, -1, oldest.last() - 1, -1).run())
                .hasMessageContaining(oldest.path().toString());
        assertThat(oldest.path()).exists();
        assertThat(new LogCheck(directory, appliedThen, -1, oldest.last(), -1).run())
                .isGreaterThanOrEqualTo(appliedThen);
        assertThat(oldest.path()).doesNotExist();
    }

    @Test
    void aLogThatEndsBeforeTheStateRefusesTheStart() throws IOException {
        long end = check(-1);
        assertThatThrownBy(() -> check(end + 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the log ends at " + end + " but the state has applied " + (end + 1));
        assertThatThrownBy(() -> new LogCheck(directory.resolve("none"), 7, 6, -1, -1).run())
                .hasMessageContaining("the log ends at -1 but the state has applied 7");
    }

    @Test
    void noLogIsFineWhenFreshOrRightAfterAnInstall() throws IOException {
        assertThat(new LogCheck(directory.resolve("none"), -1, -1, -1, -1).run())
                .isEqualTo(-1);
        assertThat(new LogCheck(directory.resolve("none"), 7, 7, -1, -1).run()).isEqualTo(-1);
    }

    @Test
    void aLogThatBeginsBehindTheStateRefusesTheStart() throws IOException {
        Files.delete(segments().get(0).path());
        assertThatThrownBy(() -> check(-1)).hasMessageContaining("but the state has applied only -1");
    }

    private long check(long applied) throws IOException {
        return new LogCheck(directory, applied, -1, -1, -1).run();
    }

    private long acknowledged(long index, long installed) throws IOException {
        return new LogCheck(directory, -1, installed, -1, index).run();
    }

    private SegmentFile open() throws IOException {
        return segments().stream().filter(SegmentFile::isOpen).findFirst().orElseThrow();
    }

    private List<SegmentFile> segments() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.flatMap(file -> SegmentFile.of(file).stream())
                    .sorted(Comparator.comparingLong(SegmentFile::first))
                    .toList();
        }
    }

    private static void flip(Path file, long at) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 0x10)).rewind();
            channel.write(one, at);
        }
    }
}
