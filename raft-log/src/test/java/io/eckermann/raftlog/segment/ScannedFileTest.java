package io.eckermann.raftlog.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.raftlog.segment.ScannedFile.Scan;
import io.eckermann.raftlog.segment.SegmentFile.Entry;
import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.chunk.SharedFile;
import io.eckermann.statemachine.command.AppendRun;
import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.CommandBuilder;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.RunCompression;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.ratis.server.raftlog.segmented.SegmentWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On files that the pinned Ratis version writes. */
class ScannedFileTest {
    private static final long FIRST = 40;

    @TempDir
    Path directory;

    /** A body as the test knows it. */
    private record Known(ChunkAddress address, ByteString bytes) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void bodiesOfAnyCommandsAreFoundWhereTheyAre(long seed) throws Exception {
        Random random = new Random(seed);
        List<byte[]> commands = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            commands.add(command(random));
        }
        Path file = write(commands);
        Scan light = scan(file, false);
        assertThat(light.segment()).isEqualTo(scan(file, true).segment());
        assertThat(light.segment().last()).isEqualTo(last(commands));
        assertThat(light.segment().bytes())
                .isEqualTo(SegmentFile.of(file).orElseThrow().read().end());
        assertThat(light.offsets().matches(scan(file, true).offsets())).isTrue();
        List<Known> known = known(commands);
        assertThat(light.offsets().size()).isEqualTo(known.size());
        byte[] bytes = Files.readAllBytes(file);
        for (Known each : known) {
            int at = (int) light.offsets().position(each.address());
            assertThat(ByteString.copyFrom(bytes, at, each.bytes().size())).isEqualTo(each.bytes());
        }
    }

    @Test
    void bodiesAreFoundStepByStepAsAllAtOnce() throws Exception {
        Random random = new Random(20);
        List<byte[]> commands = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            commands.add(command(random));
        }
        Path file = write(commands);
        SharedFile shared = SharedFile.open(file);
        try {
            ScannedFile scanned = new ScannedFile(SegmentFile.of(file).orElseThrow(), shared);
            for (long index = FIRST; index <= last(commands); index += 1 + random.nextInt(3)) {
                assertThat(Objects.requireNonNull(scanned.to(index)).segment().last())
                        .isEqualTo(index);
            }
            Scan all = Objects.requireNonNull(scanned.to(last(commands)));
            assertThat(all.offsets().matches(scan(file, true).offsets())).isTrue();
        } finally {
            shared.release();
        }
    }

    @Test
    void largeBodiesAreNotRead() throws Exception {
        List<byte[]> commands = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            commands.add(appends(new Random(i), 2, 4, 64 << 10));
        }
        Path file = write(commands);
        assertThat(bytesRead(file)).isBetween(32 * 100L, Files.size(file) / 20);
    }

    @Test
    void smallBodiesAreReadOver() throws Exception {
        List<byte[]> commands = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            commands.add(appends(new Random(i), 500, 500, 200));
        }
        Path file = write(commands);
        assertThat(bytesRead(file)).isBetween(Files.size(file) / 2, Files.size(file));
    }

    /** Whatever single bit is wrong: a body is where it was, or is not found, or there is an error. */
    @Test
    void damagedStructureNeverMovesABody() throws Exception {
        List<byte[]> commands = List.of(
                appends(new Random(1), 3, 5, 20), new byte[0], single(), appends(new Random(2), 1, 1, 300), single());
        Path file = write(commands);
        List<Known> known = known(commands);
        List<Entry> entries = SegmentFile.of(file).orElseThrow().read().entries();
        Scan whole = scan(file, false);
        int refused = 0;
        for (Entry entry : entries) {
            for (long bit = entry.offset() * 8; bit < entry.end() * 8; bit++) {
                flip(file, bit);
                assertThatThrownBy(() -> scan(file, true)).as("bit %s", bit).hasMessageContaining(file.toString());
                try {
                    Scan damaged = scan(file, false);
                    for (Known each : known) {
                        assertThat(damaged.offsets().position(each.address()))
                                .as("bit %s", bit)
                                .isIn(-1L, whole.offsets().position(each.address()));
                    }
                } catch (IOException e) {
                    refused++;
                    assertThat(e).hasMessageContaining(file.toString()).hasMessageContaining("offset");
                }
                flip(file, bit);
            }
        }
        assertThat(refused).isGreaterThan(100);
        assertThat(scan(file, false).offsets().matches(whole.offsets())).isTrue();
    }

    @Test
    void whatIsWrongIsNamedWithFileAndOffset() throws Exception {
        List<byte[]> commands =
                List.of(appends(new Random(1), 1, 1, 5_000), appends(new Random(2), 1, 1, 5_000), single());
        Path file = write(commands);
        byte[] bytes = Files.readAllBytes(file);
        Entry second = SegmentFile.of(file).orElseThrow().read().entries().get(1);
        int at = (int) second.offset();

        byte[] otherIndex = bytes.clone();
        // Behind the length (2 bytes) and the term (2 bytes): the index's tag, then the index.
        otherIndex[at + 5]++;
        assertRefused(file, otherIndex, "entry " + (second.index() + 1) + " is at offset " + at + ", where");

        byte[] tooLong = bytes.clone();
        tooLong[at + 1] = 0x7f;
        assertRefused(file, Arrays.copyOf(tooLong, at + 9_000), "the entry at offset " + at + " is cut off");
        assertRefused(file, Arrays.copyOf(bytes, at + 2_000), "the entry at offset " + at + " is cut off");
        assertRefused(file, Arrays.copyOf(bytes, at), "it ends at offset " + at + ", before entry");

        byte[] huge = bytes.clone();
        Arrays.fill(huge, at, at + 4, (byte) 0xff);
        assertRefused(file, huge, "the entry at offset " + at + " cannot be read");
    }

    /** An entry that cannot be read leaves nothing behind of the bodies that were seen in it. */
    @Test
    void damagedEntryDoesNotSpoilTheOnesBeforeIt() throws Exception {
        List<byte[]> commands = List.of(single(), appends(new Random(1), 4, 4, 300));
        Path file = write(commands);
        Entry second = SegmentFile.of(file).orElseThrow().read().entries().get(1);
        // The last of the four runs: behind its producer and sequence (2 bytes) is the tag of its body.
        int producer = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).lastIndexOf("producer 3");
        flip(file, (producer + "producer 3".length() + 2) * 8L + 6);
        SharedFile shared = SharedFile.open(file);
        try {
            ScannedFile scanned = new ScannedFile(SegmentFile.of(file).orElseThrow(), shared);
            for (int tries = 0; tries < 2; tries++) {
                assertThatThrownBy(() -> scanned.to(second.index()))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("the entry at offset " + second.offset());
            }
            assertThat(Objects.requireNonNull(scanned.to(FIRST)).offsets().size())
                    .isZero();
        } finally {
            shared.release();
        }
    }

    private void assertRefused(Path file, byte[] content, String why) throws IOException {
        Files.write(file, content);
        assertThatThrownBy(() -> scan(file, false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(why);
    }

    private static byte[] command(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> new byte[0];
            case 1 -> single();
            case 2 -> appends(random, 1, 1, 1 << 20);
            case 3 -> appends(random, 1 + random.nextInt(3), 6, 100 << 10);
            case 4 -> appends(random, 1 + random.nextInt(300), 1_000, 1 + random.nextInt(300));
            case 5 -> appends(random, 40, 40, 5_000);
            case 6 -> appends(random, 1, 1, 1);
            default -> mixed(random);
        };
    }

    private static byte[] appends(Random random, int topics, int appends, int bytes) {
        CommandBuilder builder = new CommandBuilder(new RunCompression(Encoding.PLAIN));
        for (int i = 0; i < appends; i++) {
            byte[] body = new byte[Math.max(1, bytes - random.nextInt(1 + bytes / 8))];
            random.nextBytes(body);
            builder.add(append(i % topics, i, body));
        }
        return builder.build(5).bytes().toByteArray();
    }

    /** Other operations between appends, and runs that are compressed as one. */
    private static byte[] mixed(Random random) {
        CommandBuilder builder =
                new CommandBuilder(new RunCompression(random.nextBoolean() ? Encoding.ZSTD : Encoding.LZ4));
        for (int i = 0; i < 50; i++) {
            int topic = random.nextInt(3);
            if (random.nextInt(5) == 0) {
                builder.add(
                        random.nextBoolean()
                                ? new Operation.DeleteTopic(topic)
                                : new Operation.DeleteCursor(topic, "a consumer"));
            }
            builder.add(append(topic, i, new byte[1 + random.nextInt(4_000)]));
        }
        return builder.build(5).bytes().toByteArray();
    }

    private static byte[] single() {
        CommandBuilder builder = new CommandBuilder();
        builder.add(new Operation.DeleteTopic(9));
        return builder.build(5).bytes().toByteArray();
    }

    private static Operation.Append append(long topic, int number, byte[] body) {
        return new Operation.Append(
                topic,
                1,
                Encoding.PLAIN,
                number,
                ByteString.copyFrom(body),
                new Operation.ProducerSequence("producer " + number, number));
    }

    /** By decoding, which is another way through the bytes. */
    private static List<Known> known(List<byte[]> commands) throws Exception {
        List<Known> known = new ArrayList<>();
        for (int i = 0; i < commands.size(); i++) {
            Command command =
                    CommandCodec.decode(ByteString.copyFrom(commands.get(i).length > 0 ? commands.get(i) : single()));
            for (int ordinal = 0; ordinal < command.steps().size(); ordinal++) {
                if (command.steps().get(ordinal) instanceof AppendRun run) {
                    known.add(new Known(
                            new ChunkAddress(FIRST + i, ordinal, 0, run.body().size()), run.body()));
                }
            }
        }
        return known;
    }

    private static long last(List<byte[]> commands) {
        return FIRST + commands.size() - 1;
    }

    private Path write(List<byte[]> commands) throws IOException {
        Path file = directory.resolve("log_" + FIRST + "-" + last(commands));
        SegmentWriter.write(file, FIRST, commands);
        return file;
    }

    private static Scan scan(Path path, boolean checked) throws IOException {
        SegmentFile segment = SegmentFile.of(path).orElseThrow();
        SharedFile file = SharedFile.open(path);
        try {
            ScannedFile scanned = checked ? ScannedFile.checked(segment, file) : new ScannedFile(segment, file);
            return Objects.requireNonNull(scanned.to(segment.last()));
        } finally {
            file.release();
        }
    }

    private static long bytesRead(Path path) throws IOException {
        SegmentFile segment = SegmentFile.of(path).orElseThrow();
        SharedFile file = SharedFile.open(path);
        try {
            ScannedFile scanned = new ScannedFile(segment, file);
            if (scanned.to(segment.last()) == null) {
                fail("the file does not reach to its last entry");
            }
            return scanned.bytesRead();
        } finally {
            file.release();
        }
    }

    private static void flip(Path file, long bit) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, bit / 8);
            one.put(0, (byte) (one.get(0) ^ 1 << bit % 8)).rewind();
            channel.write(one, bit / 8);
        }
    }
}
