package io.eckermann.statemachine.group;

import io.eckermann.protocol.v1.LostLease;
import io.eckermann.protocol.v1.Settlement;
import io.eckermann.statemachine.group.Returning.Manner;
import io.eckermann.statemachine.log.v1.ExtendLeases;
import io.eckermann.statemachine.log.v1.Extended;
import io.eckermann.statemachine.log.v1.Settled;
import io.eckermann.statemachine.store.v1.GroupEventRow;
import io.eckermann.statemachine.store.v1.GroupEventRow.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/** What becomes of leases once they are granted. Apply thread. */
final class Leases {
    private static final long NANOS_PER_MILLI = 1_000_000;
    /** How many leases that ended, and delays, are looked at in one command; the rest follows with the next. */
    private static final int LAPSED_AT_ONCE_MAX = 100;

    private record Due(long ns, boolean ofLease, long number) {}

    private final GroupWork work;
    private final KeyOrder order;
    private final Returning returning;

    Leases(GroupWork work, KeyOrder order, Parking parking) {
        this.work = work;
        this.order = order;
        this.returning = new Returning(work, order, parking);
    }

    /** Takes back what was leased for a time that is over, and makes ready what was delayed until now. */
    void lapse() {
        if (work.state.getDueNs() == 0 || work.state.getDueNs() > work.nowNs) {
            return;
        }
        List<Due> due = new ArrayList<>();
        long[] nextNs = {0};
        work.due((ns, ofLease, number) -> {
            if (ns > work.nowNs || due.size() == LAPSED_AT_ONCE_MAX) {
                nextNs[0] = ns;
                return false;
            }
            due.add(new Due(ns, ofLease, number));
            return true;
        });
        work.state.setDueNs(nextNs[0]);
        for (Due each : due) {
            work.removeDue(each.ns(), each.number());
            if (each.ofLease()) {
                HeldLease lease = Objects.requireNonNull(HeldLease.find(work, each.number()));
                returning.takeBack(lease, lease.positions(), Manner.LAPSED);
                lease.save();
            } else {
                delayOver(each);
            }
        }
    }

    private void delayOver(Due due) {
        GroupEventRow event = work.event(due.number());
        if (event != null && event.getStatus() == Status.DELAYED && event.getDueNs() == due.ns()) {
            work.state.setDelayed(work.state.getDelayed() - 1);
            work.makeReady(due.number(), event.toBuilder());
        }
    }

    Settled settle(List<Settlement> settlements) {
        Settled.Builder outcome = Settled.newBuilder();
        for (Settlement settlement : settlements) {
            settle(settlement, outcome);
        }
        return outcome.build();
    }

    private void settle(Settlement settlement, Settled.Builder outcome) {
        LostLease.Builder lost = LostLease.newBuilder().setToken(settlement.getToken());
        HeldLease lease = HeldLease.findValid(work, settlement.getToken());
        if (lease == null) {
            outcome.addLost(lost.addAllPositions(settlement.getPositionsList()));
            return;
        }
        boolean all = settlement.getPositionsCount() == 0;
        NavigableMap<Long, GroupEventRow> held = new TreeMap<>();
        for (long position : all ? lease.positions() : settlement.getPositionsList()) {
            GroupEventRow event = lease.held(position);
            if (event != null) {
                held.put(position, event);
            } else if (!all) {
                lost.addPositions(position);
            }
        }
        if (settlement.getAction() == Settlement.Action.ACK) {
            held.forEach((position, event) -> ack(lease, position, event));
        } else {
            returning.takeBack(lease, held.keySet(), manner(settlement));
        }
        lease.save();
        boolean isReleased = settlement.getAction() == Settlement.Action.RELEASE && work.state.getLeased() == 0;
        if (isReleased && work.state.getOwner().equals(lease.member())) {
            work.state.clearOwner().clearOwnerUntilNs();
        }
        outcome.setSettled(outcome.getSettled() + held.size());
        if (lost.getPositionsCount() > 0) {
            outcome.addLost(lost);
        }
    }

    private static Manner manner(Settlement settlement) {
        return new Manner(
                settlement.getAction() == Settlement.Action.NACK,
                settlement.getAction() == Settlement.Action.PARK,
                settlement.getDelayMs() * NANOS_PER_MILLI,
                settlement.getReason());
    }

    private void ack(HeldLease lease, long position, GroupEventRow event) {
        lease.leave();
        work.removeEvent(position);
        if (!event.getKey().isEmpty()) {
            order.settle(event.getKey());
        }
    }

    Extended extend(ExtendLeases asked) {
        long untilNs = work.nowNs + asked.getVisibilityNs();
        Extended.Builder outcome = Extended.newBuilder().setUntilNs(untilNs);
        for (long token : asked.getTokensList()) {
            HeldLease lease = HeldLease.findValid(work, token);
            if (lease == null) {
                outcome.addLost(token);
                continue;
            }
            lease.extend(untilNs);
            if (lease.member().equals(work.state.getOwner())) {
                work.state.setOwnerUntilNs(Math.max(work.state.getOwnerUntilNs(), untilNs));
            }
        }
        return outcome.build();
    }
}
