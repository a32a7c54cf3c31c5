package io.eckermann.raftlog.simulation;

import io.eckermann.protocol.v1.Ordering;
import io.eckermann.protocol.v1.Settlement;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.log.v1.ExtendLeases;
import io.eckermann.statemachine.log.v1.Extended;
import io.eckermann.statemachine.log.v1.Grant;
import io.eckermann.statemachine.log.v1.GroupChange;
import io.eckermann.statemachine.log.v1.GroupOutcome;
import io.eckermann.statemachine.log.v1.LeaseEvents;
import io.eckermann.statemachine.log.v1.SettleLeases;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** What members of the only group hold, event by event; made of outcomes, so that what must never be shows at once. */
final class LeaseModel {
    private static final class Event {
        long token;
        boolean settled;
        int attempts;
    }

    private final Map<Long, Event> events = new TreeMap<>();
    /** As far as members have told of them; empty ones stand for themselves. */
    private final Map<Long, String> keys = new HashMap<>();
    /** When each lease ends. */
    private final Map<Long, Long> untilNs = new HashMap<>();

    private long head;
    private long topicId;
    private int attemptsMax = Integer.MAX_VALUE;
    private boolean byKey;
    private long nowNs;
    private int granted;
    private int lapsed;

    int granted() {
        return granted;
    }

    /** How many events went to another member because their lease had ended. */
    int lapsed() {
        return lapsed;
    }

    void appended(long toTopic, Result.Appended appended) {
        if (toTopic == topicId) {
            head = Math.max(head, appended.head());
        }
    }

    void changed(GroupChange change, GroupOutcome outcome, long timeNs) {
        nowNs = Math.max(nowNs, timeNs);
        switch (change.getKindCase()) {
            case CREATE -> {
                topicId = change.getTopicId();
                attemptsMax = change.getCreate().getSettings().getAttemptsMax();
                byKey = change.getCreate().getSettings().getOrdering() == Ordering.BY_KEY;
            }
            case LEASE -> leased(change.getLease(), outcome.getLeased().getGrantsList());
            case SETTLE -> settled(change.getSettle(), outcome.getSettled().getSettled());
            case EXTEND -> extended(change.getExtend(), outcome.getExtended());
            default -> throw new AssertionError("nobody does this here: " + change);
        }
    }

    private boolean isValid(long token) {
        return untilNs.getOrDefault(token, 0L) > nowNs;
    }

    private void leased(LeaseEvents asked, List<Grant> grants) {
        for (int i = 0; i < asked.getAhead().getKeysCount(); i++) {
            keys.put(i + 1L, asked.getAhead().getKeys(i));
        }
        for (int i = 0; i < grants.size(); i++) {
            Grant grant = grants.get(i);
            if (grant.getToken() == 0) {
                continue;
            }
            Violation.unless(!untilNs.containsKey(grant.getToken()), "token %d was given twice", grant.getToken());
            Violation.unless(
                    grant.getPositionsCount() <= asked.getWishes(i).getMax(), "more was granted than asked: %s", grant);
            for (int j = 0; j < grant.getPositionsCount(); j++) {
                take(grant.getPositions(j), grant.getAttempts(j), grant.getToken());
            }
            untilNs.put(grant.getToken(), grant.getUntilNs());
        }
    }

    private void take(long position, int attempts, long token) {
        Event event = events.computeIfAbsent(position, any -> new Event());
        Violation.unless(!event.settled, "event %d was leased again after it was settled", position);
        Violation.unless(
                event.token == 0 || !isValid(event.token),
                "event %d was leased under %d while it is leased under %d",
                position,
                token,
                event.token);
        Violation.unless(attempts <= attemptsMax, "event %d was leased %d times", position, attempts);
        Violation.unless(attempts <= event.attempts + 1, "event %d skips attempts: %d", position, attempts);
        lapsed += event.token == 0 ? 0 : 1;
        event.token = token;
        event.attempts = attempts;
        granted++;
    }

    private void settled(SettleLeases asked, int count) {
        int expected = 0;
        for (Settlement settlement : asked.getSettlementsList()) {
            List<Long> held = held(settlement);
            expected += held.size();
            boolean acks = settlement.getAction() == Settlement.Action.ACK;
            for (long position : held) {
                Event event = event(position);
                event.token = 0;
                event.settled = acks;
                if (!acks) {
                    giveBackFollowers(position, settlement.getToken());
                }
            }
        }
        Violation.unless(count == expected, "%d events were settled, not %d: %s", count, expected, asked);
    }

    private Event event(long position) {
        return Objects.requireNonNull(events.get(position));
    }

    /** With an event its lease gives back those behind it of the same key, where the group keeps their order. */
    private void giveBackFollowers(long position, long token) {
        String key = keys.getOrDefault(position, "");
        if (byKey && !key.isEmpty()) {
            events.forEach((other, event) -> {
                if (other > position && event.token == token && key.equals(keys.get(other))) {
                    event.token = 0;
                }
            });
        }
    }

    private List<Long> held(Settlement settlement) {
        List<Long> held = new ArrayList<>();
        events.forEach((position, event) -> {
            boolean isNamed = settlement.getPositionsCount() == 0
                    || settlement.getPositionsList().contains(position);
            if (isNamed && event.token == settlement.getToken() && isValid(event.token)) {
                held.add(position);
            }
        });
        return held;
    }

    private void extended(ExtendLeases asked, Extended extended) {
        for (long token : asked.getTokensList()) {
            boolean isLost = extended.getLostList().contains(token);
            boolean isHeld = isValid(token) && events.values().stream().anyMatch(event -> event.token == token);
            Violation.unless(isLost != isHeld, "lease %d, held: %s, extended: %s", token, isHeld, !isLost);
            if (!isLost) {
                untilNs.put(token, extended.getUntilNs());
            }
        }
    }

    /**
     * At the end, when members have taken all they could get: every event is acked, or parked, or behind a parked one of its
     * key; and no event was leased that is not there.
     */
    void check(Set<Long> parked) {
        events.keySet().forEach(position -> Violation.unless(position <= head, "event %d is not there", position));
        Set<String> held = new HashSet<>();
        for (long position = 1; position <= head; position++) {
            Event event = events.get(position);
            String key = keys.getOrDefault(position, "");
            boolean isSettled = event != null && event.settled;
            boolean isParked = parked.contains(position);
            Violation.unless(!isSettled || !isParked, "event %d is acked and parked", position);
            Violation.unless(
                    isSettled || isParked || (byKey && held.contains(key)),
                    "event %d with key '%s' was forgotten",
                    position,
                    key);
            if (isParked && !key.isEmpty()) {
                held.add(key);
            }
        }
    }
}
