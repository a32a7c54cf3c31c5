package io.eckermann.statemachine.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.FailIfEventsMatch;
import io.eckermann.protocol.v1.Query;
import io.eckermann.protocol.v1.QueryItem;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.log.v1.LogFormat;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Commands in {@code formats/v1}, as the first version wrote them, decode to the same for ever. A file is never changed;
 * one that does not exist yet is written with {@code -Dtranscripts.rewrite=true}.
 */
class FormatsTest {
    private static final Path SAMPLES = Path.of("src/test/resources/formats/v1");
    private static final Path COMPRESSED = Path.of("src/test/resources/formats/v2");
    private static final Path RETENTION = Path.of("src/test/resources/formats/v3/retention.bin");
    private static final Path COUNTED = Path.of("src/test/resources/formats/v4/counted-refusals.bin");
    private static final Path EVENT_TIMES = Path.of("src/test/resources/formats/v4/event-times.bin");
    private static final Path MANY = Path.of("src/test/resources/formats/v4/append-many.bin");
    private static final Path TIDYING = Path.of("src/test/resources/formats/v4/tidying.bin");
    private static final long LEADER_TIME_NS = 1_700_000_000_123_456_789L;

    @TestFactory
    List<DynamicTest> everySampleDecodesToTheSame() throws IOException {
        Map<String, List<Operation>> samples = samples();
        if (Boolean.getBoolean("transcripts.rewrite")) {
            for (Map.Entry<String, List<Operation>> sample : samples.entrySet()) {
                Path file = SAMPLES.resolve(sample.getKey());
                if (!Files.exists(file)) {
                    CommandBuilder builder = new CommandBuilder();
                    sample.getValue().forEach(builder::add);
                    Files.write(file, builder.build(LEADER_TIME_NS).bytes().toByteArray());
                }
            }
        }
        assertThat(DurableFiles.list(SAMPLES))
                .extracting(file -> String.valueOf(file.getFileName()))
                .containsExactlyElementsOf(samples.keySet());
        return samples.keySet().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> decodes(name)))
                .toList();
    }

    /** A run that the leader compressed, and one whose parts clients compressed. */
    @Test
    void samplesOfCompressedRunsDecodeToTheSame() throws IOException, UnreadableCommandException {
        AppendRun.Part first = new AppendRun.Part(2, 900, 0x89abcdef, new Operation.ProducerSequence("checkout", 41));
        AppendRun.Part second = new AppendRun.Part(1, 800, 5, null);
        ByteString whole = ByteString.copyFromUtf8("both of them");
        AppendRun.Part third = new AppendRun.Part(3, 4, 6, null);
        AppendRun.Part fourth = new AppendRun.Part(1, 3, 7, null);
        Command expected = new Command(
                LEADER_TIME_NS,
                List.of(
                        new AppendRun(7, Encoding.ZSTD, List.of(first, second), whole, EventsCodec.crc32c(whole)),
                        new AppendRun(8, Encoding.LZ4, List.of(third, fourth), ByteString.copyFromUtf8("aaaabbb"))));
        Path file = COMPRESSED.resolve("append.bin");
        if (Boolean.getBoolean("transcripts.rewrite") && !Files.exists(file)) {
            Files.createDirectories(COMPRESSED);
            Files.write(file, compressedSample(whole));
        }
        assertThat(CommandCodec.decode(ByteString.copyFrom(Files.readAllBytes(file))))
                .isEqualTo(expected);
    }

    @Test
    void samplesOfWhatRemovesEventsDecodeToTheSame() throws IOException, UnreadableCommandException {
        ByteString body = ByteString.copyFromUtf8("all but one");
        List<Operation> operations = List.of(
                new Operation.CreateTopic(
                        "shop.clicks",
                        TopicSettings.newBuilder()
                                .setMaxEventBytes(100)
                                .setRetainAgeMs(604_800_000)
                                .setRetainBytes(1L << 33)
                                .setRetainEvents(1_000_000)
                                .build()),
                new Operation.UpdateTopic(
                        7, "", new Operation.Retain(OptionalLong.of(0), OptionalLong.empty(), OptionalLong.of(5))),
                new Operation.RetainTopic(7),
                new Operation.TruncateTopic(7, 300),
                new Operation.TruncateTopicBefore(7, 1_600_000_000_000_000_000L),
                new Operation.ReplaceBody(7, 301, new ChunkAddress(12, 1, 5, 600), Encoding.ZSTD, 0x89abcdef, body));
        sampleDecodesTo(RETENTION, 3, operations);
    }

    @Test
    void samplesOfWhatIsTidiedDecodeToTheSame() throws IOException, UnreadableCommandException {
        List<Operation> operations = List.of(
                new Operation.CreateTopic(
                        "shop.prices",
                        TopicSettings.newBuilder()
                                .setMaxEventBytes(100)
                                .setCompactKeys(true)
                                .build()),
                new Operation.UpdateTopic(
                        7,
                        null,
                        new Operation.Retain(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty()),
                        new Operation.Switches(false, null, null)),
                new Operation.ReplaceBody(
                        7,
                        301,
                        new ChunkAddress(12, 1, 5, 600),
                        Encoding.PLAIN,
                        0x89abcdef,
                        ByteString.copyFromUtf8("the last of each key"),
                        particulars().terms(),
                        true),
                new Operation.TidyIndex(7, 300, ByteString.copyFromUtf8("row"), 4_096),
                new Operation.KeysCompacted(7, 301, 1L << 33));
        sampleDecodesTo(TIDYING, 4, operations);
    }

    @Test
    void sampleOfAnAppendWhoseRefusalCountsDecodesToTheSame() throws IOException, UnreadableCommandException {
        ByteString body = ByteString.copyFromUtf8("one event");
        Operation.Append append = new Operation.Append(
                7, 1, Encoding.PLAIN, 0x89abcdef, body, new Operation.ProducerSequence("checkout", 41, true));
        AppendRun.Part part = new AppendRun.Part(1, body.size(), 0x89abcdef, append.producer());
        sampleDecodesTo(COUNTED, 4, List.of(append), List.of(new AppendRun(7, Encoding.PLAIN, List.of(part), body)));
    }

    /** Compares a command of these operations with the sample, which is written if it is missing and that is asked for. */
    static void sampleDecodesTo(Path file, int format, List<Operation> operations)
            throws IOException, UnreadableCommandException {
        sampleDecodesTo(
                file,
                format,
                operations,
                operations.stream().<Step>map(Single::new).toList());
    }

    private static void sampleDecodesTo(Path file, int format, List<Operation> operations, List<Step> steps)
            throws IOException, UnreadableCommandException {
        if (Boolean.getBoolean("transcripts.rewrite") && !Files.exists(file)) {
            CommandBuilder builder = new CommandBuilder();
            operations.forEach(builder::add);
            Files.createDirectories(file.getParent());
            Files.write(file, builder.build(LEADER_TIME_NS).bytes().toByteArray());
        }
        ByteString sample = ByteString.copyFrom(Files.readAllBytes(file));
        assertThat(LogFormat.Command.parseFrom(sample).getFormat()).isEqualTo(format);
        assertThat(CommandCodec.decode(sample)).isEqualTo(new Command(LEADER_TIME_NS, steps));
    }

    @Test
    void samplesOfBusinessTimesDecodeToTheSame() throws IOException, UnreadableCommandException {
        Operation.CreateTopic create = new Operation.CreateTopic(
                "shop.clicks",
                TopicSettings.newBuilder()
                        .setMaxEventBytes(100)
                        .setIndexEventTime(true)
                        .addTimelineSlotMs(3_600_000)
                        .addTimelineSlotMs(86_400_000)
                        .build());
        ByteString earlyText = ByteString.copyFrom(new byte[] {127, -1, -1, -1, -1, -1, -1, -2});
        ByteString lateText = ByteString.copyFrom(new byte[] {-128, 0, 0, 0, 0, 0, 1, 2});
        Particulars particulars = Particulars.of(
                List.of(
                        new Particulars.Term(Particulars.Kind.EVENT_TIME, earlyText, List.of(1, 1)),
                        new Particulars.Term(Particulars.Kind.EVENT_TIME, lateText, List.of())),
                List.of(),
                null);
        ByteString body = ByteString.copyFromUtf8("both");
        if (Boolean.getBoolean("transcripts.rewrite") && !Files.exists(EVENT_TIMES)) {
            CommandBuilder builder = new CommandBuilder();
            builder.add(create);
            builder.add(new Operation.Append(7, 2, Encoding.PLAIN, 5, body, null, particulars));
            Files.createDirectories(EVENT_TIMES.getParent());
            Files.write(EVENT_TIMES, builder.build(LEADER_TIME_NS).bytes().toByteArray());
        }
        ByteString sample = ByteString.copyFrom(Files.readAllBytes(EVENT_TIMES));
        assertThat(LogFormat.Command.parseFrom(sample).getFormat()).isEqualTo(4);
        assertThat(CommandCodec.decode(sample))
                .isEqualTo(new Command(
                        LEADER_TIME_NS,
                        List.of(
                                new Single(create),
                                new AppendRun(
                                        7,
                                        Encoding.PLAIN,
                                        List.of(new AppendRun.Part(2, 4, 5, null, particulars)),
                                        body))));
        assertThat(EventTimeText.of(-2)).isEqualTo(earlyText);
        assertThat(EventTimeText.timeNs(lateText.toByteArray(), 0)).isEqualTo(258);
    }

    @Test
    void samplesOfAppendsToSeveralTopicsAndOfUniqueIdsDecodeToTheSame() throws IOException, UnreadableCommandException {
        Particulars.Term id = new Particulars.Term(Particulars.Kind.ID, ByteString.copyFromUtf8("e-1"), List.of(1, 1));
        AppendRun.Part withId = new AppendRun.Part(2, 5, 0x89abcdef, null, Particulars.NONE.withIds(List.of(id)));
        AppendRun.Part conditional = new AppendRun.Part(
                1,
                6,
                5,
                null,
                new Particulars(
                        List.of(),
                        List.of(Condition.newBuilder().setExpectedHead(300).build()),
                        null));
        Operation many = new Operation.AppendMany(
                List.of(new TopicAppend(7, Encoding.PLAIN, withId), new TopicAppend(8, Encoding.ZSTD, conditional)),
                List.of(new Operation.CommitCursor(9, "billing", 12, OptionalLong.of(11), false)),
                ByteString.copyFromUtf8("firstsecond"),
                new Particulars.Request("anonymous", "retry-1", ByteString.copyFromUtf8("print"), 1000, 5_000));
        Operation create = new Operation.CreateTopic(
                "shop.payments",
                TopicSettings.newBuilder()
                        .setMaxEventBytes(100)
                        .setUniqueIds(true)
                        .build());
        Operation update = new Operation.UpdateTopic(
                7,
                null,
                new Operation.Retain(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty()),
                new Operation.Switches(null, false, null));
        Operation.Append one = new Operation.Append(
                7, 2, Encoding.PLAIN, 5, ByteString.copyFromUtf8("third"), null, Particulars.NONE.withIds(List.of(id)));
        if (Boolean.getBoolean("transcripts.rewrite") && !Files.exists(MANY)) {
            CommandBuilder builder = new CommandBuilder();
            List.of(many, create, update, one).forEach(builder::add);
            Files.createDirectories(MANY.getParent());
            Files.write(MANY, builder.build(LEADER_TIME_NS).bytes().toByteArray());
        }
        ByteString sample = ByteString.copyFrom(Files.readAllBytes(MANY));
        assertThat(LogFormat.Command.parseFrom(sample).getFormat()).isEqualTo(4);
        AppendRun run = new AppendRun(
                7,
                Encoding.PLAIN,
                List.of(new AppendRun.Part(2, 5, 5, null, one.particulars())),
                ByteString.copyFromUtf8("third"));
        assertThat(CommandCodec.decode(sample))
                .isEqualTo(new Command(
                        LEADER_TIME_NS, List.of(new Single(many), new Single(create), new Single(update), run)));
    }

    private static byte[] compressedSample(ByteString whole) {
        LogFormat.AppendPart first = LogFormat.AppendPart.newBuilder()
                .setCount(2)
                .setLength(900)
                .setCrc32C(0x89abcdef)
                .setProducer("checkout")
                .setSequence(41)
                .build();
        LogFormat.AppendPart second = LogFormat.AppendPart.newBuilder()
                .setCount(1)
                .setLength(800)
                .setCrc32C(5)
                .build();
        LogFormat.Operation byClients = OperationFormat.run(
                8,
                Encoding.LZ4,
                List.of(
                        LogFormat.AppendPart.newBuilder()
                                .setCount(3)
                                .setLength(4)
                                .setCrc32C(6)
                                .build(),
                        LogFormat.AppendPart.newBuilder()
                                .setCount(1)
                                .setLength(3)
                                .setCrc32C(7)
                                .build()),
                ByteString.copyFromUtf8("aaaabbb"));
        return LogFormat.Command.newBuilder()
                .setFormat(CommandCodec.FORMAT_COMPRESSED)
                .setLeaderTimeNs(LEADER_TIME_NS)
                .addOperations(OperationFormat.whole(7, Encoding.ZSTD, List.of(first, second), whole))
                .addOperations(byClients)
                .build()
                .toByteArray();
    }

    private static void decodes(String name) throws IOException, UnreadableCommandException {
        Command command = CommandCodec.decode(ByteString.copyFrom(Files.readAllBytes(SAMPLES.resolve(name))));
        assertThat(command)
                .isEqualTo(new Command(
                        LEADER_TIME_NS, Objects.requireNonNull(expected().get(name))));
    }

    private static Map<String, List<Operation>> samples() {
        Map<String, List<Operation>> samples = new TreeMap<>();
        samples.put(
                "append.bin",
                List.of(
                        new Operation.Append(
                                7,
                                2,
                                Encoding.PLAIN,
                                0x89abcdef,
                                ByteString.copyFromUtf8("first"),
                                new Operation.ProducerSequence("checkout", 41)),
                        new Operation.Append(7, 1, Encoding.PLAIN, 5, ByteString.copyFromUtf8("second"), null)));
        samples.put(
                "append-with-particulars.bin",
                List.of(new Operation.Append(
                        7, 3, Encoding.PLAIN, 5, ByteString.copyFromUtf8("third"), null, particulars())));
        samples.put("create-topic.bin", List.of(createTopic()));
        samples.put("delete-topic.bin", List.of(new Operation.DeleteTopic(300)));
        samples.put("commit-cursor.bin", List.of(commitCursor(), commitNew()));
        samples.put("delete-cursor.bin", List.of(new Operation.DeleteCursor(7, "billing")));
        return samples;
    }

    /** Spelled out, not made by the encoder. */
    private static Map<String, List<Step>> expected() {
        AppendRun.Part first = new AppendRun.Part(2, 5, 0x89abcdef, new Operation.ProducerSequence("checkout", 41));
        AppendRun.Part second = new AppendRun.Part(1, 6, 5, null);
        return Map.of(
                "append.bin",
                List.of(new AppendRun(
                        7, Encoding.PLAIN, List.of(first, second), ByteString.copyFromUtf8("firstsecond"))),
                "append-with-particulars.bin",
                List.of(new AppendRun(
                        7,
                        Encoding.PLAIN,
                        List.of(new AppendRun.Part(3, 5, 5, null, particulars())),
                        ByteString.copyFromUtf8("third"))),
                "create-topic.bin",
                List.of(new Single(createTopic())),
                "delete-topic.bin",
                List.of(new Single(new Operation.DeleteTopic(300))),
                "commit-cursor.bin",
                List.of(new Single(commitCursor()), new Single(commitNew())),
                "delete-cursor.bin",
                List.of(new Single(new Operation.DeleteCursor(7, "billing"))));
    }

    private static Particulars particulars() {
        return new Particulars(
                List.of(
                        new Particulars.Term(Particulars.Kind.TYPE, ByteString.copyFromUtf8("Placed"), List.of()),
                        new Particulars.Term(Particulars.Kind.KEY, ByteString.copyFromUtf8("o-1"), List.of(0, 1)),
                        new Particulars.Term(
                                Particulars.Kind.TAG, ByteString.copyFromUtf8("c:1"), List.of(0, 1, 1, 1))),
                List.of(
                        Condition.newBuilder().setExpectedHead(300).build(),
                        Condition.newBuilder()
                                .setFailIfEventsMatch(FailIfEventsMatch.newBuilder()
                                        .setAfter(4)
                                        .setQuery(Query.newBuilder()
                                                .addItems(QueryItem.newBuilder()
                                                        .addTypes("Placed")
                                                        .addTags("c:1"))))
                                .build()),
                new Particulars.Request("anonymous", "retry-1", ByteString.copyFromUtf8("print"), 1000, 5_000));
    }

    private static Operation createTopic() {
        return new Operation.CreateTopic(
                "shop.orders",
                TopicSettings.newBuilder()
                        .setMaxEventBytes(65_536)
                        .setDescription("Bestellungen, größte zuerst")
                        .build());
    }

    private static Operation commitCursor() {
        return new Operation.CommitCursor(7, "billing", 12, OptionalLong.of(0), true);
    }

    private static Operation commitNew() {
        return new Operation.CommitCursor(7, "mail", 0, OptionalLong.empty(), false);
    }
}
