package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.FailIfEventsMatch;
import io.eckermann.protocol.v1.Fence;
import io.eckermann.protocol.v1.Query;
import io.eckermann.protocol.v1.QueryItem;
import io.eckermann.protocol.v1.Schema;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.command.Operation.ProducerSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.jspecify.annotations.Nullable;

/** Any operations. */
public final class Operations {
    private Operations() {}

    /** Few topics, producers and consumers, so that they meet. */
    public static Arbitrary<Operation> any() {
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(6, append()),
                net.jqwik.api.Tuple.of(2, appendMany()),
                net.jqwik.api.Tuple.of(2, create()),
                net.jqwik.api.Tuple.of(1, topicId().map(Operation.DeleteTopic::new)),
                net.jqwik.api.Tuple.of(2, commit()),
                net.jqwik.api.Tuple.of(
                        1,
                        Combinators.combine(topicId(), Arbitraries.longs().between(1, 12))
                                .as(Operation.TruncateTopic::new)),
                net.jqwik.api.Tuple.of(
                        1,
                        Combinators.combine(topicId(), Arbitraries.longs().between(1, 20_000))
                                .as(Operation.TruncateTopicBefore::new)),
                net.jqwik.api.Tuple.of(1, topicId().map(Operation.RetainTopic::new)),
                net.jqwik.api.Tuple.of(1, update()),
                net.jqwik.api.Tuple.of(1, replace()),
                net.jqwik.api.Tuple.of(6, GroupOperations.any()),
                net.jqwik.api.Tuple.of(1, WebhookOperations.any()),
                net.jqwik.api.Tuple.of(1, AccessOperations.any()),
                net.jqwik.api.Tuple.of(1, tidy()),
                net.jqwik.api.Tuple.of(1, Arbitraries.create(Operation.MarkState::new)),
                net.jqwik.api.Tuple.of(1, putSchema()),
                net.jqwik.api.Tuple.of(
                        1,
                        Combinators.combine(
                                        topicId(),
                                        name(),
                                        Arbitraries.integers().between(0, 3))
                                .as(Operation.DeleteSchema::new)),
                net.jqwik.api.Tuple.of(1, Combinators.combine(topicId(), name()).as(Operation.DeleteCursor::new)));
    }

    public static Arbitrary<List<Operation>> lists() {
        return any().list().ofMinSize(1).ofMaxSize(12);
    }

    public static Arbitrary<Operation> append() {
        Arbitrary<ProducerSequence> producer = Combinators.combine(
                        name(), Arbitraries.longs().between(0, 6))
                .as((name, sequence) -> new ProducerSequence(name, sequence, sequence % 2 == 0))
                .injectNull(0.3);
        return Combinators.combine(topicId(), Arbitraries.integers().between(1, 5), body(), producer, particulars())
                .as((topic, count, bytes, by, more) ->
                        new Operation.Append(topic, count, Encoding.PLAIN, EventsCodec.crc32c(bytes), bytes, by, more));
    }

    private static Arbitrary<ByteString> body() {
        return Arbitraries.bytes()
                .array(byte[].class)
                .ofMinSize(1)
                .ofMaxSize(300)
                .map(ByteString::copyFrom);
    }

    /** To one or more topics, or cursors alone. */
    public static Arbitrary<Operation> appendMany() {
        Arbitrary<OneOfMany> append = Combinators.combine(
                        topicId(), Arbitraries.of(Encoding.PLAIN, Encoding.LZ4), body(), particulars())
                .as(OneOfMany::new);
        return Combinators.combine(
                        append.list().ofMaxSize(3).uniqueElements(OneOfMany::topicId),
                        commit().map(Operation.CommitCursor.class::cast)
                                .list()
                                .ofMaxSize(2)
                                .uniqueElements(cursor -> cursor.topicId() + cursor.consumer()),
                        request().injectNull(0.5))
                .filter((appends, cursors, request) -> !(appends.isEmpty() && cursors.isEmpty()))
                .as(Operations::appendMany);
    }

    private record OneOfMany(long topicId, Encoding encoding, ByteString body, Particulars particulars) {}

    private static Operation appendMany(
            List<OneOfMany> appends, List<Operation.CommitCursor> cursors, Particulars.@Nullable Request request) {
        ByteString bodies = ByteString.EMPTY;
        List<TopicAppend> parts = new ArrayList<>();
        for (OneOfMany append : appends) {
            Particulars all = append.particulars();
            AppendRun.Part part = new AppendRun.Part(
                    1,
                    append.body().size(),
                    EventsCodec.crc32c(append.body()),
                    null,
                    new Particulars(all.terms(), all.conditions(), null, all.idsTold()));
            parts.add(new TopicAppend(append.topicId(), append.encoding(), part));
            bodies = bodies.concat(append.body());
        }
        return new Operation.AppendMany(parts, cursors, bodies, request);
    }

    private static ByteString text(Particulars.Kind kind, String text) {
        return kind == Particulars.Kind.EVENT_TIME ? EventTimeText.of(text.hashCode()) : ByteString.copyFromUtf8(text);
    }

    /** Of an append that may have one event only. */
    private static Arbitrary<Particulars> particulars() {
        Arbitrary<Particulars.Term> term = Combinators.combine(
                        Arbitraries.of(
                                Particulars.Kind.TYPE,
                                Particulars.Kind.KEY,
                                Particulars.Kind.TAG,
                                Particulars.Kind.EVENT_TIME),
                        name(),
                        Arbitraries.of(true, false))
                .as((kind, text, all) -> new Particulars.Term(kind, text(kind, text), all ? List.of() : List.of(0, 1)));
        Arbitrary<Condition> condition = Arbitraries.oneOf(
                Arbitraries.longs()
                        .between(0, 9)
                        .map(head ->
                                Condition.newBuilder().setExpectedHead(head).build()),
                name().map(key -> Condition.newBuilder().setKeyAbsent(key).build()),
                name().map(name -> Condition.newBuilder()
                        .setFence(Fence.newBuilder().setName(name).setToken(name.length()))
                        .build()),
                Combinators.combine(name(), name(), Arbitraries.longs().between(0, 9))
                        .as((type, tag, after) -> Condition.newBuilder()
                                .setFailIfEventsMatch(FailIfEventsMatch.newBuilder()
                                        .setAfter(after)
                                        .setQuery(Query.newBuilder()
                                                .addItems(QueryItem.newBuilder()
                                                        .addTypes(type)
                                                        .addTags(tag))))
                                .build()));
        Arbitrary<List<Particulars.Term>> ids = name().map(
                        id -> new Particulars.Term(Particulars.Kind.ID, ByteString.copyFromUtf8(id), List.of(0, 1)))
                .list()
                .ofMaxSize(1)
                .injectNull(0.5);
        return Combinators.combine(
                        term.list()
                                .ofMaxSize(4)
                                .uniqueElements(one -> one.kind() + one.text().toStringUtf8()),
                        condition.list().ofMaxSize(2),
                        request().injectNull(0.6),
                        ids)
                .as((terms, conditions, request, told) -> {
                    Particulars particulars = Particulars.of(terms, conditions, request);
                    return told == null ? particulars : particulars.withIds(told);
                });
    }

    private static Arbitrary<Particulars.Request> request() {
        return Combinators.combine(name(), name(), Arbitraries.integers().between(1, 3))
                .as((key, print, max) ->
                        new Particulars.Request("somebody", key, ByteString.copyFromUtf8(print), max, 5));
    }

    private static Arbitrary<Operation> create() {
        Arbitrary<TopicSettings> settings = Combinators.combine(
                        Arbitraries.longs().between(1, 2), Arbitraries.of(true, false))
                .as((max, unique) -> TopicSettings.newBuilder()
                        .setMaxEventBytes(max)
                        .setUniqueIds(unique)
                        .build());
        return Combinators.combine(name(), settings).as(Operation.CreateTopic::new);
    }

    private static Arbitrary<Operation> update() {
        Arbitrary<OptionalLong> bound = Arbitraries.longs()
                .between(0, 4)
                .map(OptionalLong::of)
                .injectNull(0.5)
                .map(value -> value == null ? OptionalLong.empty() : value);
        Arbitrary<Boolean> either = Arbitraries.of(true, false).injectNull(0.5);
        Arbitrary<TopicSettings.Validate> validate = Arbitraries.of(
                        TopicSettings.Validate.OFF, TopicSettings.Validate.STRICT)
                .injectNull(0.5);
        Arbitrary<List<Long>> slots =
                Arbitraries.of(List.<Long>of(), List.of(60_000L, 1_000L)).injectNull(0.5);
        Arbitrary<Operation.Switches> switches =
                Combinators.combine(either, either, validate, slots, either).as(Operation.Switches::new);
        return Combinators.combine(topicId(), name().injectNull(0.5), bound, bound, bound, switches)
                .as((topic, description, age, bytes, events, some) ->
                        new Operation.UpdateTopic(topic, description, new Operation.Retain(age, bytes, events), some));
    }

    private static Arbitrary<Operation> tidy() {
        Arbitrary<Long> position = Arbitraries.longs().between(1, 12);
        Arbitrary<ByteString> from = Arbitraries.of(ByteString.EMPTY, ByteString.copyFromUtf8("\1"));
        return Arbitraries.oneOf(
                Combinators.combine(
                                topicId(),
                                position,
                                from,
                                Arbitraries.integers().between(1, 30))
                        .as(Operation.TidyIndex::new),
                Combinators.combine(topicId(), position, position).as(Operation.KeysCompacted::new));
    }

    private static Arbitrary<Operation> putSchema() {
        return Combinators.combine(
                        topicId(), name(), Arbitraries.of(Schema.Format.JSON_SCHEMA, Schema.Format.PROTOBUF), name())
                .as((topic, type, format, content) -> new Operation.PutSchema(
                        topic,
                        type,
                        format,
                        ByteString.copyFromUtf8(content),
                        format == Schema.Format.PROTOBUF ? "a.B" : ""));
    }

    /** Some of them meet a body that is there. */
    private static Arbitrary<Operation> replace() {
        ByteString body = ByteString.copyFromUtf8("another body");
        return Combinators.combine(
                        topicId(),
                        Arbitraries.longs().between(1, 6),
                        Arbitraries.longs().between(0, 6),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(1, 300),
                        particulars(),
                        Arbitraries.of(true, false))
                .as((topic, position, raftIndex, ordinal, length, found, superseded) -> new Operation.ReplaceBody(
                        topic,
                        position,
                        new ChunkAddress(raftIndex, ordinal, 0, length),
                        Encoding.PLAIN,
                        EventsCodec.crc32c(body),
                        body,
                        found.terms(),
                        superseded));
    }

    private static Arbitrary<Operation> commit() {
        Arbitrary<OptionalLong> expected = Arbitraries.longs()
                .between(0, 3)
                .map(OptionalLong::of)
                .injectNull(0.5)
                .map(value -> value == null ? OptionalLong.empty() : value);
        return Combinators.combine(
                        topicId(), name(), Arbitraries.longs().between(-1, 20), expected, Arbitraries.of(true, false))
                .as(Operation.CommitCursor::new);
    }

    private static Arbitrary<Long> topicId() {
        return Arbitraries.longs().between(1, 4);
    }

    private static Arbitrary<String> name() {
        return Arbitraries.of("a", "b", "c");
    }
}
