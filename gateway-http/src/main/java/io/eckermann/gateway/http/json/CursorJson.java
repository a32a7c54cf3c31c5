package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.Cursor;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Cursors and their commits. */
public final class CursorJson {
    private static final List<String> COMMIT = List.of("position", "expected", "allow_rewind");

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
        out.writeNumberField("lag", cursor.getLag());
        out.writeStringField("committed_time", Times.rfc3339(cursor.getCommittedNs()));
        out.writeStringField("committed_ns", Long.toString(cursor.getCommittedNs()));
        out.writeEndObject();
    }
}
