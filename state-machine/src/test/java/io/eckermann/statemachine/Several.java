package io.eckermann.statemachine;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.Event;
import io.eckermann.statemachine.command.AppendRun;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.command.Particulars.Term;
import io.eckermann.statemachine.command.TopicAppend;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Short words for appends to several topics, and for events with ids, as a door makes operations of them. */
public final class Several {
    private Several() {}

    /** All of these or none. */
    public static Operation.AppendMany many(
            List<Operation.Append> appends,
            List<Operation.CommitCursor> cursors,
            Particulars.@Nullable Request request) {
        List<TopicAppend> parts = new ArrayList<>();
        ByteString bodies = ByteString.EMPTY;
        for (Operation.Append append : appends) {
            AppendRun.Part part = new AppendRun.Part(
                    append.count(), append.body().size(), append.crc32c(), null, append.particulars());
            parts.add(new TopicAppend(append.topicId(), append.encoding(), part));
            bodies = bodies.concat(append.body());
        }
        return new Operation.AppendMany(parts, cursors, bodies, request);
    }

    /** An append with its events' ids told. */
    public static Operation.Append withIds(
            long topicId, List<Event> events, List<Condition> conditions, Particulars.@Nullable Request request) {
        List<Term> ids = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            if (!events.get(i).getId().isEmpty()) {
                ids.add(new Term(Particulars.Kind.ID, events.get(i).getIdBytes(), List.of(i, 1)));
            }
        }
        Operation.Append append = TestStore.append(topicId, events, conditions, request);
        return new Operation.Append(
                topicId,
                append.count(),
                append.encoding(),
                append.crc32c(),
                append.body(),
                null,
                append.particulars().withIds(ids));
    }

    /** An event whose payload is its id. */
    public static Event event(String id) {
        return Event.newBuilder()
                .setPayload(ByteString.copyFromUtf8(id))
                .setId(id)
                .build();
    }

    public static Operation.CommitCursor commit(long topicId, String consumer, long position, long expected) {
        return new Operation.CommitCursor(topicId, consumer, position, OptionalLong.of(expected), false);
    }

    public static Particulars.Request request(String key, String says) {
        return new Particulars.Request("somebody", key, ByteString.copyFromUtf8(says), 10, 1_000_000);
    }
}
