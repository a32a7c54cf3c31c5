package io.eckermann.gateway.append;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.QueryRules;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.AppendRun;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.command.TopicAppend;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an append to several topics must be, as far as that can be said without their content. Pure. */
final class ManyRules {
    private ManyRules() {}

    /** A request that is right in itself; its appends have been looked at, in their order. */
    record Checked(AppendManyRequest request, List<AppendRules.Checked> appends, Idempotency idempotency) {
        /** Every topic it is about, once. */
        Set<String> topics() {
            Set<String> names = new LinkedHashSet<>();
            request.getAppendsList().forEach(append -> names.add(append.getTopic()));
            request.getCursorsList().forEach(cursor -> names.add(cursor.getTopic()));
            return names;
        }

        /** The operation for these topics, by name. */
        Operation.AppendMany operation(Map<String, TopicState> topics) {
            List<TopicAppend> parts = new ArrayList<>(appends.size());
            List<ByteString> bodies = new ArrayList<>(appends.size());
            long indexBytes = 0;
            for (int i = 0; i < appends.size(); i++) {
                TopicState topic = state(topics, request.getAppends(i).getTopic());
                indexBytes += appends.get(i).terms().sizeBytes(topic.settings());
                parts.add(part(i, topic));
                bodies.add(appends.get(i).encoded().getBody());
            }
            Terms.checkSize(indexBytes);
            List<Operation.CommitCursor> cursors = request.getCursorsList().stream()
                    .map(cursor -> commit(cursor, state(topics, cursor.getTopic())))
                    .toList();
            return new Operation.AppendMany(parts, cursors, ByteString.copyFrom(bodies), named(topics));
        }

        private TopicAppend part(int number, TopicState topic) {
            AppendRules.Checked append = appends.get(number);
            Particulars particulars;
            try {
                particulars = append.particulars(topic);
            } catch (StoreException e) {
                throw e.with("topic", topic.name());
            }
            return new TopicAppend(
                    topic.id(),
                    append.encoded().getEncoding(),
                    new AppendRun.Part(
                            append.encoded().getCount(),
                            append.encoded().getBody().size(),
                            append.encoded().getCrc32C(),
                            null,
                            particulars));
        }

        private static Operation.CommitCursor commit(CommitCursorRequest cursor, TopicState topic) {
            OptionalLong expected = cursor.hasExpected() ? OptionalLong.of(cursor.getExpected()) : OptionalLong.empty();
            return new Operation.CommitCursor(
                    topic.id(), cursor.getConsumer(), cursor.getPosition(), expected, cursor.getAllowRewind());
        }

        private Particulars.@Nullable Request named(Map<String, TopicState> topics) {
            String key = request.getIdempotencyKey();
            return key.isEmpty() ? null : idempotency.request(key, says -> tell(says, topics));
        }

        /** Topics by their ids, too: a new one of the same name is another one. */
        private void tell(MessageDigest says, Map<String, TopicState> topics) {
            for (int i = 0; i < appends.size(); i++) {
                AppendRequest append = request.getAppends(i);
                says.update(bytes(state(topics, append.getTopic()).id(), append.getConditionsCount()));
                Idempotency.tell(says, appends.get(i).said(), append.getConditionsList());
            }
            for (CommitCursorRequest cursor : request.getCursorsList()) {
                says.update(bytes(state(topics, cursor.getTopic()).id(), cursor.getSerializedSize()));
                says.update(cursor.toByteArray());
            }
        }

        private static byte[] bytes(long id, int number) {
            return ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                    .putLong(id)
                    .putInt(number)
                    .array();
        }

        private static TopicState state(Map<String, TopicState> topics, String name) {
            return Objects.requireNonNull(topics.get(name));
        }
    }

    static Checked check(AppendManyRequest request, Idempotency idempotency) {
        if (request.getAppendsCount() + request.getCursorsCount() == 0) {
            throw new StoreException(
                            ErrorCode.EMPTY_APPEND, "An append needs at least one event, or one cursor to commit.")
                    .with("field", "appends");
        }
        atMost("appends", request.getAppendsCount());
        atMost("cursors", request.getCursorsCount());
        checkCursors(request.getCursorsList());
        List<AppendRules.Checked> appends = new ArrayList<>(request.getAppendsCount());
        Set<String> topics = new HashSet<>();
        TraceMarks marks = new TraceMarks(request.getSerializedSize());
        for (int i = 0; i < request.getAppendsCount(); i++) {
            AppendRequest append = request.getAppends(i);
            appends.add(check("appends[" + i + "]", append, idempotency, marks));
            if (!topics.add(append.getTopic())) {
                throw bad("appends[" + i + "].topic", "Each topic comes once: put its events together.")
                        .with("topic", append.getTopic());
            }
        }
        checkTogether(request.getAppendsList(), appends);
        return new Checked(request, List.copyOf(appends), idempotency);
    }

    private static AppendRules.Checked check(
            String at, AppendRequest append, Idempotency idempotency, TraceMarks marks) {
        if (append.hasProducer() || !append.getIdempotencyKey().isEmpty()) {
            throw bad(
                    at + (append.hasProducer() ? ".producer" : ".idempotency_key"),
                    "An append to several topics has one idempotency key for all of them.");
        }
        try {
            return AppendRules.check(append, idempotency, marks);
        } catch (StoreException e) {
            throw e.facts().containsKey("topic") ? e : e.with("topic", append.getTopic());
        }
    }

    /** What one append may have, all of them together have at most. */
    private static void checkTogether(List<AppendRequest> requests, List<AppendRules.Checked> appends) {
        long events = 0;
        long bytes = 0;
        long plainBytes = 0;
        for (AppendRules.Checked append : appends) {
            events += append.encoded().getCount();
            bytes += append.said().getBody().size();
            plainBytes += append.facts().plainBytes();
        }
        if (!appends.isEmpty()) {
            AppendRules.checkSize(events, Math.max(bytes, plainBytes));
        }
        int conditions = 0;
        QueryRules queries = new QueryRules();
        for (int i = 0; i < requests.size(); i++) {
            conditions += requests.get(i).getConditionsCount();
            for (Condition condition : requests.get(i).getConditionsList()) {
                queries.check(
                        "appends[" + i + "].conditions",
                        condition.getFailIfEventsMatch().getQuery());
            }
        }
        if (conditions > Limits.CONDITIONS_OF_MANY_MAX) {
            throw bad("appends", "An append to several topics has at most 100 conditions in all.")
                    .with("conditions", conditions);
        }
    }

    private static void checkCursors(List<CommitCursorRequest> cursors) {
        record Name(String topic, String consumer) {}

        Set<Name> names = new HashSet<>();
        for (int i = 0; i < cursors.size(); i++) {
            CommitCursorRequest cursor = cursors.get(i);
            String at = "cursors[" + i + "]";
            Names.topic(cursor.getTopic());
            Names.consumer(cursor.getConsumer());
            if (cursor.getPosition() < 0 || cursor.getExpected() < 0) {
                throw bad(
                        at + (cursor.getPosition() < 0 ? ".position" : ".expected"),
                        "A cursor's position is not negative.");
            }
            if (cursor.getNearest()) {
                throw bad(
                        at + ".nearest",
                        "With an append a cursor goes to the position that is said, or nothing is done.");
            }
            if (!names.add(new Name(cursor.getTopic(), cursor.getConsumer()))) {
                throw bad(at, "Each cursor is committed once.");
            }
        }
    }

    private static void atMost(String field, int count) {
        if (count > Limits.APPEND_TOPICS_MAX) {
            throw bad(field, "One append is to at most 100 topics, and commits at most 100 cursors.")
                    .with("max", Limits.APPEND_TOPICS_MAX);
        }
    }

    private static StoreException bad(String field, String message) {
        return new StoreException(ErrorCode.BAD_REQUEST, message).with("field", field);
    }
}
