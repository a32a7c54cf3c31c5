package io.eckermann.gateway.groups;

import io.eckermann.gateway.QueryRules;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.GroupSettings;
import io.eckermann.protocol.v1.GroupStart;
import io.eckermann.protocol.v1.LeaseRequest;
import io.eckermann.protocol.v1.Ordering;
import io.eckermann.protocol.v1.ParkedKey;
import io.eckermann.protocol.v1.SettleRequest;
import io.eckermann.protocol.v1.Settlement;
import java.util.List;

/** What can be refused without looking at the group. Pure; everything refused is a StoreException naming the field. */
final class GroupRules {
    private static final long VISIBILITY_MS_USUAL = 30_000;
    private static final int ATTEMPTS_USUAL = 10;
    private static final int IN_FLIGHT_USUAL = 10_000;
    private static final long WINDOW_USUAL = 100_000;

    private GroupRules() {}

    /** The settings with nothing left to a default. */
    static GroupSettings complete(GroupSettings asked) {
        if (asked.getOrdering() == Ordering.UNRECOGNIZED || asked.getParkedKey() == ParkedKey.UNRECOGNIZED) {
            throw bad("settings", "There is no such ordering, or no such way with parked events.");
        }
        new QueryRules().check("query", asked.getQuery());
        GroupSettings.Builder settings = asked.toBuilder()
                .setVisibilityMs(visibilityMs(asked.getVisibilityMs(), VISIBILITY_MS_USUAL))
                .setAttemptsMax((int)
                        orUsual("attempts_max", asked.getAttemptsMax(), Limits.GROUP_ATTEMPTS_MAX, ATTEMPTS_USUAL))
                .setInFlightMax((int)
                        orUsual("in_flight_max", asked.getInFlightMax(), Limits.GROUP_IN_FLIGHT_MAX, IN_FLIGHT_USUAL))
                .setWindow(orUsual("window", asked.getWindow(), Limits.GROUP_WINDOW_MAX, WINDOW_USUAL));
        return settings.build();
    }

    /** @param usual what 0 stands for */
    static long visibilityMs(long asked, long usual) {
        return asked == 0 ? usual : between("visibility_ms", asked, Limits.VISIBILITY_MS_MIN, Limits.VISIBILITY_MS_MAX);
    }

    static long between(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw bad(field, "It is a whole number in its bounds.")
                    .with("min", min)
                    .with("max", max)
                    .with("given", value);
        }
        return value;
    }

    private static long orUsual(String field, long asked, long max, long usual) {
        return asked == 0 ? usual : between(field, asked, 1, max);
    }

    static void check(LeaseRequest request) {
        if (!request.getMember().isEmpty()) {
            Names.member(request.getMember());
        }
        between("max", request.getMax(), 0, Limits.LEASE_EVENTS_MAX);
        between("wait_ms", request.getWaitMs(), 0, Limits.LEASE_WAIT_MS_MAX);
        visibilityMs(request.getVisibilityMs(), 1);
    }

    static void check(SettleRequest request) {
        between("settlements", request.getSettlementsCount(), 1, Limits.SETTLEMENTS_MAX);
        long named = 0;
        for (int i = 0; i < request.getSettlementsCount(); i++) {
            Settlement settlement = request.getSettlements(i);
            String at = "settlements[" + i + "].";
            between(at + "token", settlement.getToken(), 1, Long.MAX_VALUE);
            between(at + "delay_ms", settlement.getDelayMs(), 0, Limits.VISIBILITY_MS_MAX);
            between(at + "reason", settlement.getReason().length(), 0, Limits.REASON_CHARS_MAX);
            if (settlement.getAction() == Settlement.Action.UNRECOGNIZED) {
                throw bad(at + "action", "There is no such action.");
            }
            if (settlement.getDelayMs() > 0 && settlement.getAction() != Settlement.Action.NACK) {
                throw bad(at + "delay_ms", "Only what is nacked can be delayed.");
            }
            positions(at + "positions", settlement.getPositionsList());
            named += settlement.getPositionsCount();
        }
        between("positions", named, 0, Limits.SETTLED_POSITIONS_MAX);
    }

    static void positions(String field, List<Long> positions) {
        for (long position : positions) {
            between(field, position, 1, Long.MAX_VALUE);
        }
    }

    static void check(GroupStart start) {
        if (start.hasPosition()) {
            between("start.position", start.getPosition(), 1, Long.MAX_VALUE);
        }
        if (start.hasLatest() && !start.getLatest()) {
            throw bad("start.latest", "It is true, or left out.");
        }
    }

    static StoreException bad(String field, String message) {
        return new StoreException(ErrorCode.BAD_REQUEST, message).with("field", field);
    }
}
