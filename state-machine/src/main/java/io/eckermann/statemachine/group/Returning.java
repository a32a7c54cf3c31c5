package io.eckermann.statemachine.group;

import io.eckermann.statemachine.store.v1.GroupEventRow;
import io.eckermann.statemachine.store.v1.GroupEventRow.Status;
import io.eckermann.statemachine.store.v1.GroupKeyRow;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * Takes events back from a lease that are not acked. Of a key's events that are leased together only the first one that comes
 * back is to blame; those behind it wait for it, and their attempt does not count. Apply thread.
 */
final class Returning {
    /**
     * How events come back.
     *
     * @param counts whether the attempt counts: after as many as the settings allow the event is parked
     * @param parks whether it is parked at once
     */
    record Manner(boolean counts, boolean parks, long delayNs, String reason) {
        static final Manner LAPSED = new Manner(true, false, 0, "Its lease ended.");
    }

    private final GroupWork work;
    private final KeyOrder order;
    private final Parking parking;

    Returning(GroupWork work, KeyOrder order, Parking parking) {
        this.work = work;
        this.order = order;
        this.parking = parking;
    }

    /**
     * Takes back some of a lease's events.
     *
     * @param positions in rising order; of none is the row another than a leased one under the lease's token
     */
    void takeBack(HeldLease lease, Collection<Long> positions, Manner manner) {
        Map<String, Long> firstOfKey = new TreeMap<>();
        for (long position : positions) {
            GroupEventRow event = lease.held(position);
            if (event == null) {
                continue;
            }
            boolean isFirst = event.getKey().isEmpty() || firstOfKey.putIfAbsent(event.getKey(), position) == null;
            if (isFirst || manner.parks()) {
                takeBack(lease, position, event, manner);
            }
        }
        if (!firstOfKey.isEmpty()) {
            for (long position : lease.positions()) {
                GroupEventRow event = lease.held(position);
                Long first = event == null ? null : firstOfKey.get(event.getKey());
                if (event != null && first != null && position > first) {
                    lease.leave();
                    order.wait(event.getKey(), position, event.toBuilder().setAttempts(event.getAttempts() - 1));
                    order.settle(event.getKey());
                }
            }
            firstOfKey.keySet().forEach(order::release);
        }
    }

    private void takeBack(HeldLease lease, long position, GroupEventRow event, Manner manner) {
        lease.leave();
        int attempts = manner.counts() ? event.getAttempts() : event.getAttempts() - 1;
        GroupEventRow.Builder back = event.toBuilder().setAttempts(attempts).clearToken();
        if (manner.parks() || (manner.counts() && attempts >= work.settings().getAttemptsMax())) {
            work.removeEvent(position);
            parking.park(position, event.getAttempts(), event.getKey(), manner.reason());
            if (!event.getKey().isEmpty()) {
                // What waits behind it goes on only when all of the key that comes back has done so.
                GroupKeyRow key = work.key(event.getKey());
                work.putKey(
                        event.getKey(),
                        key.toBuilder().setActive(key.getActive() - 1).build());
            }
        } else if (manner.delayNs() > 0) {
            long dueNs = work.nowNs + manner.delayNs();
            work.put(position, back.setStatus(Status.DELAYED).setDueNs(dueNs).build());
            work.delayEnds(dueNs, position);
            work.state.setDelayed(work.state.getDelayed() + 1);
        } else {
            work.makeReady(position, back);
        }
    }
}
