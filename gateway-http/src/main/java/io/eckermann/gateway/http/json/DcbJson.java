package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.FailIfEventsMatch;
import io.eckermann.protocol.v1.Query;
import io.eckermann.protocol.v1.RecordedEvent;
import java.io.IOException;
import java.util.List;

/**
 * What the public test suite for Dynamic Consistency Boundaries says over HTTP. Payloads are text in there, and a query
 * without items means all events.
 */
public final class DcbJson {
    private static final String CONDITION = "condition";

    private DcbJson() {}

    /**
     * How to read.
     *
     * @param from position to start at, inclusive; 0: the first, or backwards the last
     * @param limit at most so many events; 0: no bound
     */
    public record Options(long from, long limit, boolean backwards) {
        public static final Options NONE = new Options(0, 0, false);
    }

    /** Reads {@code {"items":[{"types":[…],"tags":[…]}]}}. */
    public static Query query(String field, String text) {
        return JsonText.parse(text, field, in -> query(in, field));
    }

    /** Reads {@code {"from":1,"limit":1,"backwards":true}}, of which each may be absent. */
    public static Options options(String field, String text) {
        return JsonText.parse(text, field, in -> {
            Options[] options = {Options.NONE};
            JsonFields.object(in, field + ".", List.of("from", "limit", "backwards"), (name, value) -> {
                Options before = options[0];
                String at = field + "." + name;
                options[0] = switch (name) {
                    case "from" ->
                        new Options(JsonFields.number(value, at, 0, Long.MAX_VALUE), before.limit, before.backwards);
                    case "limit" ->
                        new Options(before.from, JsonFields.number(value, at, 1, Long.MAX_VALUE), before.backwards);
                    default -> new Options(before.from, before.limit, JsonFields.flag(value, at));
                };
            });
            return options[0];
        });
    }

    /** Reads {@code {"events":[{"type","tags","data"}],"condition":{"failIfEventsMatch":query,"after":position}}}. */
    public static AppendRequest.Builder append(ByteString body) {
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            AppendRequest.Builder append = AppendRequest.newBuilder();
            JsonFields.object(in, "", List.of("events", CONDITION), (name, value) -> {
                if (name.equals(CONDITION)) {
                    if (value.currentToken() != JsonToken.VALUE_NULL) {
                        append.addConditions(condition(value));
                    }
                } else {
                    ConditionsJson.list(
                            value, name, at -> append.getEventsBuilder().addEvents(event(value, at)));
                }
            });
            return append;
        });
    }

    /** Events as {@code [{"type","tags","data","position"}]}. */
    public static byte[] events(List<RecordedEvent> events) {
        return JsonText.bytes(out -> {
            out.writeStartArray();
            for (RecordedEvent recorded : events) {
                Event event = recorded.getEvent();
                out.writeStartObject();
                out.writeStringField("type", event.getType());
                out.writeArrayFieldStart("tags");
                for (String tag : event.getTagsList()) {
                    out.writeString(tag);
                }
                out.writeEndArray();
                out.writeStringField("data", event.getPayload().toStringUtf8());
                out.writeNumberField("position", recorded.getPosition());
                out.writeEndObject();
            }
            out.writeEndArray();
        });
    }

    /** What an append is told. */
    public static byte[] appended(long durationInMicroseconds, boolean appendConditionFailed) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeNumberField("durationInMicroseconds", durationInMicroseconds);
            out.writeBooleanField("appendConditionFailed", appendConditionFailed);
            out.writeEndObject();
        });
    }

    private static Query query(JsonParser in, String at) throws IOException {
        Query.Builder query = Query.newBuilder();
        JsonFields.object(
                in,
                at + ".",
                List.of("items"),
                (name, value) -> ConditionsJson.list(
                        value, at + "." + name, item -> query.addItems(ConditionsJson.item(value, item))));
        return query.build();
    }

    private static Condition condition(JsonParser in) throws IOException {
        FailIfEventsMatch.Builder none = FailIfEventsMatch.newBuilder();
        JsonFields.object(in, CONDITION + ".", List.of("failIfEventsMatch", "after"), (name, value) -> {
            String at = CONDITION + "." + name;
            if (name.equals("after")) {
                none.setAfter(JsonFields.number(value, at, 0, Long.MAX_VALUE));
            } else {
                none.setQuery(query(value, at));
            }
        });
        if (!none.hasQuery()) {
            throw JsonFields.wrong(CONDITION + ".failIfEventsMatch", "is missing");
        }
        return Condition.newBuilder().setFailIfEventsMatch(none).build();
    }

    private static Event event(JsonParser in, String at) throws IOException {
        Event.Builder event = Event.newBuilder();
        JsonFields.object(in, at + ".", List.of("type", "tags", "data"), (name, value) -> {
            String field = at + "." + name;
            switch (name) {
                case "type" -> event.setType(JsonFields.text(value, field));
                case "data" -> event.setPayload(ByteString.copyFromUtf8(JsonFields.text(value, field)));
                default -> ConditionsJson.list(value, field, tag -> event.addTags(JsonFields.text(value, tag)));
            }
        });
        return event.build();
    }
}
