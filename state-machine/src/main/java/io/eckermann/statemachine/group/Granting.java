package io.eckermann.statemachine.group;

import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.LeaseResponse.Idle;
import io.eckermann.statemachine.log.v1.Grant;
import io.eckermann.statemachine.log.v1.LeaseWish;
import io.eckermann.statemachine.store.v1.GroupEventRow;
import io.eckermann.statemachine.store.v1.GroupEventRow.Status;
import io.eckermann.statemachine.store.v1.GroupKeyRow;
import io.eckermann.statemachine.store.v1.LeaseRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Leases events to one member: first what is to be leased again, then new ones. Apply thread; used once. */
final class Granting {
    private static final long NONE = Long.MAX_VALUE;
    /** Of a topic's removed events so many are let go of by one lease, so that none takes long to apply. */
    private static final int REMOVED_AT_ONCE_MAX = 10_000;

    private final GroupWork work;
    private final KeyOrder order;
    private final Parking parking;
    private final AheadEvents ahead;
    private final LeaseWish wish;
    private final long token;

    /** Attempts of what was granted, by position. */
    private final Map<Long, Integer> granted = new TreeMap<>();
    /** Keys of which all active events are granted here. */
    private final Set<String> keysHere = new HashSet<>();

    private int budget;

    Granting(GroupWork work, KeyOrder order, Parking parking, AheadEvents ahead, LeaseWish wish) {
        this.work = work;
        this.order = order;
        this.parking = parking;
        this.ahead = ahead;
        this.wish = wish;
        this.token = work.state.getLastToken() + 1;
    }

    Grant grant() {
        int free = work.settings().getInFlightMax() - work.state.getLeased();
        budget = Math.min(Math.min(wish.getMax(), Limits.LEASE_EVENTS_MAX), free);
        Idle idle = refusal();
        if (idle == null) {
            takeReady();
            idle = takeNew();
        }
        return granted.isEmpty() ? Grant.newBuilder().setIdle(idle).build() : lease();
    }

    private @Nullable Idle refusal() {
        if (work.state.getPaused()) {
            return Idle.PAUSED;
        }
        boolean ofAnother =
                !work.state.getOwner().isEmpty() && !work.state.getOwner().equals(wish.getMember());
        if (work.settings().getExclusive() && ofAnother && work.state.getOwnerUntilNs() > work.nowNs) {
            return Idle.HELD_BY_ANOTHER;
        }
        return budget < 1 ? Idle.IN_FLIGHT_FULL : null;
    }

    private void takeReady() {
        int removed = 0;
        while (budget > 0 && work.state.getReady() > 0) {
            NavigableSet<Long> found = new TreeSet<>(work.ready(budget));
            if (found.isEmpty()) {
                work.state.setReady(0);
            }
            // Among them may come what is ready in the place of one that is gone.
            long last = found.isEmpty() ? 0 : found.last();
            while (budget > 0 && !found.isEmpty()) {
                if (removed == REMOVED_AT_ONCE_MAX) {
                    return;
                }
                long position = Objects.requireNonNull(found.pollFirst());
                work.removeReady(position);
                long next = takeReady(position, Objects.requireNonNull(work.event(position)));
                removed += position < work.first ? 1 : 0;
                if (next <= last) {
                    found.add(next);
                }
            }
        }
    }

    /** Returns the event that is ready in its place, when it was removed from the topic. */
    private long takeReady(long position, GroupEventRow event) {
        if (position < work.first) {
            work.removeEvent(position);
            long next = event.getKey().isEmpty() ? 0 : order.settle(event.getKey());
            return next == 0 ? NONE : next;
        }
        take(position, event.toBuilder(), false);
        if (!event.getKey().isEmpty()) {
            keysHere.add(event.getKey());
            takeFollowers(event.getKey());
        }
        return NONE;
    }

    /** What waits behind an event that was taken goes to the same member. */
    private void takeFollowers(String key) {
        while (budget > 0) {
            long position = order.nextWaiting(key);
            if (position == 0) {
                return;
            }
            GroupEventRow event = order.takeWaiting(key, position);
            if (position < work.first) {
                work.removeEvent(position);
                order.settle(key);
            } else {
                take(position, event.toBuilder(), false);
            }
        }
    }

    /** Returns why it ended. */
    private Idle takeNew() {
        if (work.state.getParked() >= Limits.GROUP_PARKED_MAX) {
            return Idle.PARKED_FULL;
        }
        work.state.setNext(Math.max(work.state.getNext(), work.first));
        while (budget > 0) {
            long position = ahead.next(work.state.getNext());
            if (position == 0) {
                work.state.setNext(ahead.behind(work.state.getNext()));
                return Idle.NOTHING_NEW;
            }
            if (isBeyondWindow(position)) {
                return Idle.WINDOW_FULL;
            }
            work.state.setNext(position + 1);
            lookAt(position, ahead.key());
        }
        return Idle.NOTHING_NEW;
    }

    private boolean isBeyondWindow(long position) {
        if (position - work.state.getFloor() > work.settings().getWindow()) {
            // What was found removed just now may have opened it.
            parking.raiseFloor();
        }
        return position - work.state.getFloor() > work.settings().getWindow();
    }

    private void lookAt(long position, String key) {
        GroupEventRow.Builder event = GroupEventRow.newBuilder().setKey(key);
        if (key.isEmpty()) {
            take(position, event, true);
            return;
        }
        GroupKeyRow row = work.key(key);
        boolean isFree = row.getActive() == 0 && row.getWaiting() == 0;
        boolean isHere = row.getWaiting() == 0 && keysHere.contains(key);
        if (order.isHeld(key, position)) {
            parking.park(position, 0, key, Parking.BEHIND);
        } else if (isFree || isHere) {
            keysHere.add(key);
            order.activate(key);
            take(position, event, true);
        } else {
            order.wait(key, position, event);
        }
    }

    private void take(long position, GroupEventRow.Builder event, boolean fresh) {
        GroupEventRow leased = event.setStatus(Status.LEASED)
                .setAttempts(event.getAttempts() + 1)
                .setToken(token)
                .clearDueNs()
                .build();
        if (fresh) {
            work.putFresh(position, leased);
        } else {
            work.put(position, leased);
        }
        granted.put(position, leased.getAttempts());
        work.state.setLeased(work.state.getLeased() + 1);
        budget--;
    }

    private Grant lease() {
        long untilNs = work.nowNs + wish.getVisibilityNs();
        List<Long> steps = new ArrayList<>(granted.size());
        long first = 0;
        long last = 0;
        for (long position : granted.keySet()) {
            if (first == 0) {
                first = position;
            } else {
                steps.add(position - last);
            }
            last = position;
        }
        work.putLease(
                token,
                LeaseRow.newBuilder()
                        .setMember(wish.getMember())
                        .setUntilNs(untilNs)
                        .setFirst(first)
                        .addAllSteps(steps)
                        .setHeld(granted.size())
                        .build());
        work.leaseEnds(untilNs, token);
        work.state.setLastToken(token);
        if (work.settings().getExclusive()) {
            own(untilNs);
        }
        return Grant.newBuilder()
                .setToken(token)
                .setUntilNs(untilNs)
                .addAllPositions(granted.keySet())
                .addAllAttempts(granted.values())
                .build();
    }

    /** Until the last of the member's leases has ended, which need not be the newest. */
    private void own(long untilNs) {
        boolean isOwner = work.state.getOwner().equals(wish.getMember());
        work.state
                .setOwner(wish.getMember())
                .setOwnerUntilNs(isOwner ? Math.max(work.state.getOwnerUntilNs(), untilNs) : untilNs);
    }
}
