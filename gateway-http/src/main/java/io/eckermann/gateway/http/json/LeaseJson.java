package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.ExtendLeasesRequest;
import io.eckermann.protocol.v1.ExtendLeasesResponse;
import io.eckermann.protocol.v1.LeaseRequest;
import io.eckermann.protocol.v1.LeaseResponse;
import io.eckermann.protocol.v1.LeasedEvent;
import io.eckermann.protocol.v1.LostLease;
import io.eckermann.protocol.v1.SettleRequest;
import io.eckermann.protocol.v1.SettleResponse;
import io.eckermann.protocol.v1.Settlement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What members of groups say and get. */
public final class LeaseJson {
    private static final List<String> LEASE = List.of("member", "max", "wait", "visibility");
    private static final List<String> ACK = List.of("token", "positions");
    private static final List<String> NACK = List.of("token", "positions", "delay", "reason");
    private static final List<String> PARK = List.of("token", "positions", "reason");
    private static final List<String> EXTEND = List.of("token", "tokens", "visibility");

    private LeaseJson() {}

    /** Reads what is asked for; an empty body means all defaults. */
    public static LeaseRequest.Builder lease(ByteString body) {
        LeaseRequest.Builder lease = LeaseRequest.newBuilder();
        if (body.isEmpty()) {
            return lease;
        }
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            JsonFields.object(in, "", LEASE, (name, value) -> {
                switch (name) {
                    case "member" -> lease.setMember(JsonFields.text(value, name));
                    case "max" -> lease.setMax((int) JsonFields.number(value, name, 1, Limits.LEASE_EVENTS_MAX));
                    case "wait" -> lease.setWaitMs(Ages.millisOrZero(JsonFields.text(value, name), name));
                    default -> lease.setVisibilityMs(Ages.millis(JsonFields.text(value, name), name));
                }
            });
            return lease;
        });
    }

    /** Reads one settlement, or an array of them. */
    public static SettleRequest.Builder settle(ByteString body, Settlement.Action action) {
        SettleRequest.Builder settle = SettleRequest.newBuilder();
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            if (in.currentToken() == JsonToken.START_ARRAY) {
                ConditionsJson.list(in, "settlements", at -> settle.addSettlements(settlement(in, at + ".", action)));
            } else {
                settle.addSettlements(settlement(in, "", action));
            }
            return settle;
        });
    }

    private static Settlement settlement(JsonParser in, String at, Settlement.Action action) throws IOException {
        List<String> known = switch (action) {
            case NACK -> NACK;
            case PARK -> PARK;
            default -> ACK;
        };
        Settlement.Builder settlement = Settlement.newBuilder().setAction(action);
        JsonFields.object(in, at, known, (name, value) -> {
            String field = at + name;
            switch (name) {
                case "token" -> settlement.setToken(JsonFields.number(value, field, 1, Long.MAX_VALUE));
                case "delay" -> settlement.setDelayMs(Ages.millisOrZero(JsonFields.text(value, field), field));
                case "reason" -> settlement.setReason(JsonFields.text(value, field));
                default -> {
                    List<Long> positions = positions(value, field);
                    if (positions.isEmpty()) {
                        throw JsonFields.wrong(field, "is empty: leave it out to mean all of the lease");
                    }
                    settlement.addAllPositions(positions);
                }
            }
        });
        if (settlement.getToken() == 0) {
            throw JsonFields.wrong(at + "token", "is missing: it came with the lease");
        }
        return settlement.build();
    }

    private static List<Long> positions(JsonParser in, String field) throws IOException {
        List<Long> positions = new ArrayList<>();
        ConditionsJson.list(in, field, at -> positions.add(JsonFields.number(in, at, 1, Long.MAX_VALUE)));
        return positions;
    }

    /** Reads which leases go on, and for how long. */
    public static ExtendLeasesRequest.Builder extend(ByteString body) {
        ExtendLeasesRequest.Builder extend = ExtendLeasesRequest.newBuilder();
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            JsonFields.object(in, "", EXTEND, (name, value) -> {
                switch (name) {
                    case "token" -> extend.addTokens(JsonFields.number(value, name, 1, Long.MAX_VALUE));
                    case "tokens" -> extend.addAllTokens(positions(value, name));
                    default -> extend.setVisibilityMs(Ages.millis(JsonFields.text(value, name), name));
                }
            });
            return extend;
        });
    }

    public static byte[] leased(LeaseResponse leased) {
        JsonBytes out = new JsonBytes().raw("{\"events\":[");
        for (int i = 0; i < leased.getEventsCount(); i++) {
            LeasedEvent event = leased.getEvents(i);
            if (i > 0) {
                out.raw(',');
            }
            EventJson.write(out, event.getEvent());
            out.shorten(out.length() - 1);
            out.raw(",\"attempts\":").number(event.getAttempts()).raw('}');
        }
        out.raw(']');
        if (leased.getToken() > 0) {
            out.raw(",\"token\":").number(leased.getToken());
            out.raw(",\"until_time\":").time(leased.getUntilNs());
            out.raw(",\"until_ns\":\"").number(leased.getUntilNs()).raw('"');
        } else {
            out.raw(",\"idle\":").text(leased.getIdle().name().toLowerCase(Locale.ROOT));
        }
        return out.raw('}').toByteArray();
    }

    public static byte[] settled(SettleResponse settled) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeNumberField("settled", settled.getSettled());
            out.writeArrayFieldStart("lost");
            for (LostLease lost : settled.getLostList()) {
                out.writeStartObject();
                out.writeNumberField("token", lost.getToken());
                numbers(out, "positions", lost.getPositionsList());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    public static byte[] extended(ExtendLeasesResponse extended) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("until_time", Times.rfc3339(extended.getUntilNs()));
            out.writeStringField("until_ns", Long.toString(extended.getUntilNs()));
            numbers(out, "lost", extended.getLostList());
            out.writeEndObject();
        });
    }

    static void numbers(JsonGenerator out, String name, List<Long> numbers) throws IOException {
        out.writeArrayFieldStart(name);
        for (long number : numbers) {
            out.writeNumber(number);
        }
        out.writeEndArray();
    }
}
