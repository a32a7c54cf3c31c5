package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
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

    private CursorJson() {}

    /** Reads what a commit says into a request that has no names yet. */
    public static CommitCursorRequest.Builder commit(ByteString body) {
        CommitCursorRequest.Builder commit = CommitCursorRequest.newBuilder();
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            Set<String> given = new HashSet<>();
            JsonFields.object(in, "", COMMIT, (name, value) -> {
                given.add(name);
                switch (name) {
                    case "position" -> commit.setPosition(JsonFields.number(value, name, 0, Long.MAX_VALUE));
                    case "expected" -> commit.setExpected(JsonFields.number(value, name, 0, Long.MAX_VALUE));
                    default -> commit.setAllowRewind(JsonFields.flag(value, name));
                }
            });
            if (!given.contains("position")) {
                throw JsonFields.wrong("position", "is missing: the position of the last event that is done with");
            }
            return commit;
        });
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

    private static void write(JsonGenerator out, Cursor cursor) throws IOException {
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
