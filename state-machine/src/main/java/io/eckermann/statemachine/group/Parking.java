package io.eckermann.statemachine.group;

import io.eckermann.protocol.Limits;
import io.eckermann.statemachine.log.v1.ChangeParked;
import io.eckermann.statemachine.log.v1.ParkedChanged;
import io.eckermann.statemachine.store.v1.GroupEventRow;
import io.eckermann.statemachine.store.v1.GroupEventRow.Status;
import io.eckermann.statemachine.store.v1.GroupKeyRow;
import io.eckermann.statemachine.store.v1.ParkedRow;
import java.util.ArrayList;
import java.util.List;

/** Sets events aside, and takes them up again. Apply thread. */
final class Parking {
    static final String BEHIND = "An earlier event of its key is parked.";
    /** How many events that wait are parked at once because their key is held. */
    private static final int BEHIND_AT_ONCE_MAX = 1_000;

    private final GroupWork work;
    private final KeyOrder order;

    Parking(GroupWork work, KeyOrder order) {
        this.work = work;
        this.order = order;
    }

    /** Parks an event that has no row any more, or never had one. */
    void park(long position, int attempts, String key, String reason) {
        work.putParked(
                position,
                ParkedRow.newBuilder()
                        .setAttempts(attempts)
                        .setReason(reason)
                        .setParkedNs(work.nowNs)
                        .setKey(key)
                        .build());
    }

    /**
     * Moves the floor up to the first event that is not settled. One that waits behind a parked event of its key, which may
     * stay for long, is parked behind it so that it does not stop the group.
     */
    void raiseFloor() {
        for (int moved = 0; moved <= BEHIND_AT_ONCE_MAX; moved++) {
            long open = work.firstOpen();
            work.state.setFloor(open == 0 ? Math.max(work.state.getFloor(), work.state.getNext() - 1) : open - 1);
            GroupEventRow event = open == 0 || !work.parkedHolds() ? null : work.event(open);
            if (event == null || event.getStatus() != Status.WAITING || !order.isHeld(event.getKey(), open)) {
                return;
            }
            order.leaveWaiting(event.getKey(), open);
            work.removeEvent(open);
            park(open, event.getAttempts(), event.getKey(), BEHIND);
        }
    }

    /** Replays or drops parked events. */
    ParkedChanged change(ChangeParked asked) {
        ParkedChanged.Builder outcome = ParkedChanged.newBuilder();
        List<Long> positions = new ArrayList<>(asked.getPositionsList());
        if (positions.isEmpty()) {
            int max = Math.min(asked.getMax(), Limits.SETTLEMENTS_MAX);
            work.parkedFrom(0, position -> {
                positions.add(position);
                return positions.size() <= max;
            });
            if (positions.size() > max) {
                outcome.setNext(positions.remove(max));
            }
        }
        for (long position : positions) {
            change(position, asked.getReplay(), outcome);
        }
        return outcome.build();
    }

    private void change(long position, boolean replay, ParkedChanged.Builder outcome) {
        ParkedRow row = position < 1 ? null : work.parked(position);
        if (row == null) {
            outcome.addMissing(position);
            return;
        }
        if (replay && order.isHeld(row.getKey(), position)) {
            outcome.addHeld(position);
            return;
        }
        work.removeParked(position, row);
        outcome.setChanged(outcome.getChanged() + 1);
        if (replay && position >= work.first) {
            replay(position, row.getKey());
        } else if (!row.getKey().isEmpty()) {
            order.release(row.getKey());
        }
    }

    private void replay(long position, String key) {
        GroupEventRow.Builder event = GroupEventRow.newBuilder().setKey(key);
        if (key.isEmpty()) {
            work.makeReady(position, event);
            return;
        }
        GroupKeyRow row = work.key(key);
        if (row.getActive() > 0) {
            order.wait(key, position, event);
        } else {
            order.activate(key);
            work.makeReady(position, event);
        }
    }
}
