package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.eckermann.gateway.calls.Correlation;
import io.eckermann.gateway.calls.RequestId;
import io.eckermann.protocol.Conflict;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Outcome;
import io.eckermann.protocol.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** An error as RFC 9457 shows it; the facts beside it, and the id of the request it answers, are members of the same object. */
public final class ProblemJson {
    private static final Set<String> MEMBERS =
            Set.of("type", "title", "status", "detail", "instance", "code", "retryable", "sideEffects", RequestId.FACT);
    private static final Pattern WHOLE_NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,17}");
    /** Facts that are texts, also when they look like numbers. */
    private static final Set<String> TEXTS = Set.of(
            "topic",
            "consumer",
            "producer",
            "field",
            "value",
            "method",
            "path",
            "node",
            "leader",
            "id",
            "key",
            "idempotency_key");

    private ProblemJson() {}

    /** One object, without line breaks. */
    public static byte[] bytes(StoreException error, int status) {
        return JsonText.bytes(out -> write(out, error, status));
    }

    public static void write(JsonGenerator out, StoreException error, int status) throws IOException {
        ErrorCode code = error.code();
        out.writeStartObject();
        out.writeStringField("type", "urn:eckermann:problem:" + code.name());
        out.writeStringField("title", title(code));
        out.writeNumberField("status", status);
        out.writeStringField("detail", error.getMessage());
        out.writeStringField("code", code.name());
        out.writeBooleanField("retryable", code.retryable());
        out.writeStringField("sideEffects", code.outcome() == Outcome.UNKNOWN ? "unknown" : "none");
        for (Map.Entry<String, String> fact : error.facts().entrySet()) {
            if (fact.getKey().equals(Conflict.FACT)) {
                conflicts(out, Conflict.parse(fact.getValue()));
                continue;
            }
            fact(out, fact.getKey(), fact.getValue());
        }
        String requestId = Correlation.current().requestId();
        if (!requestId.isEmpty()) {
            out.writeStringField(RequestId.FACT, requestId);
        }
        out.writeEndObject();
    }

    private static void fact(JsonGenerator out, String name, String value) throws IOException {
        out.writeFieldName(MEMBERS.contains(name) ? "fact_" + name : name);
        boolean number = !TEXTS.contains(name)
                && !name.endsWith("_ns")
                && !name.endsWith("Ns")
                && WHOLE_NUMBER.matcher(value).matches();
        if (number) {
            out.writeNumber(Long.parseLong(value));
        } else {
            out.writeString(value);
        }
    }

    private static void conflicts(JsonGenerator out, List<Conflict> conflicts) throws IOException {
        out.writeArrayFieldStart(Conflict.FACT);
        for (Conflict conflict : conflicts) {
            out.writeStartObject();
            if (!conflict.topic().isEmpty()) {
                out.writeStringField("topic", conflict.topic());
            }
            out.writeNumberField("condition", conflict.condition());
            out.writeStringField("type", conflict.type());
            if (conflict.last() > 0) {
                out.writeNumberField("first", conflict.first());
                out.writeNumberField("last", conflict.last());
            }
            if (conflict.actual() >= 0) {
                out.writeNumberField("actual", conflict.actual());
            }
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static String title(ErrorCode code) {
        String words = code.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
