package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.AccessKey;
import io.eckermann.protocol.v1.CreateKeyRequest;
import io.eckermann.protocol.v1.CreateKeyResponse;
import io.eckermann.protocol.v1.Grant;
import io.eckermann.protocol.v1.Quota;
import io.eckermann.protocol.v1.Rules;
import io.eckermann.protocol.v1.SetQuotaRequest;
import io.eckermann.protocol.v1.SetRulesRequest;
import io.eckermann.protocol.v1.Verb;
import io.eckermann.protocol.v1.WhoAmIResponse;
import java.io.IOException;
import java.util.List;

/** Keys, rules and quotas. */
public final class AccessJson {
    private static final List<String> KEY = List.of("principal", "note", "expires_time");
    private static final List<String> RULES = List.of("allow", "roles");
    private static final List<String> GRANT = List.of("verbs", "topics", "consumers");
    private static final List<String> QUOTA = List.of(
            "events_per_second",
            "bytes_per_second",
            "requests",
            "stored_bytes",
            "read_bytes_per_second",
            "connections");
    private static final List<String> COUNTS = List.of("requests", "connections");
    private static final List<String> VERBS = List.of("read", "append", "cursor", "admin");

    private AccessJson() {}

    /** Reads what a key is to be. */
    public static CreateKeyRequest key(ByteString body) {
        CreateKeyRequest.Builder key = CreateKeyRequest.newBuilder();
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            JsonFields.object(in, "", KEY, (name, value) -> {
                switch (name) {
                    case "principal" -> key.setPrincipal(JsonFields.text(value, name));
                    case "note" -> key.setNote(JsonFields.text(value, name));
                    default -> key.setExpiresNs(Times.moment(name, JsonFields.text(value, name)));
                }
            });
            return key.build();
        });
    }

    /** Reads what a subject may do. */
    public static SetRulesRequest rules(ByteString body) {
        SetRulesRequest.Builder rules = SetRulesRequest.newBuilder();
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            JsonFields.object(in, "", RULES, (name, value) -> {
                if (name.equals("allow")) {
                    ConditionsJson.list(value, name, at -> rules.addAllow(grant(value, at)));
                } else {
                    ConditionsJson.list(value, name, at -> rules.addRoles(JsonFields.text(value, at)));
                }
            });
            return rules.build();
        });
    }

    private static Grant grant(JsonParser in, String at) throws IOException {
        Grant.Builder grant = Grant.newBuilder();
        JsonFields.object(in, at + ".", GRANT, (name, value) -> {
            String field = at + "." + name;
            switch (name) {
                case "topics" -> grant.setTopics(JsonFields.text(value, field));
                case "consumers" -> grant.setConsumers(JsonFields.text(value, field));
                default ->
                    ConditionsJson.list(
                            value,
                            field,
                            verb -> grant.addVerbs(Verb.forNumber(JsonFields.choice(value, verb, VERBS))));
            }
        });
        return grant.build();
    }

    /** Reads how much a subject may do. */
    public static SetQuotaRequest quota(ByteString body) {
        Quota.Builder quota = Quota.newBuilder();
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            JsonFields.object(in, "", QUOTA, (name, value) -> {
                long number =
                        JsonFields.number(value, name, 0, COUNTS.contains(name) ? Integer.MAX_VALUE : Long.MAX_VALUE);
                switch (name) {
                    case "events_per_second" -> quota.setEventsPerSecond(number);
                    case "bytes_per_second" -> quota.setBytesPerSecond(number);
                    case "requests" -> quota.setRequests((int) number);
                    case "read_bytes_per_second" -> quota.setReadBytesPerSecond(number);
                    case "connections" -> quota.setConnections((int) number);
                    default -> quota.setStoredBytes(number);
                }
            });
            return SetQuotaRequest.newBuilder().setQuota(quota).build();
        });
    }

    /** A new key, with what is shown once. */
    public static byte[] made(CreateKeyResponse made) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            fields(out, made.getKey());
            out.writeStringField("key", made.getSecret());
            out.writeEndObject();
        });
    }

    public static byte[] keys(List<AccessKey> keys) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("keys");
            for (AccessKey key : keys) {
                out.writeStartObject();
                fields(out, key);
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private static void fields(JsonGenerator out, AccessKey key) throws IOException {
        out.writeStringField("id", key.getId());
        out.writeStringField("principal", key.getPrincipal());
        if (!key.getNote().isEmpty()) {
            out.writeStringField("note", key.getNote());
        }
        if (key.getCreatedNs() > 0) {
            out.writeStringField("created_time", Times.rfc3339(key.getCreatedNs()));
        }
        if (key.getExpiresNs() > 0) {
            out.writeStringField("expires_time", Times.rfc3339(key.getExpiresNs()));
        }
    }

    public static byte[] rules(List<Rules> all) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("rules");
            for (Rules rules : all) {
                out.writeStartObject();
                out.writeStringField("subject", rules.getSubject());
                allow(out, rules.getAllowList());
                texts(out, "roles", rules.getRolesList());
                if (rules.hasQuota()) {
                    quota(out, rules.getQuota());
                }
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    /** Who the caller is. */
    public static byte[] me(WhoAmIResponse me) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("principal", me.getPrincipal());
            texts(out, "roles", me.getRolesList());
            allow(out, me.getAllowList());
            out.writeEndObject();
        });
    }

    private static void allow(JsonGenerator out, List<Grant> grants) throws IOException {
        out.writeArrayFieldStart("allow");
        for (Grant grant : grants) {
            out.writeStartObject();
            texts(
                    out,
                    "verbs",
                    grant.getVerbsList().stream()
                            .map(verb -> VERBS.get(verb.getNumber()))
                            .toList());
            out.writeStringField("topics", grant.getTopics());
            if (!grant.getConsumers().isEmpty()) {
                out.writeStringField("consumers", grant.getConsumers());
            }
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void texts(JsonGenerator out, String name, List<String> texts) throws IOException {
        out.writeArrayFieldStart(name);
        for (String text : texts) {
            out.writeString(text);
        }
        out.writeEndArray();
    }

    private static void quota(JsonGenerator out, Quota quota) throws IOException {
        out.writeObjectFieldStart("quota");
        bound(out, "events_per_second", quota.getEventsPerSecond());
        bound(out, "bytes_per_second", quota.getBytesPerSecond());
        bound(out, "requests", quota.getRequests());
        bound(out, "stored_bytes", quota.getStoredBytes());
        bound(out, "read_bytes_per_second", quota.getReadBytesPerSecond());
        bound(out, "connections", quota.getConnections());
        out.writeEndObject();
    }

    private static void bound(JsonGenerator out, String name, long bound) throws IOException {
        if (bound > 0) {
            out.writeNumberField(name, bound);
        }
    }
}
