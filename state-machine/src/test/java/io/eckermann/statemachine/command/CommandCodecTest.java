package io.eckermann.statemachine.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.statemachine.log.v1.LogFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CommandCodecTest {
    private static final int FORMAT_AT = 1;

    private static final UnknownFieldSet FROM_THE_FUTURE = UnknownFieldSet.newBuilder()
            .addField(77, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();

    @Property(tries = 300)
    void commandSurvivesTheRoundTrip(@ForAll("operations") List<Operation> operations, @ForAll long leaderTimeNs)
            throws UnreadableCommandException {
        CommandBuilder.Built built = build(operations, leaderTimeNs);
        Command command = CommandCodec.decode(built.bytes());
        assertThat(command.leaderTimeNs()).isEqualTo(leaderTimeNs);
        List<Operation> bySlot = flatten(command);
        List<Operation> decoded = built.slots().stream().map(bySlot::get).toList();
        assertThat(decoded).isEqualTo(operations);
        assertThat(built.slots()).doesNotHaveDuplicates().hasSize(bySlot.size());
    }

    @Property(tries = 300)
    void appendsToOneTopicKeepTheirOrderAndLieInOneRunUntilItIsDeletedOrOneOfSeveral(
            @ForAll("operations") List<Operation> operations) throws UnreadableCommandException {
        Command command = CommandCodec.decode(build(operations, 1).bytes());
        for (long topic = 1; topic <= 4; topic++) {
            assertThat(ofTopic(flatten(command), topic)).isEqualTo(ofTopic(operations, topic));
            long id = topic;
            long ends = operations.stream()
                    .filter(operation -> operation.equals(new Operation.DeleteTopic(id))
                            || (operation instanceof Operation.AppendMany many
                                    && many.appends().stream().anyMatch(append -> append.topicId() == id)))
                    .count();
            assertThat(command.steps().stream().filter(step -> step instanceof AppendRun run && run.topicId() == id))
                    .hasSizeLessThanOrEqualTo((int) ends + 1);
        }
    }

    @Property(tries = 300)
    void bodiesAreFoundWhereDecodingFindsThem(@ForAll("operations") List<Operation> operations) throws Exception {
        ByteString bytes = build(operations, 1).bytes();
        Map<Integer, ByteString> found = new TreeMap<>();
        CommandCodec.bodies(
                bytes.newCodedInput(),
                (ordinal, position, length) -> assertThat(
                                found.put(ordinal, bytes.substring(position, position + length)))
                        .isNull());
        // One that moves cursors alone has a body without a byte.
        found.values().removeIf(ByteString::isEmpty);
        Map<Integer, ByteString> decoded = new TreeMap<>();
        List<Step> steps = CommandCodec.decode(bytes).steps();
        for (int ordinal = 0; ordinal < steps.size(); ordinal++) {
            ByteString body = steps.get(ordinal).body();
            if (!body.isEmpty()) {
                decoded.put(ordinal, body);
            }
        }
        assertThat(found).isEqualTo(decoded);
    }

    @Property(tries = 300)
    void truncatedCommandIsRefusedOrAnother(
            @ForAll("operations") List<Operation> operations, @ForAll("fraction") double cut)
            throws UnreadableCommandException {
        ByteString bytes = build(operations, 1).bytes();
        Command whole = CommandCodec.decode(bytes);
        assertThat(decodeOrNull(bytes.substring(0, (int) (cut * bytes.size())))).isNotEqualTo(whole);
    }

    @Property(tries = 300)
    void flippedBitIsRefusedOrMakesAnotherCommand(
            @ForAll("operations") List<Operation> operations, @ForAll("fraction") double at)
            throws UnreadableCommandException {
        ByteString original = build(operations, 1).bytes();
        byte[] bytes = original.toByteArray();
        Command whole = CommandCodec.decode(original);
        int bit = (int) (at * bytes.length * 8);
        bytes[bit / 8] ^= (byte) (1 << (bit % 8));
        // Any exception but UnreadableCommandException fails here. A flip may turn a command into another valid one, or
        // hit bits that mean nothing to protobuf, or ask for a newer format than is needed: those are for the Raft
        // log's checksum to see.
        Command flipped = decodeOrNull(ByteString.copyFrom(bytes));
        assertThat(flipped == null
                        || !flipped.equals(whole)
                        // A command says what its reader must know, and may ask for more than it needs.
                        || bit / 8 == FORMAT_AT
                        || isSameToProtobuf(original, bytes))
                .isTrue();
    }

    @Property(tries = 300)
    void bytesOfNoOneAreRefusedWithoutSurprise(@ForAll("noise") byte[] bytes) {
        Command command = decodeOrNull(ByteString.copyFrom(bytes));
        assertThat(command == null || bytes.length >= 2).isTrue();
        try {
            CommandCodec.decodeOperation(ByteString.copyFrom(bytes));
        } catch (StoreException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST);
        }
        try {
            CommandCodec.decodeResult(ByteString.copyFrom(bytes));
        } catch (StoreException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL);
        }
    }

    @Property(tries = 200)
    void operationSurvivesBeingHandedOn(@ForAll("operation") Operation operation) {
        assertThat(CommandCodec.decodeOperation(CommandCodec.encode(operation))).isEqualTo(operation);
    }

    @Test
    void resultsSurviveBeingSentBack() {
        TreeMap<String, String> facts = new TreeMap<>(java.util.Map.of("b", "2", "a", "1"));
        List<Result> all = List.of(
                new Result.Appended(7, 2, 9, 123, true),
                new Result.TopicCreated(4, true, 1_000),
                new Result.Done(),
                new Result.CursorCommitted(3, 9, 55),
                new Result.AppendedMany(
                        List.of(new Result.Appended(7, 2, 9, 123, false), new Result.Appended(1, 1, 1, 124, false)),
                        List.of(new Result.CursorCommitted(3, 9, 55)),
                        true),
                new Result.Refused(ErrorCode.SEQUENCE_GAP, "text", facts));
        for (Result result : all) {
            assertThat(CommandCodec.decodeResult(CommandCodec.encode(result))).isEqualTo(result);
        }
    }

    @Test
    void bodiesAreSlicesOfTheEntry() throws UnreadableCommandException {
        byte[] entry = build(List.of(append("body")), 1).bytes().toByteArray();
        AppendRun run = (AppendRun) CommandCodec.decode(com.google.protobuf.UnsafeByteOperations.unsafeWrap(entry))
                .steps()
                .get(0);
        int at = ByteString.copyFrom(entry).toStringUtf8().indexOf("body");
        entry[at] = 'B';
        assertThat(run.body().toStringUtf8()).isEqualTo("Body");
    }

    @Test
    void anotherFormatIsUnreadable() {
        assertUnreadable(command().setFormat(5), "format 5");
        assertUnreadable(command().setFormat(0), "format 0");
    }

    @Test
    void fieldsOfTheFutureAreUnreadableAtEveryLevel() {
        assertUnreadable(command().setUnknownFields(FROM_THE_FUTURE), "Command");
        assertUnreadable(with(operation().setUnknownFields(FROM_THE_FUTURE)), "Operation");
        assertUnreadable(
                with(operation().setAppend(operation().getAppendBuilder().setUnknownFields(FROM_THE_FUTURE))),
                "AppendRun");
        LogFormat.Operation.Builder part = operation();
        part.getAppendBuilder().getPartsBuilder(0).setUnknownFields(FROM_THE_FUTURE);
        assertUnreadable(with(part), "AppendPart");
        LogFormat.Operation.Builder create = LogFormat.Operation.newBuilder();
        create.getCreateTopicBuilder().getSettingsBuilder().setUnknownFields(FROM_THE_FUTURE);
        assertUnreadable(with(create), "TopicSettings");
    }

    @Test
    void operationOfNoKnownKindIsUnreadable() {
        assertUnreadable(with(LogFormat.Operation.newBuilder()), "no known kind");
    }

    @Test
    void runWhosePartsDoNotAddUpIsUnreadable() {
        LogFormat.Operation.Builder longer = operation();
        longer.getAppendBuilder().getPartsBuilder(0).setLength(5);
        assertUnreadable(with(longer), "do not add up");
        LogFormat.Operation.Builder none = operation();
        none.getAppendBuilder().clearParts();
        assertUnreadable(with(none), "do not add up");
        LogFormat.Operation.Builder negative = operation();
        negative.getAppendBuilder().getPartsBuilder(0).setCount(-1);
        assertUnreadable(with(negative), "no events");
    }

    @Test
    void unknownEncodingIsUnreadable() {
        LogFormat.Operation.Builder run = operation();
        run.getAppendBuilder().setEncodingValue(99);
        assertUnreadable(with(run), "encoding");
    }

    @Provide
    Arbitrary<List<Operation>> operations() {
        return Operations.lists();
    }

    @Provide("operation")
    Arbitrary<Operation> anyOperation() {
        return Operations.any();
    }

    @Provide
    Arbitrary<Double> fraction() {
        return Arbitraries.doubles().between(0, true, 1, false);
    }

    @Provide
    Arbitrary<byte[]> noise() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(60);
    }

    private static CommandBuilder.Built build(List<Operation> operations, long leaderTimeNs) {
        CommandBuilder builder = new CommandBuilder();
        for (int i = 0; i < operations.size(); i++) {
            assertThat(builder.add(operations.get(i))).isEqualTo(i);
        }
        assertThat(builder.operations()).isEqualTo(operations.size());
        CommandBuilder.Built built = builder.build(leaderTimeNs);
        assertThat(builder.sizeBytes()).isGreaterThanOrEqualTo(built.bytes().size() - 64);
        return built;
    }

    private static List<Operation> flatten(Command command) {
        List<Operation> operations = new ArrayList<>();
        for (Step step : command.steps()) {
            if (step instanceof Single single) {
                operations.add(single.operation());
            } else if (step instanceof AppendRun run) {
                int offset = 0;
                for (AppendRun.Part part : run.parts()) {
                    ByteString body = run.body().substring(offset, offset + part.length());
                    operations.add(new Operation.Append(
                            run.topicId(),
                            part.count(),
                            run.encoding(),
                            part.crc32c(),
                            body,
                            part.producer(),
                            part.particulars()));
                    offset += part.length();
                }
            }
        }
        return operations;
    }

    private static List<Operation> ofTopic(List<Operation> operations, long topic) {
        return operations.stream()
                .filter(operation -> (operation instanceof Operation.Append append && append.topicId() == topic)
                        || operation.equals(new Operation.DeleteTopic(topic)))
                .toList();
    }

    /** The varints of true and of negative numbers have bits that mean nothing. */
    private static boolean isSameToProtobuf(ByteString one, byte[] other) {
        try {
            return LogFormat.Command.parseFrom(one).equals(LogFormat.Command.parseFrom(other));
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    private static @Nullable Command decodeOrNull(ByteString bytes) {
        try {
            return CommandCodec.decode(bytes);
        } catch (UnreadableCommandException e) {
            return null;
        }
    }

    @Test
    void onlyWhatHoldsCompressedBodiesNeedsTheNewerFormat() throws Exception {
        CommandBuilder plain = new CommandBuilder(new RunCompression());
        plain.add(append("body"));
        assertThat(LogFormat.Command.parseFrom(plain.build(1).bytes()).getFormat())
                .isEqualTo(CommandCodec.FORMAT_PLAIN);
        CommandBuilder large = new CommandBuilder(new RunCompression());
        large.add(append("body".repeat(2_000)));
        assertThat(LogFormat.Command.parseFrom(large.build(1).bytes()).getFormat())
                .isEqualTo(CommandCodec.FORMAT_COMPRESSED);
        CommandBuilder byClient = new CommandBuilder();
        byClient.add(new Operation.Append(1, 1, Encoding.LZ4, 1, ByteString.copyFromUtf8("zip"), null));
        assertThat(LogFormat.Command.parseFrom(byClient.build(1).bytes()).getFormat())
                .isEqualTo(CommandCodec.FORMAT_COMPRESSED);
    }

    @Test
    void runCompressedAsOneMustSayHow() {
        LogFormat.Operation.Builder plain = operation();
        plain.getAppendBuilder().setWholeCrc32C(1);
        assertUnreadable(with(plain), "compressed as one");
        LogFormat.Operation.Builder empty = operation();
        empty.getAppendBuilder().setWholeCrc32C(1).setEncoding(Encoding.ZSTD).clearBody();
        assertUnreadable(with(empty), "compressed as one");
    }

    private static LogFormat.Command.Builder command() {
        return LogFormat.Command.newBuilder()
                .setFormat(CommandCodec.FORMAT_COMPRESSED)
                .setLeaderTimeNs(1);
    }

    private static LogFormat.Command.Builder with(LogFormat.Operation.Builder operation) {
        return command().addOperations(operation);
    }

    private static LogFormat.Operation.Builder operation() {
        return OperationFormat.encode(append("body")).toBuilder();
    }

    private static Operation.Append append(String body) {
        return new Operation.Append(1, 1, Encoding.PLAIN, 1, ByteString.copyFromUtf8(body), null);
    }

    private static void assertUnreadable(LogFormat.Command.Builder command, String why) {
        assertThatThrownBy(() -> CommandCodec.decode(command.build().toByteString()))
                .isInstanceOf(UnreadableCommandException.class)
                .hasMessageContaining(why);
    }
}
