package io.eckermann.statemachine.command;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.statemachine.log.v1.LogFormat;
import java.util.function.Consumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** What is no append to several topics, or tells no ids, ends the node that would apply it. */
class AppendManyFormatTest {
    private static final UnknownFieldSet FROM_THE_FUTURE = UnknownFieldSet.newBuilder()
            .addField(77, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();

    @Test
    void topicsAndCursorsComeOnce() {
        assertUnreadable(many -> many.getAppendsBuilder(1).setTopicId(1), "names one twice");
        assertUnreadable(many -> many.addCursors(many.getCursors(0)), "moves a cursor twice");
    }

    @Test
    void bodyHoldsWhatTheAppendsSay() {
        assertUnreadable(many -> many.setBody(ByteString.copyFromUtf8("a")), "do not add up");
        assertUnreadable(many -> many.getAppendsBuilder(0).getPartBuilder().setLength(0), "no events");
        assertUnreadable(many -> many.getAppendsBuilder(0).clearPart(), "no events");
        assertUnreadable(many -> many.getAppendsBuilder(0).setEncodingValue(99), "encoding");
        assertUnreadable(many -> many.clearAppends().clearCursors().clearBody(), "one to none");
    }

    @Test
    void namesForRetriesAreTheWholes() {
        assertUnreadable(many -> many.getAppendsBuilder(0).getPartBuilder().setProducer("p"), "name of its own");
        LogFormat.IdempotencyKey key = LogFormat.IdempotencyKey.newBuilder()
                .setKey("k")
                .setKeptMax(1)
                .setKeptNs(1)
                .build();
        assertUnreadable(many -> many.getAppendsBuilder(0).getPartBuilder().setIdempotencyKey(key), "name of its own");
        assertUnreadable(many -> many.getIdempotencyKeyBuilder().setKey("k"), "may not be kept");
    }

    @Test
    void idsAreOfOneEventEachAndToldAsSuch() {
        assertUnreadable(many -> ids(many, "a", "b").setIdsTold(false), "does not say so");
        assertUnreadable(many -> ids(many, "a", "a"), "same id");
        assertUnreadable(many -> ids(many, "a", "b").getTermsBuilder(1).clearRuns(), "same id");
        assertUnreadable(
                many -> ids(many, "a", "b").getTermsBuilder(1).setRuns(0, 0).setRuns(1, 2), "same id");
    }

    @Test
    void fieldsOfTheFutureAreUnreadableAtEveryLevel() {
        assertUnreadable(many -> many.setUnknownFields(FROM_THE_FUTURE), "AppendMany");
        assertUnreadable(many -> many.getAppendsBuilder(0).setUnknownFields(FROM_THE_FUTURE), "TopicAppend");
        assertUnreadable(
                many -> many.getAppendsBuilder(0).getPartBuilder().setUnknownFields(FROM_THE_FUTURE), "AppendPart");
        assertUnreadable(many -> many.getCursorsBuilder(0).setUnknownFields(FROM_THE_FUTURE), "CommitCursor");
        assertUnreadable(
                many -> many.getIdempotencyKeyBuilder()
                        .setKey("k")
                        .setKeptMax(1)
                        .setKeptNs(1)
                        .setUnknownFields(FROM_THE_FUTURE),
                "IdempotencyKey");
        assertUnreadable(
                many -> many.getAppendsBuilder(0)
                        .getPartBuilder()
                        .addConditions(Condition.newBuilder().setUnknownFields(FROM_THE_FUTURE)),
                "Condition");
    }

    private static LogFormat.AppendPart.Builder ids(LogFormat.AppendMany.Builder many, String... ids) {
        LogFormat.AppendPart.Builder part =
                many.getAppendsBuilder(0).getPartBuilder().setCount(ids.length).setIdsTold(true);
        for (int i = 0; i < ids.length; i++) {
            part.addTermsBuilder()
                    .setKind(LogFormat.Term.Kind.ID)
                    .setText(ByteString.copyFromUtf8(ids[i]))
                    .addRuns(i)
                    .addRuns(1);
        }
        return part;
    }

    private static void assertUnreadable(Consumer<LogFormat.AppendMany.Builder> change, String why) {
        LogFormat.AppendMany.Builder many = LogFormat.AppendMany.newBuilder().setBody(ByteString.copyFromUtf8("ab"));
        for (int topic = 1; topic <= 2; topic++) {
            many.addAppendsBuilder()
                    .setTopicId(topic)
                    .setPart(LogFormat.AppendPart.newBuilder().setCount(1).setLength(1));
        }
        many.addCursorsBuilder().setTopicId(1).setConsumer("c").setPosition(1);
        change.accept(many);
        LogFormat.Operation operation =
                LogFormat.Operation.newBuilder().setAppendMany(many).build();
        ByteString command = LogFormat.Command.newBuilder()
                .setFormat(CommandCodec.FORMAT_NEWEST)
                .addOperations(operation)
                .build()
                .toByteString();
        assertThatThrownBy(() -> CommandCodec.decode(command))
                .isInstanceOf(UnreadableCommandException.class)
                .hasMessageContaining(why);
        assertThatThrownBy(() -> CommandCodec.decodeOperation(operation.toByteString()))
                .asInstanceOf(InstanceOfAssertFactories.type(StoreException.class))
                .extracting(StoreException::code)
                .isEqualTo(ErrorCode.BAD_REQUEST);
    }
}
