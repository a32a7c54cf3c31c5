package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonParser;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendManyResponse;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.Cursor;
import java.io.IOException;
import java.util.List;

/** What an append to several topics says and what it is told. */
public final class AppendManyJson {
    private static final List<String> FIELDS = List.of("appends", "cursors");
    private static final List<String> APPEND_FIELDS = List.of("topic", "events", ConditionsJson.FIELD);

    private AppendManyJson() {}

    /** Reads {@code {"appends":[{"topic","events":[…],"conditions":[…]}],"cursors":[{"consumer","topic","position",…}]}}. */
    public static AppendManyRequest.Builder request(ByteString body) {
        AppendManyRequest.Builder request = AppendManyRequest.newBuilder();
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            JsonFields.object(in, "", FIELDS, (name, value) -> {
                if (name.equals("appends")) {
                    ConditionsJson.list(value, name, at -> {
                        fits(at, request.getAppendsCount());
                        request.addAppends(append(value, at));
                    });
                } else {
                    ConditionsJson.list(value, name, at -> {
                        fits(at, request.getCursorsCount());
                        request.addCursors(CursorJson.named(value, at));
                    });
                }
            });
            return request;
        });
    }

    private static void fits(String at, int before) {
        if (before == Limits.APPEND_TOPICS_MAX) {
            throw JsonFields.wrong(at, "is one too many: there are at most " + Limits.APPEND_TOPICS_MAX);
        }
    }

    private static AppendRequest append(JsonParser in, String at) throws IOException {
        AppendRequest.Builder append = AppendRequest.newBuilder();
        JsonFields.object(in, at + ".", APPEND_FIELDS, (name, value) -> {
            String field = at + "." + name;
            switch (name) {
                case "topic" -> append.setTopic(JsonFields.text(value, field));
                case "events" -> append.setEvents(AppendJson.events(value, field));
                default -> append.addAllConditions(ConditionsJson.read(value, field));
            }
        });
        return append.build();
    }

    /**
     * What was done.
     *
     * @param request whose topics the answer names
     */
    public static byte[] answer(AppendManyRequest request, AppendManyResponse done) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("appends");
            for (int i = 0; i < done.getAppendsCount(); i++) {
                out.writeStartObject();
                out.writeStringField("topic", request.getAppends(i).getTopic());
                AppendJson.fields(out, done.getAppends(i));
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeArrayFieldStart("cursors");
            for (Cursor cursor : done.getCursorsList()) {
                CursorJson.write(out, cursor);
            }
            out.writeEndArray();
            if (done.getDuplicate()) {
                out.writeBooleanField("duplicate", true);
            }
            out.writeEndObject();
        });
    }
}
