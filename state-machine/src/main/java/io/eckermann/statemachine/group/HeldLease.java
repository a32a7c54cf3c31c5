package io.eckermann.statemachine.group;

import io.eckermann.statemachine.store.v1.GroupEventRow;
import io.eckermann.statemachine.store.v1.GroupEventRow.Status;
import io.eckermann.statemachine.store.v1.LeaseRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A lease while a command changes it; changed in its row by {@link #save}. Apply thread. */
final class HeldLease {
    private final GroupWork work;
    private final long token;
    private LeaseRow row;
    private int left;

    private HeldLease(GroupWork work, long token, LeaseRow row) {
        this.work = work;
        this.token = token;
        this.row = row;
    }

    /** The lease; null when there is none under the token. */
    static @Nullable HeldLease find(GroupWork work, long token) {
        LeaseRow row = work.lease(token);
        return row == null ? null : new HeldLease(work, token, row);
    }

    /** The lease, as long as it has not ended. */
    static @Nullable HeldLease findValid(GroupWork work, long token) {
        HeldLease lease = find(work, token);
        return lease == null || lease.row.getUntilNs() <= work.nowNs ? null : lease;
    }

    String member() {
        return row.getMember();
    }

    /** All that were leased, in rising order. */
    List<Long> positions() {
        List<Long> positions = new ArrayList<>(row.getStepsCount() + 1);
        long position = row.getFirst();
        positions.add(position);
        for (long step : row.getStepsList()) {
            position += step;
            positions.add(position);
        }
        return positions;
    }

    /** The event, as long as it is held under this lease. */
    @Nullable
    GroupEventRow held(long position) {
        GroupEventRow event = position < 1 ? null : work.event(position);
        boolean isHeld = event != null && event.getStatus() == Status.LEASED && event.getToken() == token;
        return isHeld ? event : null;
    }

    /** One of its events is held no more. */
    void leave() {
        left++;
        work.state.setLeased(work.state.getLeased() - 1);
    }

    void extend(long untilNs) {
        work.leaseDoesNotEnd(row.getUntilNs(), token);
        row = row.toBuilder().setUntilNs(untilNs).build();
        work.putLease(token, row);
        work.leaseEnds(untilNs, token);
    }

    /** Ends it when nothing is held any more. */
    void save() {
        if (row.getHeld() == left) {
            work.removeLease(token, row);
        } else if (left > 0) {
            work.putLease(token, row.toBuilder().setHeld(row.getHeld() - left).build());
        }
    }
}
