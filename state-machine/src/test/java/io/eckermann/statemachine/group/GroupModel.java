package io.eckermann.statemachine.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.v1.GroupSettings;
import io.eckermann.protocol.v1.LeaseResponse.Idle;
import io.eckermann.protocol.v1.Ordering;
import io.eckermann.protocol.v1.ParkedKey;
import io.eckermann.statemachine.log.v1.Grant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * A group as a map from position to what became of the event, walked over from end to end. It does not say which events a
 * lease gets: it says which ones it may get, and that it gets some when there are any.
 */
final class GroupModel {
    enum Status {
        OPEN,
        LEASED,
        DONE,
        PARKED
    }

    static final class Slot {
        final String key;
        Status status = Status.OPEN;
        int attempts;
        long token;
        long notBeforeNs;

        Slot(String key) {
            this.key = key;
        }
    }

    private static final class Lease {
        final String member;
        final List<Long> positions;
        long untilNs;

        Lease(String member, List<Long> positions, long untilNs) {
            this.member = member;
            this.positions = positions;
            this.untilNs = untilNs;
        }
    }

    private final GroupSettings settings;
    final TreeMap<Long, Slot> slots = new TreeMap<>();
    private final Map<Long, Lease> leases = new HashMap<>();
    long first = 1;
    long nowNs;
    boolean paused;

    GroupModel(GroupSettings settings) {
        this.settings = settings;
    }

    boolean isByKey() {
        return settings.getOrdering() == Ordering.BY_KEY;
    }

    boolean holds() {
        return isByKey() && settings.getParkedKey() == ParkedKey.HOLDS;
    }

    private boolean isKeyed(Slot slot) {
        return isByKey() && !slot.key.isEmpty();
    }

    Slot slot(long position) {
        return Objects.requireNonNull(slots.get(position));
    }

    long head() {
        return slots.isEmpty() ? 0 : slots.lastKey();
    }

    void append(String key) {
        slots.put(head() + 1, new Slot(key));
    }

    void at(long timeNs) {
        nowNs = Math.max(nowNs, timeNs);
        new TreeMap<>(leases).forEach((token, lease) -> {
            if (lease.untilNs <= nowNs) {
                giveBack(token, held(token), true, false, 0);
                leases.remove(token);
            }
        });
    }

    List<Long> held(long token) {
        Lease lease = leases.get(token);
        List<Long> held = new ArrayList<>();
        if (lease != null) {
            for (long position : lease.positions) {
                Slot slot = slot(position);
                if (slot.status == Status.LEASED && slot.token == token) {
                    held.add(position);
                }
            }
        }
        return held;
    }

    long leased() {
        return slots.values().stream()
                .filter(slot -> slot.status == Status.LEASED)
                .count();
    }

    void granted(String member, int max, long visibilityNs, Grant grant, boolean knowsAll) {
        if (grant.getToken() == 0) {
            if (knowsAll) {
                nothingToGrant(grant.getIdle());
            }
            return;
        }
        assertThat(paused).isFalse();
        assertThat(leases).doesNotContainKey(grant.getToken());
        assertThat(grant.getPositionsCount()).isBetween(1, max);
        assertThat(grant.getPositionsList()).isSorted().doesNotHaveDuplicates();
        assertThat(grant.getUntilNs()).isEqualTo(nowNs + visibilityNs);
        if (settings.getExclusive()) {
            leases.forEach((token, lease) -> assertThat(held(token).isEmpty() || lease.member.equals(member))
                    .isTrue());
        }
        for (int i = 0; i < grant.getPositionsCount(); i++) {
            long position = grant.getPositions(i);
            Slot slot = slot(position);
            assertThat(slot.status).isEqualTo(Status.OPEN);
            assertThat(slot.notBeforeNs).isLessThanOrEqualTo(nowNs);
            assertThat(position).isGreaterThanOrEqualTo(first);
            if (isKeyed(slot)) {
                assertThat(blockers(position, new HashSet<>(grant.getPositionsList()), true))
                        .isEmpty();
            } else {
                assertThat(grant.getAttempts(i)).isEqualTo(slot.attempts + 1);
            }
        }
        for (int i = 0; i < grant.getPositionsCount(); i++) {
            Slot slot = slot(grant.getPositions(i));
            slot.status = Status.LEASED;
            slot.token = grant.getToken();
            slot.attempts = grant.getAttempts(i);
        }
        leases.put(grant.getToken(), new Lease(member, grant.getPositionsList(), grant.getUntilNs()));
        assertThat(leased()).isLessThanOrEqualTo(settings.getInFlightMax());
    }

    /** Earlier events of the key that are in the way. */
    private List<Long> blockers(long position, Set<Long> granted, boolean removedDoNotCount) {
        List<Long> blockers = new ArrayList<>();
        slots.headMap(position, false).forEach((before, slot) -> {
            boolean isDone = slot.status == Status.DONE
                    || granted.contains(before)
                    || (slot.status == Status.PARKED && !holds())
                    || (removedDoNotCount && before < first && slot.status != Status.LEASED);
            if (slot.key.equals(slot(position).key) && !isDone) {
                blockers.add(before);
            }
        });
        return blockers;
    }

    private void nothingToGrant(Idle idle) {
        switch (idle) {
            case PAUSED -> assertThat(paused).isTrue();
            case IN_FLIGHT_FULL -> assertThat(leased()).isEqualTo(settings.getInFlightMax());
            case WINDOW_FULL -> assertThat(head() - floor()).isGreaterThan(settings.getWindow());
            case HELD_BY_ANOTHER -> assertThat(settings.getExclusive()).isTrue();
            case NOTHING_NEW ->
                slots.forEach((position, slot) -> {
                    boolean isAvailable = slot.status == Status.OPEN && slot.notBeforeNs <= nowNs && position >= first;
                    if (isAvailable) {
                        assertThat(isKeyed(slot)
                                        && !blockers(position, Set.of(), false).isEmpty())
                                .as("event %d is left", position)
                                .isTrue();
                    }
                });
            default -> throw new AssertionError(idle);
        }
    }

    /** All up to here are done with, or set aside; what was removed may still be leased. */
    private long floor() {
        long floor = 0;
        while (slots.containsKey(floor + 1) && isDone(floor + 1)) {
            floor++;
        }
        return floor;
    }

    private boolean isDone(long position) {
        Status status = slot(position).status;
        return status == Status.DONE || status == Status.PARKED || isBehindParked(position);
    }

    /** How many events before a position are neither acked nor parked. */
    long open(long before, boolean withThoseBehindParked) {
        return slots.headMap(before).entrySet().stream()
                .filter(slot -> slot.getValue().status == Status.OPEN || slot.getValue().status == Status.LEASED)
                .filter(slot -> withThoseBehindParked || !isBehindParked(slot.getKey()))
                .count();
    }

    boolean isSettled(long position) {
        return isDone(position) || position < first;
    }

    /** Whether it may be parked by now because its key is held. */
    boolean isBehindParked(long position) {
        Slot slot = slot(position);
        return holds()
                && !slot.key.isEmpty()
                && slot.status == Status.OPEN
                && slots.headMap(position, false).values().stream()
                        .anyMatch(before -> before.key.equals(slot.key) && before.status == Status.PARKED);
    }

    boolean holdsLease(long token, long position) {
        return held(token).contains(position);
    }

    boolean isValid(long token) {
        return leases.containsKey(token) && !held(token).isEmpty();
    }

    void ack(List<Long> positions) {
        positions.forEach(position -> slot(position).status = Status.DONE);
    }

    void giveBack(long token, List<Long> positions, boolean counts, boolean parks, long delayNs) {
        Map<String, Long> firstOfKey = new TreeMap<>();
        for (long position : positions) {
            Slot slot = slot(position);
            boolean isFirst = !isKeyed(slot) || firstOfKey.putIfAbsent(slot.key, position) == null;
            if (isFirst || parks) {
                slot.status = Status.OPEN;
                slot.notBeforeNs = delayNs == 0 ? 0 : nowNs + delayNs;
                if (parks || (counts && slot.attempts >= settings.getAttemptsMax())) {
                    slot.status = Status.PARKED;
                } else if (!counts) {
                    slot.attempts--;
                }
            }
        }
        for (long position : held(token)) {
            Slot slot = slot(position);
            if (isKeyed(slot) && position > firstOfKey.getOrDefault(slot.key, Long.MAX_VALUE)) {
                slot.status = Status.OPEN;
                slot.notBeforeNs = 0;
                slot.attempts--;
            }
        }
    }

    void extended(long token, long untilNs) {
        Objects.requireNonNull(leases.get(token)).untilNs = untilNs;
    }

    void replayed(long position) {
        Slot slot = slot(position);
        slot.status = Status.OPEN;
        slot.attempts = 0;
        slot.notBeforeNs = 0;
    }

    void seek(long to) {
        leases.clear();
        slots.forEach((position, slot) -> {
            slot.status = position < to ? Status.DONE : Status.OPEN;
            slot.attempts = 0;
            slot.notBeforeNs = 0;
        });
    }
}
