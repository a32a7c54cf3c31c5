package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.ChangeParkedResponse;
import io.eckermann.protocol.v1.CreateGroupRequest;
import io.eckermann.protocol.v1.Group;
import io.eckermann.protocol.v1.GroupSettings;
import io.eckermann.protocol.v1.GroupStart;
import io.eckermann.protocol.v1.ListParkedResponse;
import io.eckermann.protocol.v1.Ordering;
import io.eckermann.protocol.v1.ParkedEvent;
import io.eckermann.protocol.v1.ParkedKey;
import io.eckermann.protocol.v1.QueryItem;
import io.eckermann.protocol.v1.SeekGroupRequest;
import io.eckermann.protocol.v1.UpdateGroupRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Groups, their settings and what they have parked. */
public final class GroupJson {
    private static final List<String> ORDERINGS = List.of("none", "key");
    private static final List<String> PARKED_KEYS = List.of("holds", "passes");
    private static final List<String> CREATE = List.of(
            "ordered",
            "exclusive",
            "visibility",
            "max_attempts",
            "max_in_flight",
            "window",
            "parked_key",
            "query",
            "position",
            "time",
            "latest");
    private static final List<String> UPDATE = List.of("visibility", "max_attempts", "max_in_flight", "window");
    private static final List<String> SEEK = List.of("position", "time", "latest", "drop_parked");

    private GroupJson() {}

    /** Reads settings and start; an empty body means all defaults. */
    public static CreateGroupRequest.Builder create(ByteString body) {
        CreateGroupRequest.Builder create = CreateGroupRequest.newBuilder();
        if (body.isEmpty()) {
            return create;
        }
        GroupSettings.Builder settings = create.getSettingsBuilder();
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            JsonFields.object(in, "", CREATE, (name, value) -> {
                switch (name) {
                    case "ordered" ->
                        settings.setOrdering(Ordering.forNumber(JsonFields.choice(value, name, ORDERINGS)));
                    case "exclusive" -> settings.setExclusive(JsonFields.flag(value, name));
                    case "parked_key" ->
                        settings.setParkedKey(ParkedKey.forNumber(JsonFields.choice(value, name, PARKED_KEYS)));
                    case "query" -> settings.setQuery(ConditionsJson.query(value, name));
                    case "position", "time", "latest" -> start(value, name, create.getStartBuilder());
                    case "visibility" -> settings.setVisibilityMs(Ages.millis(JsonFields.text(value, name), name));
                    case "max_attempts" ->
                        settings.setAttemptsMax((int) JsonFields.number(value, name, 1, Limits.GROUP_ATTEMPTS_MAX));
                    case "max_in_flight" ->
                        settings.setInFlightMax((int) JsonFields.number(value, name, 1, Limits.GROUP_IN_FLIGHT_MAX));
                    default -> settings.setWindow(JsonFields.number(value, name, 1, Limits.GROUP_WINDOW_MAX));
                }
            });
            return create;
        });
    }

    /** Reads what changes. */
    public static UpdateGroupRequest.Builder update(ByteString body) {
        UpdateGroupRequest.Builder update = UpdateGroupRequest.newBuilder();
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            JsonFields.object(in, "", UPDATE, (name, value) -> {
                switch (name) {
                    case "visibility" -> update.setVisibilityMs(Ages.millis(JsonFields.text(value, name), name));
                    case "max_attempts" ->
                        update.setAttemptsMax((int) JsonFields.number(value, name, 1, Limits.GROUP_ATTEMPTS_MAX));
                    case "max_in_flight" ->
                        update.setInFlightMax((int) JsonFields.number(value, name, 1, Limits.GROUP_IN_FLIGHT_MAX));
                    default -> update.setWindow(JsonFields.number(value, name, 1, Limits.GROUP_WINDOW_MAX));
                }
            });
            return update;
        });
    }

    /** Reads where to go; an empty body means the first event. */
    public static SeekGroupRequest.Builder seek(ByteString body) {
        SeekGroupRequest.Builder seek = SeekGroupRequest.newBuilder();
        if (body.isEmpty()) {
            return seek;
        }
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            JsonFields.object(in, "", SEEK, (name, value) -> {
                if (name.equals("drop_parked")) {
                    seek.setDropParked(JsonFields.flag(value, name));
                } else {
                    start(value, name, seek.getStartBuilder());
                }
            });
            return seek;
        });
    }

    static void start(JsonParser in, String name, GroupStart.Builder start) throws IOException {
        if (start.getAtCase() != GroupStart.AtCase.AT_NOT_SET) {
            throw JsonFields.wrong(name, "contradicts another field: give a position, a time or latest");
        }
        switch (name) {
            case "position" -> start.setPosition(JsonFields.number(in, name, 1, Long.MAX_VALUE));
            case "time" -> start.setTimeNs(Times.parse(name, JsonFields.text(in, name)));
            default -> start.setLatest(JsonFields.flag(in, name));
        }
    }

    /** Reads which events are meant; an empty body means all. */
    public static List<Long> positions(ByteString body) {
        List<Long> positions = new ArrayList<>();
        if (body.isEmpty()) {
            return positions;
        }
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            JsonFields.object(
                    in,
                    "",
                    List.of("positions"),
                    (name, value) -> ConditionsJson.list(
                            value, name, at -> positions.add(JsonFields.number(value, at, 1, Long.MAX_VALUE))));
            if (positions.isEmpty()) {
                throw JsonFields.wrong("positions", "is missing or empty: an empty body means all");
            }
            return positions;
        });
    }

    public static byte[] group(Group group) {
        return JsonText.bytes(out -> write(out, group));
    }

    public static byte[] groups(List<Group> groups) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("groups");
            for (Group group : groups) {
                write(out, group);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    static void write(JsonGenerator out, Group group) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", group.getName());
        out.writeStringField("topic", group.getTopic());
        out.writeNumberField("id", group.getId());
        settings(out, group.getSettings());
        out.writeStringField("created_time", Times.rfc3339(group.getCreatedNs()));
        out.writeNumberField("floor", group.getFloor());
        out.writeNumberField("next", group.getNext());
        out.writeNumberField("head", group.getHead());
        out.writeBooleanField("paused", group.getPaused());
        out.writeNumberField("behind", group.getBehind());
        out.writeNumberField("behind_bytes", group.getBehindBytes());
        out.writeNumberField("in_flight", group.getInFlight());
        out.writeNumberField("waiting", group.getWaiting());
        out.writeNumberField("parked", group.getParked());
        out.writeNumberField("oldest_unacked_age_ms", group.getOldestUnackedAgeMs());
        if (!group.getOwner().isEmpty()) {
            out.writeStringField("owner", group.getOwner());
        }
        out.writeEndObject();
    }

    private static void settings(JsonGenerator out, GroupSettings settings) throws IOException {
        out.writeObjectFieldStart("settings");
        out.writeStringField("ordered", ORDERINGS.get(settings.getOrderingValue()));
        out.writeBooleanField("exclusive", settings.getExclusive());
        out.writeStringField("visibility", Ages.text(settings.getVisibilityMs()));
        out.writeNumberField("max_attempts", settings.getAttemptsMax());
        out.writeNumberField("max_in_flight", settings.getInFlightMax());
        out.writeNumberField("window", settings.getWindow());
        out.writeStringField("parked_key", PARKED_KEYS.get(settings.getParkedKeyValue()));
        if (settings.getQuery().getItemsCount() > 0) {
            out.writeObjectFieldStart("query");
            out.writeArrayFieldStart("items");
            for (QueryItem item : settings.getQuery().getItemsList()) {
                out.writeStartObject();
                texts(out, "types", item.getTypesList());
                texts(out, "tags", item.getTagsList());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private static void texts(JsonGenerator out, String name, List<String> texts) throws IOException {
        if (!texts.isEmpty()) {
            out.writeArrayFieldStart(name);
            for (String text : texts) {
                out.writeString(text);
            }
            out.writeEndArray();
        }
    }

    public static byte[] parked(ListParkedResponse parked) {
        JsonBytes out = new JsonBytes().raw("{\"parked\":[");
        for (int i = 0; i < parked.getEventsCount(); i++) {
            ParkedEvent event = parked.getEvents(i);
            if (i > 0) {
                out.raw(',');
            }
            out.raw("{\"position\":").number(event.getPosition());
            out.raw(",\"attempts\":").number(event.getAttempts());
            out.raw(",\"reason\":").text(event.getReason());
            out.raw(",\"parked_time\":").time(event.getParkedNs());
            if (!event.getKey().isEmpty()) {
                out.raw(",\"key\":").text(event.getKey());
            }
            if (event.hasEvent()) {
                out.raw(",\"event\":");
                EventJson.write(out, event.getEvent());
            }
            out.raw('}');
        }
        out.raw(']');
        if (parked.getNext() > 0) {
            out.raw(",\"next\":").number(parked.getNext());
        }
        return out.raw('}').toByteArray();
    }

    public static byte[] parkedChanged(ChangeParkedResponse changed) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeNumberField("changed", changed.getChanged());
            LeaseJson.numbers(out, "held", changed.getHeldList());
            LeaseJson.numbers(out, "missing", changed.getMissingList());
            out.writeEndObject();
        });
    }
}
