package io.eckermann.statemachine.condition;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.Conflict;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.FailIfEventsMatch;
import io.eckermann.protocol.v1.Fence;
import io.eckermann.protocol.v1.KeyVersion;
import io.eckermann.protocol.v1.Query;
import io.eckermann.protocol.v1.QueryItem;
import io.eckermann.statemachine.command.Result;
import java.util.List;
import java.util.Objects;

/** Short words for conditions and events. */
public final class Conditional {
    private Conditional() {}

    public static Condition head(long expected) {
        return Condition.newBuilder().setExpectedHead(expected).build();
    }

    public static Condition empty() {
        return Condition.newBuilder().setTopicEmpty(true).build();
    }

    public static Condition version(String key, long version) {
        return Condition.newBuilder()
                .setKeyVersion(KeyVersion.newBuilder().setKey(key).setVersion(version))
                .build();
    }

    public static Condition absent(String key) {
        return Condition.newBuilder().setKeyAbsent(key).build();
    }

    public static Condition fence(String name, long token) {
        return Condition.newBuilder()
                .setFence(Fence.newBuilder().setName(name).setToken(token))
                .build();
    }

    public static Condition none(long after, QueryItem... items) {
        return Condition.newBuilder()
                .setFailIfEventsMatch(FailIfEventsMatch.newBuilder()
                        .setQuery(Query.newBuilder().addAllItems(List.of(items)))
                        .setAfter(after))
                .build();
    }

    public static QueryItem item(List<String> types, String... tags) {
        return QueryItem.newBuilder()
                .addAllTypes(types)
                .addAllTags(List.of(tags))
                .build();
    }

    public static Event event(String type, String key, String... tags) {
        return Event.newBuilder()
                .setPayload(ByteString.copyFromUtf8("x"))
                .setType(type)
                .setKey(key)
                .addAllTags(List.of(tags))
                .build();
    }

    /** What a refusal tells. */
    public static List<Conflict> conflicts(Result result) {
        return Conflict.parse(
                Objects.requireNonNull(((Result.Refused) result).facts().get(Conflict.FACT)));
    }
}
