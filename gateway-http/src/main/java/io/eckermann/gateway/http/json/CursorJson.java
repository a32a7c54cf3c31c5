package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.Cursor;
import io.eckermann.protocol.v1.ResetCursorRequest;
import io.eckermann.protocol.v1.TimeStart;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Cursors and their commits. */
public final class CursorJson {
    private static final List<String> COMMIT = List.of("position", "expected", "allow_rewind", "nearest");
    private static final List<String> RESET = List.of("position", "time", "seek", "to", "expected");

    private static final Map<String, TimeStart.Seek> SEEKS = Map.of(
            "at_or_after", TimeStart.Seek.AT_OR_AFTER,
            "at_or_before", TimeStart.Seek.AT_OR_BEFORE,
            "nearest", TimeStart.Seek.NEAREST);
    private static final Map<String, ResetCursorRequest.End> ENDS =
            Map.of("earliest", ResetCursorRequest.End.EARLIEST, "latest", ResetCursorRequest.End.LATEST);

    private static final List<String> NAMED_COMMIT =
            List.of("consumer", "topic", "position", "expected", "allow_rewind");

    private CursorJson() {}

    /** Reads what a commit says into a request that has no names yet. */
    public static CommitCursorRequest.Builder commit(ByteString body) {
        CommitCursorRequest.Builder commit = CommitCursorRequest.newBuilder();
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            fields(in, "", COMMIT, commit);
            return commit;
        });
    }

    /** Reads where a cursor is put into a request that has no names yet. */
    public static ResetCursorRequest.Builder reset(ByteString body) {
        ResetCursorRequest.Builder reset = ResetCursorRequest.newBuilder();
        TimeStart.Builder time = TimeStart.newBuilder();
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            Set<String> given = new HashSet<>();
            JsonFields.object(in, "", RESET, (name, value) -> {
                given.add(name);
                switch (name) {
                    case "position" -> reset.setPosition(JsonFields.number(value, name, 0, Long.MAX_VALUE));
                    case "time" -> time.setRecordedNs(Times.moment(name, JsonFields.text(value, name)));
                    case "seek" -> time.setSeek(chosen(SEEKS, name, JsonFields.text(value, name)));
                    case "to" -> reset.setEnd(chosen(ENDS, name, JsonFields.text(value, name)));
                    default -> reset.setExpected(JsonFields.number(value, name, 0, Long.MAX_VALUE));
                }
            });
            if (given.contains("time")) {
                reset.setTime(time);
            } else if (given.contains("seek")) {
                throw JsonFields.wrong("seek", "says how to look for a 'time', which is not given");
            }
            if (List.of("position", "time", "to").stream()
                            .filter(given::contains)
                            .count()
                    != 1) {
                throw JsonFields.wrong("to", "or 'position' or 'time' says where to put the cursor: one of them");
            }
            return reset;
        });
    }

    private static <T> T chosen(Map<String, T> choices, String field, String text) {
        T chosen = choices.get(text);
        if (chosen == null) {
            throw JsonFields.wrong(
                    field,
                    "must be one of: "
                            + String.join(
                                    ", ", choices.keySet().stream().sorted().toList()));
        }
        return chosen;
    }

    /** Reads a commit that says of which cursor, as one of several. */
    static CommitCursorRequest named(JsonParser in, String at) throws IOException {
        CommitCursorRequest.Builder commit = CommitCursorRequest.newBuilder();
        fields(in, at + ".", NAMED_COMMIT, commit);
        return commit.build();
    }

    private static void fields(JsonParser in, String at, List<String> known, CommitCursorRequest.Builder commit)
            throws IOException {
        Set<String> given = new HashSet<>();
        JsonFields.object(in, at, known, (name, value) -> {
            given.add(name);
            String field = at + name;
            switch (name) {
                case "consumer" -> commit.setConsumer(JsonFields.text(value, field));
                case "topic" -> commit.setTopic(JsonFields.text(value, field));
                case "position" -> commit.setPosition(JsonFields.number(value, field, 0, Long.MAX_VALUE));
                case "expected" -> commit.setExpected(JsonFields.number(value, field, 0, Long.MAX_VALUE));
                case "nearest" -> commit.setNearest(JsonFields.flag(value, field));
                default -> commit.setAllowRewind(JsonFields.flag(value, field));
            }
        });
        if (!given.contains("position")) {
            throw JsonFields.wrong(at + "position", "is missing: the position of the last event that is done with");
        }
    }

    public static byte[] cursor(Cursor cursor) {
        return JsonText.bytes(out -> write(out, cursor));
    }

    public static byte[] cursors(List<Cursor> cursors) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("cursors");
            for (Cursor cursor : cursors) {
                write(out, cursor);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    static void write(JsonGenerator out, Cursor cursor) throws IOException {
        out.writeStartObject();
        out.writeStringField("consumer", cursor.getConsumer());
        out.writeStringField("topic", cursor.getTopic());
        out.writeNumberField("position", cursor.getPosition());
        out.writeNumberField("head", cursor.getHead());
        out.writeNumberField("next", cursor.getNext());
        out.writeBooleanField("snapped", cursor.getSnapped());
        out.writeNumberField("lag", cursor.getLag());
        out.writeNumberField("lag_bytes", cursor.getLagBytes());
        out.writeNumberField("lag_seconds", cursor.getLagNs() / 1_000_000_000L);
        out.writeStringField("committed_time", Times.rfc3339(cursor.getCommittedNs()));
        out.writeStringField("committed_ns", Long.toString(cursor.getCommittedNs()));
        out.writeEndObject();
    }
}
